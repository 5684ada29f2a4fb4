import CMPIBench
import MPI

extension Catalogue {
  /// Messages whose requests are made once and started again and again.
  static var persistent: [Benchmark<Element>] {
    [
      Benchmark(
        "persistent-latency", "span", .message, ranks: .two, figure: .oneWay, c: cbench_persistent_latency,
        swift: rounds),
      // Two rounds, each of which is a start and a wait.
      Benchmark(
        "persistent", "span", .message, ranks: .one, c: cbench_persistent_latency, bound: 40, swift: rounds),
    ]
  }

  private static func rounds(
    _ at: Setting, _ values: [Element], _ result: inout [Element], _ calls: Int
  ) throws {
    guard !at.isIdle else { return }
    // A persistent send lends its memory between rounds, and has it to itself.
    var given = values
    var sending = try at.world.makeSend(given.mutableSpan, to: at.peer)
    var receiving = try at.world.makeReceive(into: result.mutableSpan, from: at.peer)
    for _ in 0..<calls {
      let incoming = try receiving.start()
      if at.isFirst {
        try sending.start().wait()
        try incoming.wait()
      } else {
        try incoming.wait()
        try sending.start().wait()
      }
    }
  }
}
