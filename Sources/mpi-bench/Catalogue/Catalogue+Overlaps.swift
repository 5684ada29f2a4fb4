import CMPIBench
import MPI

extension Catalogue {
  /// Collectives on their way while the rank computes for as long as they take.
  static var overlaps: [Benchmark<Element>] {
    [
      overlap("broadcast", .message, c: cbench_start_broadcast) { at, _, result, calls in
        for _ in 0..<calls {
          let request = try at.world.startBroadcast(&result, from: 0)
          at.compute()
          try request.wait()
        }
      },
      overlap("all-gather", .gathered, c: cbench_start_all_gather) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls {
          let request = try at.world.startAllGather(values.span, into: &span)
          at.compute()
          try request.wait()
        }
      },
      overlap("all-to-all", .exchanged, c: cbench_start_all_to_all) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls {
          let request = try at.world.startAllToAll(values.span, into: &span)
          at.compute()
          try request.wait()
        }
      },
      overlap("reduce", .message, c: cbench_start_reduce) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls {
          let request = try at.world.startReduce(values.span, into: &span, .sum, to: 0)
          at.compute()
          try request.wait()
        }
      },
      overlap("all-reduce", .message, c: cbench_start_all_reduce) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls {
          let request = try at.world.startAllReduce(values.span, into: &span, .sum)
          at.compute()
          try request.wait()
        }
      },
    ]
  }

  private static func overlap(
    _ door: String, _ shape: Shape, c: @escaping Benchmark<Element>.CCalls, swift: @escaping Benchmark<Element>.Calls
  ) -> Benchmark<Element> {
    Benchmark("overlap", door, shape, figure: .overlap, c: c, swift: swift)
  }
}

extension Setting {
  /// Computes for the time that is to be hidden.
  func compute() { if work > 0 { _ = cbench_compute(work) } }
}
