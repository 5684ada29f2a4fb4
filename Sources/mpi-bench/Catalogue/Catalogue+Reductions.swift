import CMPIBench
import MPI

extension Catalogue {
  static var reductions: [Benchmark<Element>] {
    [
      Benchmark("reduce", "value", .one, c: cbench_reduce, bound: 15) { at, values, result, calls in
        let value = values[0]
        var last: Element?
        for _ in 0..<calls { last = try at.world.reduce(value, .sum, to: 0) }
        if let last { result[0] = last }
      },
      Benchmark("reduce", "array", .message, c: cbench_reduce_new, bound: 226, references: 1) {
        at, values, result, calls in
        var last: [Element]?
        for _ in 0..<calls { last = try at.world.reduce(values, .sum, to: 0) }
        if let last { result.keep(last) }
      },
      Benchmark(
        "reduce", "span", .message, c: cbench_reduce, bound: 15, python: "comm.Reduce(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.reduce(given, into: &span, .sum, to: 0) }
      },
      Benchmark("reduce", "in-place", .message, c: cbench_reduce_in_place, bound: 20) { at, _, result, calls in
        result = try ArrayLoops.reduce(at, result.taken(), calls)
      },
      Benchmark("all-reduce", "value", .one, c: cbench_all_reduce, bound: 15) { at, values, result, calls in
        let value = values[0]
        var last = value
        for _ in 0..<calls { last = try at.world.allReduce(value, .sum) }
        result[0] = last
      },
      Benchmark("all-reduce", "array", .message, c: cbench_all_reduce_new, bound: 222, references: 1) {
        at, values, result, calls in
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.allReduce(values, .sum) }
        result.keep(last)
      },
      Benchmark(
        "all-reduce", "in-place", .message, c: cbench_all_reduce_in_place, bound: 15,
        python: "comm.Allreduce(MPI.IN_PLACE, result)"
      ) { at, _, result, calls in
        result = try ArrayLoops.allReduce(at, result.taken(), calls)
      },
      Benchmark(
        "all-reduce", "span", .message, c: cbench_all_reduce, bound: 15, python: "comm.Allreduce(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allReduce(given, into: &span, .sum) }
      },
      Benchmark(
        "all-reduce", "span-in-place", .message, c: cbench_all_reduce_in_place, bound: 15
      ) { at, _, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allReduce(&span, .sum) }
      },
      Benchmark("reduce-scatter", "array", .scattered, c: cbench_reduce_scatter_new, bound: 224, references: 1) {
        at, values, result, calls in
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.reduceScatter(values, .sum) }
        result.keep(last)
      },
      Benchmark(
        "reduce-scatter", "span", .scattered, c: cbench_reduce_scatter, bound: 15,
        python: "comm.Reduce_scatter_block(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.reduceScatter(given, into: &span, .sum) }
      },
      Benchmark(
        "reduce-scatter", "blocks", .scattered, c: cbench_reduce_scatter_counts, bound: 15
      ) { at, values, result, calls in
        let given = values.span
        let blocks = Blocks.even(values.count, among: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.reduceScatter(given, blocks: blocks, into: &span, .sum) }
      },
      Benchmark("reduce-scatter", "counts", .scattered, c: cbench_reduce_scatter_counts, bound: 83) {
        at, values, result, calls in
        let given = values.span
        let counts = [Int](repeating: at.count, count: at.world.size)
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.reduceScatter(given, counts: counts, into: &span, .sum) }
      },
    ]
  }

  static var scans: [Benchmark<Element>] {
    [
      Benchmark("scan", "value", .one, c: cbench_scan, bound: 15) { at, values, result, calls in
        let value = values[0]
        var last = value
        for _ in 0..<calls { last = try at.world.scan(value, .sum) }
        result[0] = last
      },
      Benchmark("scan", "array", .message, c: cbench_scan_new, bound: 222, references: 1) { at, values, result, calls in
        var last: [Element] = []
        for _ in 0..<calls { last = try at.world.scan(values, .sum) }
        result.keep(last)
      },
      Benchmark(
        "scan", "span", .message, c: cbench_scan, bound: 15, python: "comm.Scan(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.scan(given, into: &span, .sum) }
      },
      Benchmark("scan", "in-place", .message, c: cbench_scan_in_place, bound: 15) { at, _, result, calls in
        result = try ArrayLoops.scan(at, result.taken(), calls)
      },
      Benchmark("exclusive-scan", "value", .one, c: cbench_exclusive_scan, bound: 15) { at, values, result, calls in
        let value = values[0]
        var last: Element?
        for _ in 0..<calls { last = try at.world.exclusiveScan(value, .sum) }
        if let last { result[0] = last }
      },
      Benchmark("exclusive-scan", "array", .message, c: cbench_exclusive_scan_new, bound: 40, references: 1) {
        at, values, result, calls in
        var last: [Element]?
        for _ in 0..<calls { last = try at.world.exclusiveScan(values, .sum) }
        if let last { result.keep(last) }
      },
      Benchmark(
        "exclusive-scan", "span", .message, c: cbench_exclusive_scan, bound: 15, python: "comm.Exscan(values, result)"
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.exclusiveScan(given, into: &span, .sum) }
      },
      Benchmark(
        "exclusive-scan", "in-place", .message, c: cbench_exclusive_scan_in_place, bound: 15
      ) { at, _, result, calls in
        result = try ArrayLoops.exclusiveScan(at, result.taken(), calls)
      },
    ]
  }

  /// One collective with every kind of reduction: `all-reduce` of spans.
  static var operations: [Benchmark<Element>] {
    [
      combining("sum", c: cbench_all_reduce, .sum, bound: 20),
      combining("product", c: cbench_all_reduce_product, .product, bound: 20),
      combining("minimum", c: cbench_all_reduce_minimum, .minimum),
      combining("maximum", c: cbench_all_reduce_maximum, .maximum),
      // Beside a function in C.
      Benchmark("reduction", "closure", .message, c: cbench_all_reduce_function, bound: 20) {
        at, values, result, calls in
        let given = values.span
        let reduction = Reduction<Element> { a, b in Element.added(a, b) }
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allReduce(given, into: &span, reduction) }
      },
      Benchmark(
        "reduction", "commutative-closure", .message, c: cbench_all_reduce_commutative_function, bound: 20
      ) { at, values, result, calls in
        let given = values.span
        let reduction = Reduction<Element>(isCommutative: true) { a, b in Element.added(a, b) }
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.allReduce(given, into: &span, reduction) }
      },
    ]
  }

  private static func combining(
    _ door: String, c: @escaping Benchmark<Element>.CCalls, _ reduction: Reduction<Element>, bound: Int? = nil
  ) -> Benchmark<Element> {
    Benchmark("reduction", door, .message, c: c, bound: bound) { at, values, result, calls in
      let given = values.span
      var span = result.mutableSpan
      for _ in 0..<calls { try at.world.allReduce(given, into: &span, reduction) }
    }
  }
}
