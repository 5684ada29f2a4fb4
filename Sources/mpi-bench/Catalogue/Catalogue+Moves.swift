import CMPIBench
import MPI

extension Catalogue {
  static var broadcasts: [Benchmark<Element>] {
    [
      Benchmark("barrier", "", .nothing, c: cbench_barrier, bound: 15, python: "comm.Barrier()") { at, _, _, calls in
        for _ in 0..<calls { try at.world.barrier() }
      },
      Benchmark("broadcast", "value", .one, c: cbench_broadcast, bound: 15) { at, _, result, calls in
        var value = result[0]
        let isRoot = at.world.isRoot
        for _ in 0..<calls { value = try at.world.broadcast(isRoot ? value : nil, from: 0) }
        result[0] = value
      },
      Benchmark("broadcast", "array", .message, c: cbench_broadcast_array, bound: 58, references: 2) {
        at, values, result, calls in
        let given = at.world.isRoot ? values : nil
        var last = result
        for _ in 0..<calls { last = try at.world.broadcast(given, from: 0) }
        if !at.world.isRoot { result.keep(last) }
      },
      Benchmark(
        "broadcast", "in-place", .message, c: cbench_broadcast, bound: 15, python: "comm.Bcast(result)"
      ) { at, _, result, calls in
        result = try ArrayLoops.broadcast(at, result.taken(), calls)
      },
      Benchmark(
        "broadcast", "span", .message, c: cbench_broadcast, bound: 15, python: "comm.Bcast(result)"
      ) { at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.broadcast(&span, from: 0) }
      },
    ]
  }

  static var scatters: [Benchmark<Element>] {
    [
      Benchmark("scatter", "value", .scattered, c: cbench_scatter, bound: 15) { at, values, result, calls in
        let given = at.world.isRoot ? values : nil
        var last = result[0]
        for _ in 0..<calls { last = try at.world.scatterValues(given, from: 0) }
        result[0] = last
      }.atOneSize(),
      Benchmark("scatter", "array", .scattered, c: cbench_scatter_array, bound: 235, references: 1) {
        at, values, result, calls in
        let given = at.world.isRoot ? values : nil
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.scatter(given, from: 0) }
        result.keep(last)
      },
      Benchmark(
        "scatter", "span", .scattered, c: cbench_scatter, bound: 15, python: "comm.Scatter(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.scatter(given, into: &span, from: 0) }
      },
      Benchmark(
        "scatter", "in-place", .gatheredInPlace, c: cbench_scatter_in_place, bound: 26
      ) { at, _, result, calls in
        result = try ArrayLoops.scatter(at, result.taken(), calls)
      },
      Benchmark("scatter", "blocks", .scattered, c: cbench_scatter_blocks, bound: 15) { at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(values.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.scatter(given, blocks: blocks, into: &span, from: 0) }
      },
    ]
  }

  static var gathers: [Benchmark<Element>] {
    [
      Benchmark("gather", "value", .gathered, c: cbench_gather_new, bound: 230, references: 1) {
        at, values, result, calls in
        let values = values[0]
        var last: [Element]?
        for _ in 0..<calls { last = try at.world.gather(values, to: 0) }
        if let last { result.keep(last) }
      }.atOneSize(),
      Benchmark("gather", "array", .gathered, c: cbench_gather_array, bound: 295, references: 1) {
        at, values, result, calls in
        var last: [Element]?
        for _ in 0..<calls { last = try at.world.gather(values, to: 0) }
        if let last { result.keep(last) }
      },
      Benchmark(
        "gather", "span", .gathered, c: cbench_gather, bound: 15, python: "comm.Gather(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.gather(given, into: &span, to: 0) }
      },
      Benchmark("gather", "in-place", .gatheredInPlace, c: cbench_gather_in_place, bound: 26) { at, _, result, calls in
        result = try ArrayLoops.gather(at, result.taken(), calls)
      },
      Benchmark("gather", "blocks", .gathered, c: cbench_gather_blocks, bound: 15) { at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(result.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.gather(given, into: &span, blocks: blocks, to: 0) }
      },
    ]
  }

  static var allGathers: [Benchmark<Element>] {
    [
      Benchmark("all-gather", "value", .gathered, c: cbench_all_gather_new, bound: 224, references: 1) {
        at, values, result, calls in
        let value = values[0]
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.allGather(value) }
        result.keep(last)
      }.atOneSize(),
      Benchmark("all-gather", "array", .gathered, c: cbench_all_gather_array, bound: 284, references: 1) {
        at, values, result, calls in
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.allGather(values) }
        result.keep(last)
      },
      Benchmark(
        "all-gather", "span", .gathered, c: cbench_all_gather, bound: 15, python: "comm.Allgather(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allGather(given, into: &span) }
      },
      Benchmark(
        "all-gather", "in-place", .gathered, c: cbench_all_gather_in_place, bound: 22,
        python: "comm.Allgather(MPI.IN_PLACE, result)"
      ) { at, _, result, calls in
        result = try ArrayLoops.allGather(at, result.taken(), calls)
      },
      Benchmark("all-gather", "blocks", .gathered, c: cbench_all_gather_blocks, bound: 15) {
        at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(result.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allGather(given, into: &span, blocks: blocks) }
      },
    ]
  }

  static var allToAlls: [Benchmark<Element>] {
    [
      Benchmark("all-to-all", "array", .exchanged, c: cbench_all_to_all_new, bound: 228, references: 1) {
        at, values, result, calls in
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.allToAll(values) }
        result.keep(last)
      },
      Benchmark(
        "all-to-all", "span", .exchanged, c: cbench_all_to_all, bound: 15, python: "comm.Alltoall(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allToAll(given, into: &span) }
      },
      Benchmark(
        "all-to-all", "in-place", .exchanged, c: cbench_all_to_all_in_place, bound: 22,
        python: "comm.Alltoall(MPI.IN_PLACE, result)"
      ) { at, _, result, calls in
        result = try ArrayLoops.allToAll(at, result.taken(), calls)
      },
      Benchmark("all-to-all", "blocks", .exchanged, c: cbench_all_to_all_blocks, bound: 15) {
        at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(values.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allToAll(given, blocks, into: &span, blocks) }
      },
    ]
  }
}
