import MPI
import MPITesting
import TestSupport
import Testing

/// Roots that are not there, buffers and blocks that do not fit: found before anything is sent.
@Suite(.ranked) struct CollectiveErrorTests {
  static let roots: [ErrorCase] = [-1, 1_000_000, 1 << 40, Int(Int32.min)].flatMap { root in
    [
      ErrorCase("broadcast from \(root)", MPIError.root) { _ = try world.broadcast(1, from: Rank(root)) },
      ErrorCase("broadcast an array from \(root)", MPIError.root) { _ = try world.broadcast([1], from: Rank(root)) },
      ErrorCase("overwrite from \(root)", MPIError.root) {
        var values = [1]
        try world.broadcast(&values, from: Rank(root))
      },
      ErrorCase("scatter from \(root)", MPIError.root) { _ = try world.scatter([1], from: Rank(root)) },
      ErrorCase("scatter values from \(root)", MPIError.root) { _ = try world.scatterValues([1], from: Rank(root)) },
      ErrorCase("gather to \(root)", MPIError.root) { _ = try world.gather(1, to: Rank(root)) },
      ErrorCase("gather arrays to \(root)", MPIError.root) { _ = try world.gather([1], to: Rank(root)) },
      ErrorCase("reduce to \(root)", MPIError.root) { _ = try world.reduce(1, .sum, to: Rank(root)) },
      ErrorCase("reduce an array to \(root)", MPIError.root) { _ = try world.reduce([1], .sum, to: Rank(root)) },
      ErrorCase("reduce by a closure to \(root)", MPIError.root) {
        _ = try world.reduce([1], Reduction { $0 + $1 }, to: Rank(root))
      },
      ErrorCase("broadcast an object from \(root)", MPIError.root) {
        _ = try world.broadcast(object: "text", from: Rank(root))
      },
      ErrorCase("gather an object to \(root)", MPIError.root) { _ = try world.gather(object: "text", to: Rank(root)) },
    ]
  }

  static let atTheSize: [ErrorCase] = [
    ErrorCase("broadcast", MPIError.root) { _ = try world.broadcast(1, from: Rank(world.size)) },
    ErrorCase("reduce", MPIError.root) { _ = try world.reduce(1, .sum, to: Rank(world.size)) },
    ErrorCase("gather", MPIError.root) { _ = try world.gather(1, to: Rank(world.size)) },
    ErrorCase("scatter", MPIError.root) { _ = try world.scatterValues([1], from: Rank(world.size)) },
    ErrorCase("no process", MPIError.root) { _ = try world.broadcast(1, from: .null) },
  ]

  private static var alone: Communicator { .selfOnly }

  static let nothingAtTheRoot: [ErrorCase] = [
    ErrorCase("broadcast", MPIError.rootBuffer) { _ = try alone.broadcast(nil as Int?, from: 0) },
    ErrorCase("broadcast an array", MPIError.rootBuffer) { _ = try alone.broadcast(nil as [Int]?, from: 0) },
    ErrorCase("scatter", MPIError.rootBuffer) { _ = try alone.scatter(nil as [Int]?, from: 0) },
    ErrorCase("scatter arrays", MPIError.rootBuffer) { _ = try alone.scatter(nil as [[Int]]?, from: 0) },
    ErrorCase("scatter values", MPIError.rootBuffer) { _ = try alone.scatterValues(nil as [Int]?, from: 0) as Int },
    ErrorCase("scatter blocks", MPIError.rootBuffer) { try alone.scatterSpans([1], nil, into: [0], from: 0) },
    ErrorCase("gather blocks", MPIError.rootBuffer) { try alone.gatherSpans([1], into: [0], nil, to: 0) },
  ]

