import MPI
import TestSupport
import Testing

/// The doors of spans: in place, and parts of any length.
extension ReductionCheck {
  func spansInPlace(_ given: Given, _ total: [Element], _ source: SourceLocation) throws {
    let mine = given.mine
    for root in world.ranks {
      try inPlace(mine, world.rank == root ? total : mine, "reduce to \(root)", source) { span throws(MPIError) in
        try world.reduce(inPlace: &span, reduction, to: root)
      }
    }
    let upToHere = given.combined(first: world.rank.index + 1)
    try inPlace(mine, upToHere, "scan", source) { span throws(MPIError) in try world.scan(&span, reduction) }
    let before = world.isRoot ? mine : given.combined(first: world.rank.index)
    try inPlace(mine, before, "exclusive scan", source) { span throws(MPIError) in
      try world.exclusiveScan(&span, reduction)
    }
  }

  private func inPlace(
    _ mine: [Element], _ expected: [Element], _ what: String, _ source: SourceLocation,
    _ call: (inout MutableSpan<Element>) throws(MPIError) -> Void
  ) throws {
    var values = mine
    var span = values.mutableSpan
    try call(&span)
    #expect(values == expected, "\(what) by \(name), span in place", sourceLocation: source)
  }

  /// Parts of which most are empty: everything to one rank, and two values for every other one as long as there are some.
  func unevenParts(_ given: Given, _ total: [Element], _ source: SourceLocation) throws {
    for taker in 0..<world.size {
      var counts = [Int](repeating: 0, count: world.size)
      counts[taker] = total.count
      try parts(counts, given, total, source)
    }
    var counts = [Int](repeating: 0, count: world.size)
    for rank in 0..<world.size where rank % 2 == 1 {
      counts[rank] = min(2, total.count - counts.reduce(0, +))
    }
    counts[0] = total.count - counts.reduce(0, +)
    try parts(counts, given, total, source)
  }

  private func parts(_ counts: [Int], _ given: Given, _ total: [Element], _ source: SourceLocation) throws {
    let mine = given.mine
    let here = world.rank.index
    let start = counts[..<here].reduce(0, +)
    let expected = Array(total[start..<(start + counts[here])])
    let array = try world.reduceScatter(mine, counts: counts, reduction)
    #expect(array == expected, "scattered by \(name), \(counts), array", sourceLocation: source)
    var result = Array(mine.prefix(counts[here]))
    var span = result.mutableSpan
    try world.reduceScatter(mine.span, counts: counts, into: &span, reduction)
    #expect(result == expected, "scattered by \(name), \(counts), span", sourceLocation: source)
    var again = Array(mine.prefix(counts[here]))
    var spanAgain = again.mutableSpan
    try world.reduceScatter(mine.span, blocks: Blocks(counts: counts), into: &spanAgain, reduction)
    #expect(again == expected, "scattered by \(name), \(counts), blocks", sourceLocation: source)
  }
}
