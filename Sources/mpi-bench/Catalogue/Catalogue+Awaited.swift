import CMPIBench
import MPI

extension Catalogue {
  /// The async forms, beside the blocking calls in C.
  static var awaited: [Benchmark<Element>] {
    [
      awaited("await-latency", .message, ranks: .two, figure: .oneWay, c: cbench_latency) { at, values, result, calls in
        guard !at.isIdle else { return }
        for _ in 0..<calls {
          if at.isFirst { try await at.world.send(values, to: at.peer) }
          try await at.world.receive(into: &result, from: at.peer)
          if !at.isFirst { try await at.world.send(values, to: at.peer) }
        }
      },
      awaited("await-barrier", .nothing, c: cbench_barrier) { at, _, _, calls in
        for _ in 0..<calls { try await at.world.barrier() }
      },
      awaited("await-broadcast", .message, c: cbench_broadcast) { at, _, result, calls in
        for _ in 0..<calls { try await at.world.broadcast(&result, from: 0) }
      },
      awaited("await-all-reduce", .message, c: cbench_all_reduce_in_place) { at, _, result, calls in
        for _ in 0..<calls { try await at.world.allReduce(&result, .sum) }
      },
    ]
  }

  private static func awaited(
    _ name: String, _ shape: Shape, ranks: RanksNeeded = .any, figure: Figure = .call,
    c: @escaping Benchmark<Element>.CCalls, body: @escaping Benchmark<Element>.AwaitedCalls
  ) -> Benchmark<Element> {
    Benchmark(name, "array", shape, ranks: ranks, figure: figure, c: c, mayAllocate: true, body: .awaited(body))
  }
}
