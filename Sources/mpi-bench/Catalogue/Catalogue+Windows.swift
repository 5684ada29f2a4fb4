import CMPIBench
import MPI

extension Catalogue {
  /// Pairs of ranks, a window of messages at a time and one back.
  static var windows: [Benchmark<Element>] {
    [
      window("bandwidth", "requests", .bandwidth(directions: 1)),
      window("message-rate", "requests", .rate),
      Benchmark(
        "bandwidth", "blocking", .window, ranks: .two, figure: .bandwidth(directions: 1), c: cbench_blocking_bandwidth
      ) { at, values, result, calls in
        guard !at.isIdle else { return }
        for _ in 0..<calls {
          if at.isFirst {
            for _ in 0..<at.window { try at.world.send(values.span, to: at.peer) }
          } else {
            var all = result.mutableSpan
            var first = all.takeFirst(at.count)
            for _ in 0..<at.window { try at.world.receive(into: &first, from: at.peer) }
          }
          try answer(at, values[0], &result[0])
        }
      },
      Benchmark(
        "bidirectional-bandwidth", "requests", .window, ranks: .two, figure: .bandwidth(directions: 2),
        c: cbench_bidirectional_bandwidth
      ) { at, values, result, calls in
        guard !at.isIdle else { return }
        for _ in 0..<calls {
          try exchangeWindow(at, values, &result)
          try answer(at, values[0], &result[0])
        }
      },
    ]
  }

  private static func window(_ name: String, _ door: String, _ figure: Figure) -> Benchmark<Element> {
    Benchmark(name, door, .window, ranks: .two, figure: figure, c: cbench_bandwidth) { at, values, result, calls in
      guard !at.isIdle else { return }
      for _ in 0..<calls {
        if at.isFirst { try sendWindow(at, values) } else { try receiveWindow(at, &result) }
        try answer(at, values[0], &result[0])
      }
    }
  }

  private static func sendWindow(_ at: Setting, _ values: [Element]) throws {
    var group = RequestGroup()
    group.reserveCapacity(at.window)
    let (world, peer) = (at.world, at.peer)
    for _ in 0..<at.window { group.add(try world.startSend(values.span, to: peer)) }
    try group.waitAll()
  }

  private static func receiveWindow(_ at: Setting, _ result: inout [Element]) throws {
    var group = RequestGroup()
    group.reserveCapacity(at.window)
    let (world, peer) = (at.world, at.peer)
    var pieces = result.mutableSpan.chunks(of: at.count)
    for _ in 0..<at.window { group.add(try world.startReceive(into: pieces.next()!, from: peer)) }
    try group.waitAll()
  }

  static func exchangeWindow(_ at: Setting, _ values: [Element], _ result: inout [Element]) throws {
    var group = RequestGroup()
    group.reserveCapacity(2 * at.window)
    let (world, peer) = (at.world, at.peer)
    var pieces = result.mutableSpan.chunks(of: at.count)
    for _ in 0..<at.window { group.add(try world.startReceive(into: pieces.next()!, from: peer)) }
    for _ in 0..<at.window { group.add(try world.startSend(values.span, to: peer)) }
    try group.waitAll()
  }

  /// The message back, which says that a window has arrived.
  private static func answer(_ at: Setting, _ value: Element, _ result: inout Element) throws {
    if at.isFirst {
      result = try at.world.receive(Element.self, from: at.peer, tag: 1)
    } else {
      try at.world.send(value, to: at.peer, tag: 1)
    }
  }
}
