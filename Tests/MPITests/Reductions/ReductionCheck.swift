import MPI
import TestSupport
import Testing

/// A reduction and what it must give, tried in all six reduction collectives through all their doors.
struct ReductionCheck<Element: Datatype & RandomElement> {
  let name: String
  let reduction: Reduction<Element>
  let combine: (Element, Element) -> Element
  /// What a rank gives: as many values as asked for.
  var draw: (_ length: Int, _ rank: Int) -> [Element] = { length, rank in
    Element.drawn(length, seed: UInt64(length) + 11, rank: rank)
  }

  /// The values of one run, and the serial reference.
  struct Given {
    let all: [[Element]]
    let combine: (Element, Element) -> Element
    var mine: [Element] { all[world.rank.index] }

    /// The first ranks' values, combined in the order of the ranks.
    func combined(first count: Int) -> [Element] {
      all[0].indices.map { index in
        all[1..<count].reduce(all[0][index]) { combine($0, $1[index]) }
      }
    }
  }

  init(
    _ name: String, _ reduction: Reduction<Element>, _ combine: @escaping (Element, Element) -> Element,
    drawn draw: @escaping (_ length: Int, _ rank: Int) -> [Element]
  ) {
    self.init(name, reduction, combine)
    self.draw = draw
  }

  init(_ name: String, _ reduction: Reduction<Element>, _ combine: @escaping (Element, Element) -> Element) {
    self.name = "\(name) of \(Element.self)"
    self.reduction = reduction
    self.combine = combine
  }

  /// Every collective and every door, on arrays of so many values.
  func run(_ length: Int, _ source: SourceLocation = #_sourceLocation) throws {
    let given = Given(all: (0..<world.size).map { draw(length, $0) }, combine: combine)
    let total = given.combined(first: world.size)
    try allReduce(given, total, source)
    for root in world.ranks { try reduce(given, total, root, source) }
    try scan(given, source)
    try exclusiveScan(given, source)
    try reduceScatter(given, total, source)
    try spansInPlace(given, total, source)
    try unevenParts(given, total, source)
  }

  private func allReduce(_ given: Given, _ total: [Element], _ source: SourceLocation) throws {
    let mine = given.mine
    #expect(try world.allReduce(mine, reduction) == total, "\(name), array", sourceLocation: source)
    var values = mine
    try world.allReduce(&values, reduction)
    #expect(values == total, "\(name), in place", sourceLocation: source)
    var result = mine
    var span = result.mutableSpan
    try world.allReduce(mine.span, into: &span, reduction)
    #expect(result == total, "\(name), span", sourceLocation: source)
    result = mine
    var own = result.mutableSpan
    try world.allReduce(&own, reduction)
    #expect(result == total, "\(name), span in place", sourceLocation: source)
    guard let first = mine.first else { return }
    #expect(try world.allReduce(first, reduction) == total[0], "\(name), value", sourceLocation: source)
  }

  private func reduce(_ given: Given, _ total: [Element], _ root: Rank, _ source: SourceLocation) throws {
    let mine = given.mine
    let isRoot = world.rank == root
    let array = try world.reduce(mine, reduction, to: root)
    #expect(array == (isRoot ? total : nil), "\(name), array to \(root)", sourceLocation: source)
    var values = mine
    try world.reduce(inPlace: &values, reduction, to: root)
    #expect(values == (isRoot ? total : mine), "\(name), in place to \(root)", sourceLocation: source)
    var result = isRoot ? mine : []
    var span = result.mutableSpan
    try world.reduce(mine.span, into: &span, reduction, to: root)
    #expect(result == (isRoot ? total : []), "\(name), span to \(root)", sourceLocation: source)
    guard let first = mine.first else { return }
    let value = try world.reduce(first, reduction, to: root)
    #expect(value == (isRoot ? total[0] : nil), "\(name), value to \(root)", sourceLocation: source)
  }

  private func scan(_ given: Given, _ source: SourceLocation) throws {
    let mine = given.mine
    let upToHere = given.combined(first: world.rank.index + 1)
    #expect(try world.scan(mine, reduction) == upToHere, "scan by \(name), array", sourceLocation: source)
    var values = mine
    try world.scan(&values, reduction)
    #expect(values == upToHere, "scan by \(name), in place", sourceLocation: source)
    var result = mine
    var span = result.mutableSpan
    try world.scan(mine.span, into: &span, reduction)
    #expect(result == upToHere, "scan by \(name), span", sourceLocation: source)
    guard let first = mine.first else { return }
    #expect(try world.scan(first, reduction) == upToHere[0], "scan by \(name), value", sourceLocation: source)
  }

  private func exclusiveScan(_ given: Given, _ source: SourceLocation) throws {
    let mine = given.mine
    let before = world.isRoot ? nil : given.combined(first: world.rank.index)
    let array = try world.exclusiveScan(mine, reduction)
    #expect(array == before, "exclusive scan by \(name), array", sourceLocation: source)
    var values = mine
    try world.exclusiveScan(&values, reduction)
    #expect(values == before ?? mine, "exclusive scan by \(name), in place", sourceLocation: source)
    let untouched = [Element](mine.reversed())
    var result = untouched
    var span = result.mutableSpan
    try world.exclusiveScan(mine.span, into: &span, reduction)
    #expect(result == before ?? untouched, "exclusive scan by \(name), span", sourceLocation: source)
    guard let first = mine.first else { return }
    let value = try world.exclusiveScan(first, reduction)
    #expect(value == before?[0], "exclusive scan by \(name), value", sourceLocation: source)
  }

  private func reduceScatter(_ given: Given, _ total: [Element], _ source: SourceLocation) throws {
    let mine = given.mine
    let part = Blocks.evenRange(of: total.count, rank: world.rank.index, among: world.size)
    let array = try world.reduceScatter(mine, reduction)
    #expect(array == Array(total[part]), "scattered by \(name), array", sourceLocation: source)
    var values = mine
    try world.reduceScatter(inPlace: &values, reduction)
    #expect(values == Array(total[part]), "scattered by \(name), in place", sourceLocation: source)

    // Everything to the last rank but one value for each before it.
    var counts = [Int](repeating: 1, count: world.size)
    counts[world.size - 1] = total.count - (world.size - 1)
    guard counts[world.size - 1] >= 0 else { return }
    let blocks = Blocks(counts: counts)
    let range = blocks.offsets[world.rank.index]..<(blocks.offsets[world.rank.index] + counts[world.rank.index])
    let counted = try world.reduceScatter(mine, counts: counts, reduction)
    #expect(counted == Array(total[range]), "scattered by \(name), counts", sourceLocation: source)
    guard total.count.isMultiple(of: world.size), let filler = mine.first else { return }
    var result = [Element](repeating: filler, count: part.count)
    var span = result.mutableSpan
    try world.reduceScatter(mine.span, into: &span, reduction)
    #expect(result == Array(total[part]), "scattered by \(name), span", sourceLocation: source)
  }
}
