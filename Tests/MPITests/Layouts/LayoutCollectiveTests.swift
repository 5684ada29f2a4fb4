import MPI
import MPITesting
import TestSupport
import Testing

/// Collectives in which each rank has a layout of its own: broadcast, gather, all-gather and scatter.
@Suite(.ranked) struct LayoutCollectiveTests {
  static let seeds = 0..<16

  private func length(_ seed: Int) -> Int { [0, 1, 5, 12, 24, 720, 2_000, 30][seed % 8] }

  /// Some items of a rank's own: any rank can ask for those of any other.
  private func items(_ seed: Int, rank: Int) -> LayoutItems {
    var generator = SplitMix64(UInt64(seed) + 901, rank: rank)
    return .random(values: length(seed), &generator)
  }

  /// One item.
  private func shape(_ seed: Int, rank: Int) -> LayoutShape {
    var generator = SplitMix64(UInt64(seed) + 902, rank: rank)
    return .random(values: length(seed), &generator)
  }

  /// One item for every rank: with gaps between the ranks, or in columns that interleave.
  private func shared(_ seed: Int) -> LayoutItems {
    var generator = SplitMix64(UInt64(seed) + 903)
    if seed.isMultiple(of: 3) {
      let column = LayoutShape.vector(count: length(seed), blockLength: 1, stride: world.size)
      return LayoutItems(shape: .resized(column, extent: 1), items: world.size)
    }
    let one = LayoutShape.random(values: length(seed), &generator)
    return LayoutItems(shape: .resized(one, extent: one.reach() + seed % 3), items: world.size)
  }

  private func buffer<Element: RandomElement>(_ reach: Int, _ seed: Int, rank: Int, _: Element.Type) -> [Element] {
    Element.drawn(reach + seed % 2, seed: UInt64(seed), rank: rank)
  }

  private func given<Element: RandomElement>(_ seed: Int, rank: Int, _: Element.Type) -> [Element] {
    buffer(shape(seed, rank: rank).reach(), seed, rank: rank, Element.self)
  }

  /// What every rank gives, picked from its buffer.
  private func picked<Element: RandomElement>(_ seed: Int, rank: Int, _: Element.Type) -> [Element] {
    LayoutItems(shape: shape(seed, rank: rank), items: 1).picked(from: given(seed, rank: rank, Element.self))
  }

  private func broadcasts<Element: Datatype & RandomElement>(_: Element.Type, _ seed: Int) throws {
    let mine = items(seed, rank: world.rank.index)
    let layout = try mine.shape.make(Element.self)
    for root in world.ranks {
      let theirs = items(seed, rank: root.index)
      let before = buffer(mine.shape.reach(items: mine.items), seed, rank: world.rank.index, Element.self)
      let sent = theirs.picked(
        from: buffer(theirs.shape.reach(items: theirs.items), seed, rank: root.index, Element.self))
      var values = before
      var span = values.mutableSpan
      try world.broadcast(&span, as: layout, count: mine.items, from: root)
      #expect(values == mine.placed(sent, in: before), "seed \(seed) from \(root), \(theirs) to \(mine)")
    }
  }

  @Test(arguments: seeds) func broadcastOfNumbers(seed: Int) throws { try broadcasts(Double.self, seed) }
  @Test(arguments: seeds) func broadcastOfStructs(seed: Int) throws { try broadcasts(AffineMap.self, seed) }

  private func gathers<Element: Datatype & RandomElement>(_: Element.Type, _ seed: Int) throws {
    let here = world.rank.index
    let mine = given(seed, rank: here, Element.self)
    let outgoing = try shape(seed, rank: here).make(Element.self)
    let all = shared(seed)
    let incoming = try all.shape.make(Element.self)
    let reach = all.shape.reach(items: world.size)
    let arriving = (0..<world.size).flatMap { picked(seed, rank: $0, Element.self) }
    let before = buffer(reach, seed + 50, rank: here, Element.self)
    for root in world.ranks {
      let isRoot = world.rank == root
      var values = isRoot ? before : []
      var span = values.mutableSpan
      try world.gather(mine.span, as: outgoing, into: &span, as: incoming, to: root)
      #expect(values == (isRoot ? all.placed(arriving, in: before) : []), "seed \(seed) to \(root)")
    }
    var values = before
    var span = values.mutableSpan
    try world.allGather(mine.span, as: outgoing, into: &span, as: incoming)
    #expect(values == all.placed(arriving, in: before), "seed \(seed)")
  }

  @Test(arguments: seeds) func gatherOfNumbers(seed: Int) throws { try gathers(Int.self, seed) }
  @Test(arguments: seeds) func gatherOfVectors(seed: Int) throws { try gathers(SIMD3<Int16>.self, seed) }

  private func scatters<Element: Datatype & RandomElement>(_: Element.Type, _ seed: Int) throws {
    let here = world.rank.index
    let before = given(seed, rank: here, Element.self)
    let mine = LayoutItems(shape: shape(seed, rank: here), items: 1)
    let incoming = try mine.shape.make(Element.self)
    let all = shared(seed)
    let outgoing = try all.shape.make(Element.self)
    for root in world.ranks {
      let values = buffer(all.shape.reach(items: world.size), seed + 60, rank: root.index, Element.self)
      let share = Array(all.picked(from: values)[(here * length(seed))..<((here + 1) * length(seed))])
      var received = before
      var span = received.mutableSpan
      let offered = world.rank == root ? values : []
      try world.scatter(offered.span, as: outgoing, into: &span, as: incoming, from: root)
      #expect(received == mine.placed(share, in: before), "seed \(seed) from \(root)")
    }
  }

  @Test(arguments: seeds) func scatterOfNumbers(seed: Int) throws { try scatters(Float.self, seed) }
  @Test(arguments: seeds) func scatterOfStructs(seed: Int) throws { try scatters(AffineMap.self, seed) }

  /// The columns of the root's matrix, one for each rank, and back as rows.
  @Test func columnsOfAMatrix() throws {
    let rows = 5
    let size = world.size
    let matrix = (0..<(rows * size)).map { Double($0) }
    let column = try Layout<Double>.vector(count: rows, stride: size).resized(extent: 1)
    let row = try Layout<Double>.contiguous(rows)
    var mine = [Double](repeating: 0, count: rows)
    var span = mine.mutableSpan
    try world.scatter(world.isRoot ? matrix.span : Span(), as: column, into: &span, as: row, from: 0)
    #expect(mine == (0..<rows).map { Double($0 * size + world.rank.index) })
    var transposed = [Double](repeating: 0, count: world.isRoot ? rows * size : 0)
    var whole = transposed.mutableSpan
    try world.gather(mine.span, as: row, into: &whole, as: row, to: 0)
    if world.isRoot {
      #expect(transposed == (0..<size).flatMap { column in (0..<rows).map { Double($0 * size + column) } })
    }
  }
}
