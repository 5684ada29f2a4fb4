import MPI
import MPITesting
import TestSupport
import Testing

/// Something in a layout of its own from each rank for each: how distributed arrays change hands.
@Suite(.ranked) struct LayoutExchangeTests {
  /// How many values one rank gives another; none to some.
  private func length(_ seed: Int, from: Int, to: Int) -> Int { [0, 1, 6, 12, 0, 60][(from * 3 + to * 5 + seed) % 6] }

  private func sent(_ seed: Int, from: Int, to: Int) -> LayoutItems {
    var generator = SplitMix64(UInt64(seed * 64 + from), rank: to)
    return .random(values: length(seed, from: from, to: to), &generator)
  }

  private func received(_ seed: Int, from: Int, to: Int) -> LayoutItems {
    var generator = SplitMix64(UInt64(seed * 64 + to) + 5_000, rank: from)
    return .random(values: length(seed, from: from, to: to), &generator)
  }

  /// Blocks one after the other in a buffer, in the reverse order of the ranks, with a gap after each.
  private func placed(_ items: [LayoutItems]) -> (offsets: [Int], end: Int) {
    var offsets = [Int](repeating: 0, count: items.count)
    var end = 0
    for rank in items.indices.reversed() {
      offsets[rank] = end
      end += items[rank].shape.reach(items: items[rank].items) + rank % 3
    }
    return (offsets, end)
  }

  private func blocks<Element>(_ items: [LayoutItems], _ offsets: [Int]) throws -> [LayoutBlock<Element>] {
    try zip(items, offsets).map { LayoutBlock(try $0.shape.make(Element.self), count: $0.items, offset: $1) }
  }

  private func exchange<Element: Datatype & RandomElement>(_: Element.Type, _ seed: Int) throws {
    let size = world.size
    let here = world.rank.index
    func given(_ rank: Int) -> (items: [LayoutItems], offsets: [Int], values: [Element]) {
      let items = (0..<size).map { sent(seed, from: rank, to: $0) }
      let (offsets, end) = placed(items)
      return (items, offsets, Element.drawn(end, seed: UInt64(seed), rank: rank))
    }
    let mine = given(here)
    let incoming = (0..<size).map { received(seed, from: $0, to: here) }
    let (offsets, end) = placed(incoming)
    let before = Element.drawn(end, seed: UInt64(seed) + 300, rank: here)
    var expected = before
    for rank in 0..<size {
      let theirs = given(rank)
      let values = theirs.items[here].places.map { theirs.values[theirs.offsets[here] + $0] }
      for (place, value) in zip(incoming[rank].places, values) { expected[offsets[rank] + place] = value }
    }
    var buffer = before
    var span = buffer.mutableSpan
    try world.allToAll(
      mine.values.span, blocks(mine.items, mine.offsets), into: &span, blocks(incoming, offsets))
    #expect(buffer == expected, "seed \(seed)")
  }

  @Test(arguments: 0..<12) func numbers(seed: Int) throws { try exchange(Double.self, seed) }
  @Test(arguments: 0..<12) func bytes(seed: Int) throws { try exchange(UInt8.self, seed) }
  @Test(arguments: 0..<12) func vectorsWithAGap(seed: Int) throws { try exchange(SIMD3<Int16>.self, seed) }
  @Test(arguments: 0..<12) func structs(seed: Int) throws { try exchange(AffineMap.self, seed) }

  /// An array of which each rank has a slab across one dimension, becomes one with slabs across another.
  ///
  /// Some ranks have nothing when a dimension is shorter than the ranks are many.
  @Test(
    arguments: [[5, 4], [3, 11], [1, 9], [16, 16], [4, 3, 5], [2, 7, 3], [9, 1, 8]], [true, false]
  ) func redistributedArrays(shape: [Int], isRowMajor: Bool) throws {
    let size = world.size
    let here = world.rank.index
    let order: Layout<Int32>.Order = isRowMajor ? .rowMajor : .columnMajor
    /// The part of a rank when the array is cut across a dimension: its start and its shape.
    func slab(_ rank: Int, across dimension: Int) -> (start: [Int], size: [Int]) {
      let range = Blocks.evenRange(of: shape[dimension], rank: rank, among: size)
      var start = [Int](repeating: 0, count: shape.count)
      var part = shape
      start[dimension] = range.lowerBound
      part[dimension] = range.count
      return (start, part)
    }
    /// The values of a part of an array whose values are numbered.
    func values(_ part: (start: [Int], size: [Int])) -> [Int32] {
      let places = LayoutShape.subarray(of: shape, start: part.start, size: part.size, isRowMajor: isRowMajor).places
      return places.map { Int32($0) }
    }
    /// What two parts share, as a part of the first one.
    func shared(
      _ part: (start: [Int], size: [Int]), _ other: (start: [Int], size: [Int])
    ) throws -> LayoutBlock<Int32> {
      var start = [Int](repeating: 0, count: shape.count)
      var count = start
      for dimension in shape.indices {
        let lower = max(part.start[dimension], other.start[dimension])
        let upper = min(part.start[dimension] + part.size[dimension], other.start[dimension] + other.size[dimension])
        guard upper > lower else { return LayoutBlock(try .contiguous(0)) }
        start[dimension] = lower - part.start[dimension]
        count[dimension] = upper - lower
      }
      return LayoutBlock(try .subarray(of: part.size, start: start, size: count, order: order))
    }

    for (from, to) in [(0, shape.count - 1), (shape.count - 1, 0), (0, 1)] {
      let old = slab(here, across: from)
      let new = slab(here, across: to)
      let outgoing = try (0..<size).map { try shared(old, slab($0, across: to)) }
      let incoming = try (0..<size).map { try shared(new, slab($0, across: from)) }
      let given = values(old)
      var buffer = [Int32](repeating: -1, count: new.size.reduce(1, *))
      var span = buffer.mutableSpan
      try world.allToAll(given.span, outgoing, into: &span, incoming)
      #expect(buffer == values(new), "\(shape) from \(from) to \(to)")
    }
  }

  /// The transpose of a square matrix that is distributed by rows.
  @Test(arguments: [1, 3]) func transposition(rows: Int) throws {
    let size = world.size
    let order = rows * size
    let mine = (0..<(rows * order)).map { Double(world.rank.index * rows * order + $0) }
    let block = try Layout<Double>.vector(count: rows, blockLength: 1, stride: order).resized(extent: 1)
    let line = try Layout<Double>.vector(count: rows, blockLength: rows, stride: order)
    var buffer = [Double](repeating: -1, count: mine.count)
    var span = buffer.mutableSpan
    try world.allToAll(
      mine.span, (0..<size).map { LayoutBlock(block, count: rows, offset: $0 * rows) }, into: &span,
      (0..<size).map { LayoutBlock(line, offset: $0 * rows) })
    let expected = (0..<rows).flatMap { row in
      (0..<order).map { Double($0 * order + world.rank.index * rows + row) }
    }
    #expect(buffer == expected)
  }
}
