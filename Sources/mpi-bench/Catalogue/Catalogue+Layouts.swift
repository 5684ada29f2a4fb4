import CMPIBench
import MPI

extension Catalogue {
  /// Calls with a layout, made once, of one block of values.
  static var layouts: [Benchmark<Element>] {
    [
      Benchmark("latency", "layout", .message, ranks: .two, figure: .oneWay, c: cbench_latency_layout) {
        at, values, result, calls in
        guard !at.isIdle else { return }
        let (world, layout) = (at.world, try Layout<Element>.contiguous(at.count))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls {
          if at.isFirst { try world.send(given, as: layout, to: at.peer) }
          try world.receive(into: &span, as: layout, from: at.peer)
          if !at.isFirst { try world.send(given, as: layout, to: at.peer) }
        }
      },
      Benchmark("send-receive", "layout", .message, ranks: .one, c: cbench_send_receive_layout, bound: 15) {
        at, values, result, calls in
        let (world, peer, layout) = (at.world, at.peer, try Layout<Element>.contiguous(at.count))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls {
          try world.sendReceive(given, as: layout, to: peer, into: &span, as: layout, from: peer)
        }
      },
      Benchmark("broadcast", "layout", .message, c: cbench_broadcast_layout, bound: 17) { at, _, result, calls in
        let (world, layout) = (at.world, try Layout<Element>.contiguous(at.count))
        var span = result.mutableSpan
        for _ in 0..<calls { try world.broadcast(&span, as: layout, from: 0) }
      },
      Benchmark("scatter", "layout", .scattered, c: cbench_scatter_layout, bound: 24) { at, values, result, calls in
        let (world, layout) = (at.world, try Layout<Element>.contiguous(at.count))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try world.scatter(given, as: layout, into: &span, as: layout, from: 0) }
      },
      Benchmark("gather", "layout", .gathered, c: cbench_gather_layout, bound: 24) { at, values, result, calls in
        let (world, layout) = (at.world, try Layout<Element>.contiguous(at.count))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try world.gather(given, as: layout, into: &span, as: layout, to: 0) }
      },
      Benchmark("all-gather", "layout", .gathered, c: cbench_all_gather_layout, bound: 15) {
        at, values, result, calls in
        let (world, layout) = (at.world, try Layout<Element>.contiguous(at.count))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try world.allGather(given, as: layout, into: &span, as: layout) }
      },
    ] + exchangedLayouts
  }

  /// All-to-all with a layout for each rank.
  private static var exchangedLayouts: [Benchmark<Element>] {
    [
      Benchmark("all-to-all", "layouts", .exchanged, c: cbench_all_to_all_layouts, bound: 116) {
        at, values, result, calls in
        let (world, blocks) = (at.world, try at.layoutBlocks(of: Element.self))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try world.allToAll(given, blocks, into: &span, blocks) }
      },
      Benchmark("start-all-to-all", "layouts", .exchanged, c: cbench_start_all_to_all_layouts, bound: 182) {
        at, values, result, calls in
        let (world, blocks) = (at.world, try at.layoutBlocks(of: Element.self))
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try world.startAllToAll(given, blocks, into: &span, blocks).wait() }
      },
    ]
  }
}

extension Setting {
  /// A block for each rank, one after the other, each one item of a layout.
  fileprivate func layoutBlocks<Element: BenchmarkElement>(of _: Element.Type) throws -> [LayoutBlock<Element>] {
    let layout = try Layout<Element>.contiguous(count)
    return (0..<world.size).map { LayoutBlock(layout, offset: $0 * count) }
  }
}
