import CMPIBench
import MPI

extension Catalogue {
  /// Nonblocking collectives with blocks of given lengths, whose numbers a request keeps until it is
  /// complete: as one more owner of them.
  static var startedBlocks: [Benchmark<Element>] {
    [
      started("start-scatter", .scattered, c: cbench_start_scatter_blocks, bound: 25) { at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(values.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startScatter(given, blocks: blocks, into: &span, from: 0).wait() }
      },
      started("start-gather", .gathered, c: cbench_start_gather_blocks, bound: 25) { at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(result.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startGather(given, into: &span, blocks: blocks, to: 0).wait() }
      },
      started("start-all-gather", .gathered, c: cbench_start_all_gather_blocks, bound: 25) {
        at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(result.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllGather(given, into: &span, blocks: blocks).wait() }
      },
      started("start-all-to-all", .exchanged, c: cbench_start_all_to_all_blocks, bound: 25) {
        at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(values.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startAllToAll(given, blocks, into: &span, blocks).wait() }
      },
      started("start-reduce-scatter", .scattered, c: cbench_start_reduce_scatter_counts, bound: 30) {
        at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(values.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.startReduceScatter(given, blocks: blocks, into: &span, .sum).wait() }
      },
    ]
  }

  private static func started(
    _ name: String, _ shape: Shape, c: @escaping Benchmark<Element>.CCalls, bound: Int,
    swift: @escaping Benchmark<Element>.Calls
  ) -> Benchmark<Element> {
    Benchmark(name, "blocks", shape, c: c, bound: bound, swift: swift)
  }
}
