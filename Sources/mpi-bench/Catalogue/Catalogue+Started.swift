import CMPIBench
import MPI

extension Catalogue {
  /// Nonblocking collectives that move values: started and waited for.
  static var startedMoves: [Benchmark<Element>] {
    [
      Benchmark("start-barrier", "", .nothing, c: cbench_start_barrier, bound: 25) { at, _, _, calls in
        for _ in 0..<calls { try at.world.startBarrier().wait() }
      },
      Benchmark("start-broadcast", "in-place", .message, c: cbench_start_broadcast, bound: 28) { at, _, result, calls in
        result = try ArrayLoops.startBroadcast(at, result.taken(), calls)
      },
      Benchmark("start-broadcast", "span", .message, c: cbench_start_broadcast, bound: 25) { at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startBroadcast(&span, from: 0).wait() }
      },
      started("start-scatter", "span", .scattered, c: cbench_start_scatter) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startScatter(given, into: &span, from: 0).wait() }
      },
      started("start-scatter", "in-place", .gatheredInPlace, c: cbench_start_scatter_in_place, bound: 25) {
        at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startScatter(inPlace: &span, from: 0).wait() }
      },
      started("start-gather", "span", .gathered, c: cbench_start_gather, bound: 25) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startGather(given, into: &span, to: 0).wait() }
      },
      started("start-gather", "in-place", .gatheredInPlace, c: cbench_start_gather_in_place, bound: 25) {
        at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startGather(inPlace: &span, to: 0).wait() }
      },
      started("start-all-gather", "span", .gathered, c: cbench_start_all_gather) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllGather(given, into: &span).wait() }
      },
      started("start-all-gather", "in-place", .gathered, c: cbench_start_all_gather_in_place, bound: 25) {
        at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllGather(inPlace: &span).wait() }
      },
      started("start-all-to-all", "span", .exchanged, c: cbench_start_all_to_all, bound: 25) {
        at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllToAll(given, into: &span).wait() }
      },
      started("start-all-to-all", "in-place", .exchanged, c: cbench_start_all_to_all_in_place, bound: 25) {
        at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllToAll(inPlace: &span).wait() }
      },
    ]
  }

  /// Nonblocking collectives that combine.
  static var startedReductions: [Benchmark<Element>] {
    [
      started("start-reduce", "span", .message, c: cbench_start_reduce) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startReduce(given, into: &span, .sum, to: 0).wait() }
      },
      started("start-reduce", "in-place", .message, c: cbench_start_reduce_in_place) { at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startReduce(inPlace: &span, .sum, to: 0).wait() }
      },
      started("start-all-reduce", "span", .message, c: cbench_start_all_reduce) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllReduce(given, into: &span, .sum).wait() }
      },
      started("start-all-reduce", "in-place", .message, c: cbench_start_all_reduce_in_place, bound: 28) {
        at, _, result, calls in
        result = try ArrayLoops.startAllReduce(at, result.taken(), calls)
      },
      started("start-reduce-scatter", "span", .scattered, c: cbench_start_reduce_scatter) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startReduceScatter(given, into: &span, .sum).wait() }
      },
      started("start-scan", "span", .message, c: cbench_start_scan) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startScan(given, into: &span, .sum).wait() }
      },
      started("start-scan", "in-place", .message, c: cbench_start_scan_in_place) { at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startScan(&span, .sum).wait() }
      },
      started("start-exclusive-scan", "span", .message, c: cbench_start_exclusive_scan) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startExclusiveScan(given, into: &span, .sum).wait() }
      },
      started(
        "start-exclusive-scan", "in-place", .message, c: cbench_start_exclusive_scan_in_place
      ) { at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startExclusiveScan(&span, .sum).wait() }
      },
    ]
  }

  private static func started(
    _ name: String, _ door: String, _ shape: Shape, c: @escaping Benchmark<Element>.CCalls, bound: Int = 25,
    swift: @escaping Benchmark<Element>.Calls
  ) -> Benchmark<Element> {
    Benchmark(name, door, shape, c: c, bound: bound, swift: swift)
  }
}