  static let lengths: [ErrorCase] = [
    ErrorCase("gather", MPIError.length) { try alone.gatherSpans([1, 2], into: [0], to: 0) },
    ErrorCase("gather into nothing", MPIError.length) { try alone.gatherSpans([1], into: [], to: 0) },
    ErrorCase("all gather", MPIError.length) {
      try world.allGatherSpans([1], into: [Int](repeating: 0, count: world.size + 1))
    },
    ErrorCase("all gather in place", MPIError.length) {
      guard world.size > 1 else { return try alone.allGatherSpans([1, 2], into: [0]) }
      var values = [Int](repeating: 0, count: world.size + 1)
      try world.allGather(inPlace: &values)
    },
    ErrorCase("scatter", MPIError.length) { try alone.scatterSpans([1, 2], into: [0], from: 0) },
    ErrorCase("scatter values", MPIError.length) { _ = try alone.scatterValues([1, 2], from: 0) },
    ErrorCase("scatter arrays", MPIError.length) { _ = try alone.scatter([[1], [2]], from: 0) },
    ErrorCase("all to all", MPIError.length) {
      try world.allToAllSpans([Int](repeating: 1, count: world.size), nil, into: [], nil)
    },
    ErrorCase("all to all, arrays", MPIError.length) {
      _ = try world.allToAll([[Int]](repeating: [], count: world.size + 1))
    },
    ErrorCase("all to all, no arrays", MPIError.length) { _ = try world.allToAll([] as [[Int]]) },
    ErrorCase("all reduce", MPIError.length) { try world.allReduceSpans([1, 2], into: [0]) },
    ErrorCase("reduce scatter by counts", MPIError.length) {
      _ = try world.reduceScatter([1, 2], counts: [Int](repeating: 1, count: world.size + 2), .sum)
    },
    ErrorCase("reduce scatter, a sum that is less", MPIError.length) {
      let values = [Int](repeating: 1, count: world.size + 1)
      _ = try world.reduceScatter(values, counts: [Int](repeating: 1, count: world.size), .sum)
    },
    ErrorCase("reduce scatter, a sum that is more", MPIError.length) {
      _ = try world.reduceScatter([], counts: [Int](repeating: 1, count: world.size), Reduction<Int>.sum)
    },
    ErrorCase("reduce scatter, no counts", MPIError.length) {
      _ = try world.reduceScatter([1], counts: [], .sum)
    },
    ErrorCase("reduce scatter, blocks with a gap", MPIError.length) {
      let values = [Int](repeating: 1, count: world.size + 1)
      var result = [0]
      var span = result.mutableSpan
      let blocks = Blocks(counts: [Int](repeating: 1, count: world.size), offsets: (1...world.size).map { $0 })
      try world.reduceScatter(values.span, blocks: blocks, into: &span, .sum)
    },
    ErrorCase("reduce scatter, blocks of another number of ranks", MPIError.length) {
      var result = [0]
      var span = result.mutableSpan
      try world.reduceScatter(
        [1].span, blocks: Blocks(counts: [1, 0] + [Int](repeating: 0, count: world.size)), into: &span, .sum)
    },
    ErrorCase("reduce scatter, a negative count", MPIError.count) {
      _ = try world.reduceScatter([1], counts: [Int](repeating: -1, count: world.size), .sum)
    },
  ]

  /// One block for each rank, all the same.
  private static func blocks(_ count: Int, at offset: Int, more: Int = 0) -> Blocks {
    Blocks(
      counts: [Int](repeating: count, count: world.size + more),
      offsets: [Int](repeating: offset, count: world.size + more))
  }

  static let blocks: [ErrorCase] = [
    ErrorCase("a negative count", MPIError.count) { try world.allGatherSpans([1], into: [0], blocks(-1, at: 0)) },
    ErrorCase("a negative offset", MPIError.length) { try world.allGatherSpans([1], into: [0], blocks(1, at: -1)) },
    ErrorCase("outside the buffer", MPIError.length) { try world.allGatherSpans([1], into: [0], blocks(1, at: 1)) },
    ErrorCase("longer than the buffer", MPIError.length) {
      try world.allGatherSpans([1, 2], into: [0], blocks(2, at: 0))
    },
    ErrorCase("an end beyond all integers", MPIError.length) {
      try world.allGatherSpans([1], into: [0], blocks(.max, at: .max))
    },
    ErrorCase("too many blocks", MPIError.length) {
      try world.allGatherSpans([1], into: [0], blocks(1, at: 0, more: 1))
    },
    ErrorCase("too few blocks", MPIError.length) {
      try world.allGatherSpans([1], into: [0], Blocks(counts: []))
    },
    ErrorCase("more counts than offsets", MPIError.length) {
      try world.allGatherSpans([1], into: [0], Blocks(counts: [Int](repeating: 1, count: world.size), offsets: []))
    },
    ErrorCase("a count that is not what is given", MPIError.length) {
      try world.allGatherSpans([1, 2], into: [0], blocks(1, at: 0))
    },
    ErrorCase("gather, outside the buffer", MPIError.length) {
      try alone.gatherSpans([1], into: [0], Blocks(counts: [1], offsets: [1]), to: 0)
    },
    ErrorCase("gather, not what the root gives", MPIError.length) {
      try alone.gatherSpans([1], into: [0, 0], Blocks(counts: [2]), to: 0)
    },
    ErrorCase("scatter, outside the buffer", MPIError.length) {
      try alone.scatterSpans([1], Blocks(counts: [2]), into: [0, 0], from: 0)
    },
    ErrorCase("scatter, longer than the root's own buffer", MPIError.length) {
      try alone.scatterSpans([1, 2], Blocks(counts: [2]), into: [0], from: 0)
    },
    ErrorCase("all to all, outgoing", MPIError.length) {
      try world.allToAllSpans([1], blocks(2, at: 0), into: [0, 0], blocks(1, at: 0))
    },
    ErrorCase("all to all, incoming", MPIError.length) {
      try world.allToAllSpans([1], blocks(1, at: 0), into: [0], blocks(1, at: 1))
    },
    ErrorCase("all to all, a negative count", MPIError.count) {
      try world.allToAllSpans([1], blocks(-3, at: 0), into: [0], blocks(0, at: 0))
    },
  ]

  @Test(arguments: roots) func rootsThatAreNotThere(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: atTheSize) func rootsJustOutside(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: nothingAtTheRoot) func nilAtTheRoot(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: lengths) func lengthsThatDoNotFit(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: blocks) func blocksThatDoNotFit(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
