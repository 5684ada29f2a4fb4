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
      awaited("await-reduce", .message, door: "span", c: cbench_reduce) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try await at.world.reduce(values.span, into: &span, .sum, to: 0) }
      },
      awaited("await-gather", .gathered, door: "span", c: cbench_gather) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try await at.world.gather(values.span, into: &span, to: 0) }
      },
      awaited("await-all-gather", .gathered, door: "span", c: cbench_all_gather) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try await at.world.allGather(values.span, into: &span) }
      },
      awaited("await-all-to-all", .exchanged, door: "span", c: cbench_all_to_all) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try await at.world.allToAll(values.span, into: &span) }
      },
      awaited("await-scan", .message, door: "span", c: cbench_scan) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try await at.world.scan(values.span, into: &span, .sum) }
      },
      awaited("await-object-broadcast", .message, door: "", c: cbench_object_broadcast) { at, values, result, calls in
        let isRoot = at.world.isRoot
        for _ in 0..<calls {
          let record = try await at.world.broadcast(object: isRoot ? Record(values: values) : nil, from: 0)
          if !isRoot { result[0] = record.values[0] }
        }
      },
    ]
  }

  private static func awaited(
    _ name: String, _ shape: Shape, door: String = "array", ranks: RanksNeeded = .any, figure: Figure = .call,
    c: @escaping Benchmark<Element>.CCalls, body: @escaping Benchmark<Element>.AwaitedCalls
  ) -> Benchmark<Element> {
    Benchmark(name, door, shape, ranks: ranks, figure: figure, c: c, mayAllocate: true, body: .awaited(body))
  }
}
