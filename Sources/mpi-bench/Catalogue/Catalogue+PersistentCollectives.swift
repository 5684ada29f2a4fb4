import CMPIBench
import MPI

extension Catalogue {
  /// Collectives that are made once and started again and again.
  static var persistentCollectives: [Benchmark<Element>] {
    [
      Benchmark("persistent-barrier", "", .nothing, c: cbench_persistent_barrier, bound: bound(25)) { at, _, _, calls in
        var request = try at.world.makeBarrier()
        for _ in 0..<calls { try request.start().wait() }
      },
      Benchmark(
        "persistent-broadcast", "in-place", .message, c: cbench_persistent_broadcast, bound: bound(25)
      ) { at, _, result, calls in
        var request = try at.world.makeBroadcast(result.mutableSpan, from: 0)
        for _ in 0..<calls { try request.start().wait() }
      },
      Benchmark(
        "persistent-all-reduce", "in-place", .message, c: cbench_persistent_all_reduce_in_place, bound: bound(25)
      ) { at, _, result, calls in
        var request = try at.world.makeAllReduce(result.mutableSpan, .sum)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-scatter", .scattered, c: cbench_persistent_scatter) { at, values, result, calls in
        var request = try at.world.makeScatter(values.mutableSpan, into: result.mutableSpan, from: 0)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-gather", .gathered, c: cbench_persistent_gather) { at, values, result, calls in
        var request = try at.world.makeGather(values.mutableSpan, into: result.mutableSpan, to: 0)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-all-gather", .gathered, c: cbench_persistent_all_gather) { at, values, result, calls in
        var request = try at.world.makeAllGather(values.mutableSpan, into: result.mutableSpan)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-all-to-all", .exchanged, c: cbench_persistent_all_to_all) { at, values, result, calls in
        var request = try at.world.makeAllToAll(values.mutableSpan, into: result.mutableSpan)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-reduce", .message, c: cbench_persistent_reduce) { at, values, result, calls in
        var request = try at.world.makeReduce(values.mutableSpan, into: result.mutableSpan, .sum, to: 0)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-all-reduce", .message, c: cbench_persistent_all_reduce) { at, values, result, calls in
        var request = try at.world.makeAllReduce(values.mutableSpan, into: result.mutableSpan, .sum)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-reduce-scatter", .scattered, c: cbench_persistent_reduce_scatter) {
        at, values, result, calls in
        var request = try at.world.makeReduceScatter(values.mutableSpan, into: result.mutableSpan, .sum)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-scan", .message, c: cbench_persistent_scan) { at, values, result, calls in
        var request = try at.world.makeScan(values.mutableSpan, into: result.mutableSpan, .sum)
        for _ in 0..<calls { try request.start().wait() }
      },
      prepared("persistent-exclusive-scan", .message, c: cbench_persistent_exclusive_scan) {
        at, values, result, calls in
        var request = try at.world.makeExclusiveScan(values.mutableSpan, into: result.mutableSpan, .sum)
        for _ in 0..<calls { try request.start().wait() }
      },
    ]
  }

  /// Where this MPI has no persistent collectives that work, a round starts a nonblocking one, and nothing is promised.
  private static func bound(_ most: Int) -> Int? { cbench_has_persistent_collectives() ? most : nil }

  /// From span to span. The request has the values to itself, which it lends between rounds.
  private static func prepared(
    _ name: String, _ shape: Shape, c: @escaping Benchmark<Element>.CCalls,
    swift: @escaping (Setting, inout [Element], inout [Element], Int) throws -> Void
  ) -> Benchmark<Element> {
    Benchmark(name, "span", shape, c: c, bound: bound(25)) { at, values, result, calls in
      var given = values
      try swift(at, &given, &result, calls)
    }
  }
}
