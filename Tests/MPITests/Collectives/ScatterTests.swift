import MPI
import MPITesting
import TestSupport
import Testing

/// One rank's values divided among all.
@Suite(.ranked) struct ScatterTests {
  static let lengths = [0, 1, 2, 5, 100, 10_000]

  @Test(arguments: lengths) func evenParts(length: Int) throws {
    for root in world.ranks {
      let values = Double.drawn(length, rank: root.index)
      let part = try world.scatter(world.rank == root ? values : nil, from: root)
      let range = Blocks.evenRange(of: length, rank: world.rank.index, among: world.size)
      #expect(part == Array(values[range]))
    }
  }

  @Test(arguments: 0..<4) func oneArrayForEach(seed: Int) throws {
    for root in world.ranks {
      let arrays = (0..<world.size).map {
        Int32.drawn(($0 * 5 + seed) % 7, seed: UInt64(seed + root.index), rank: $0)
      }
      let mine: [Int32] = try world.scatter(world.rank == root ? arrays : nil, from: root)
      #expect(mine == arrays[world.rank.index])
    }
  }

  /// Structs with gaps, whose blocks MPICH 4.0 cannot scatter through a tree.
  @Test(arguments: [10, 2_000, 20_000]) func structs(length: Int) throws {
    let own = (world.rank.index * length)..<((world.rank.index + 1) * length)
    for root in world.ranks {
      let values = AffineMap.drawn(length * world.size, rank: root.index)
      let given = world.rank == root ? values : []
      var buffer = [AffineMap](repeating: AffineMap(slope: 0, offset: 0), count: length)
      var span = buffer.mutableSpan
      try world.scatter(given.span, into: &span, from: root)
      #expect(buffer == Array(values[own]))
      var inPlace = world.rank == root ? values : buffer
      try world.scatter(inPlace: &inPlace, from: root)
      #expect(inPlace == (world.rank == root ? values : buffer))
    }
  }

  @Test func oneValueForEach() throws {
    for root in world.ranks {
      let values = world.ranks.map { 10 * root.index + $0.index }
      let mine = try world.scatterValues(world.rank == root ? values : nil, from: root)
      #expect(mine == values[world.rank.index])
      // What the others give is not looked at.
      #expect(try world.scatterValues(world.rank == root ? values : [], from: root) == mine)
    }
  }

  @Test(arguments: lengths) func spans(length: Int) throws {
    for root in world.ranks {
      let values = Float.drawn(length * world.size, rank: root.index)
      let given = world.rank == root ? values : []
      var buffer = [Float](repeating: 0, count: length)
      var span = buffer.mutableSpan
      try world.scatter(given.span, into: &span, from: root)
      #expect(buffer == Array(values[(world.rank.index * length)..<((world.rank.index + 1) * length)]))
    }
  }

  @Test(arguments: lengths) func inPlace(length: Int) throws {
    for root in world.ranks {
      let values = Int.drawn(length * world.size, rank: root.index)
      var buffer = world.rank == root ? values : [Int](repeating: 0, count: length)
      try world.scatter(inPlace: &buffer, from: root)
      let part = Array(values[(world.rank.index * length)..<((world.rank.index + 1) * length)])
      #expect(buffer == (world.rank == root ? values : part))
    }
  }

  @Test(arguments: 0..<4) func blocksWithGapsInReverse(seed: Int) throws {
    let counts = world.ranks.map { ($0.index * 3 + seed) % 5 }
    var offsets = [Int](repeating: 0, count: world.size)
    var end = 0
    for rank in (0..<world.size).reversed() {
      offsets[rank] = end
      end += counts[rank] + 2
    }
    let mine = offsets[world.rank.index]..<(offsets[world.rank.index] + counts[world.rank.index])
    for root in world.ranks {
      let values = UInt64.drawn(end, rank: root.index)
      let given = world.rank == root ? values : []
      var buffer = [UInt64](repeating: 0, count: mine.count)
      var span = buffer.mutableSpan
      let blocks = world.rank == root ? Blocks(counts: counts, offsets: offsets) : nil
      try world.scatter(given.span, blocks: blocks, into: &span, from: root)
      #expect(buffer == Array(values[mine]))
    }
  }

  /// The same values for every rank: blocks to send may overlap.
  @Test func overlappingBlocks() throws {
    let blocks = Blocks(counts: world.ranks.map { _ in 3 }, offsets: world.ranks.map { $0.index })
    for root in world.ranks {
      let values = Int8.drawn(world.size + 2, rank: root.index)
      var buffer: [Int8] = [0, 0, 0]
      var span = buffer.mutableSpan
      try world.scatter(values.span, blocks: blocks, into: &span, from: root)
      #expect(buffer == Array(values[world.rank.index..<(world.rank.index + 3)]))
    }
  }
}
