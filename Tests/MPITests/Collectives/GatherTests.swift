import MPI
import MPITesting
import TestSupport
import Testing

/// The values of all ranks at one of them.
@Suite(.ranked) struct GatherTests {
  static let lengths = [0, 1, 2, 5, 100, 10_000]

  @Test func values() throws {
    for root in world.ranks {
      let gathered = try world.gather(world.rank.index * 3, to: root)
      #expect(gathered == (world.rank == root ? world.ranks.map { $0.index * 3 } : nil))
    }
  }

  @Test(arguments: lengths) func arraysOfOneLength(length: Int) throws {
    let all = Double.drawnByAll(length, ranks: world.size)
    for root in world.ranks {
      let gathered = try world.gather(all[world.rank.index], to: root)
      #expect(gathered == (world.rank == root ? Array(all.joined()) : nil))
    }
  }

  /// What each rank has when lengths differ; nothing on some ranks.
  private func uneven(_ seed: Int) -> [[Int16]] {
    (0..<world.size).map { Int16.drawn(($0 * 5 + seed) % 7, seed: UInt64(seed), rank: $0) }
  }

  @Test(arguments: 0..<4) func arraysOfDifferentLengths(seed: Int) throws {
    let all = uneven(seed)
    for root in world.ranks {
      let gathered = try world.gather(all[world.rank.index], to: root)
      #expect(gathered == (world.rank == root ? Array(all.joined()) : nil))
    }
  }

  @Test(arguments: lengths) func spans(length: Int) throws {
    let all = Float.drawnByAll(length, ranks: world.size)
    let given = all[world.rank.index]
    for root in world.ranks {
      var buffer = [Float](repeating: 0, count: world.rank == root ? length * world.size : 0)
      var span = buffer.mutableSpan
      try world.gather(given.span, into: &span, to: root)
      #expect(buffer == (world.rank == root ? Array(all.joined()) : []))
    }
  }

  /// Structs with gaps, whose blocks MPICH 4.0 cannot gather through a tree.
  @Test(arguments: [10, 2_000, 20_000]) func structs(length: Int) throws {
    let all = AffineMap.drawnByAll(length, ranks: world.size)
    let located = (0..<world.size).map { rank in
      (0..<length).map { Located(Double(rank * length + $0), at: Int32($0)) }
    }
    let own = world.rank.index
    let mine = located[own]
    for root in world.ranks {
      let gathered = try world.gather(all[own], to: root)
      #expect(gathered == (world.rank == root ? Array(all.joined()) : nil))
      var buffer = [Located<Double>](repeating: located[0][0], count: world.rank == root ? length * world.size : 0)
      var span = buffer.mutableSpan
      try world.gather(mine.span, into: &span, to: root)
      #expect(buffer == (world.rank == root ? Array(located.joined()) : []))
      var inPlace = all[own]
      if world.rank == root {
        inPlace = [AffineMap](repeating: AffineMap(slope: 0, offset: 0), count: length * world.size)
        inPlace.replaceSubrange((own * length)..<((own + 1) * length), with: all[own])
      }
      try world.gather(inPlace: &inPlace, to: root)
      #expect(inPlace == (world.rank == root ? Array(all.joined()) : all[own]))
    }
  }

  @Test(arguments: lengths) func inPlace(length: Int) throws {
    let all = Int.drawnByAll(length, ranks: world.size)
    for root in world.ranks {
      var buffer = all[world.rank.index]
      if world.rank == root {
        buffer = [Int](repeating: 0, count: length * world.size)
        buffer.replaceSubrange((root.index * length)..<((root.index + 1) * length), with: all[root.index])
      }
      try world.gather(inPlace: &buffer, to: root)
      #expect(buffer == (world.rank == root ? Array(all.joined()) : all[world.rank.index]))
    }
  }

  @Test(arguments: 0..<4) func blocksWithGapsInReverse(seed: Int) throws {
    let all = uneven(seed)
    let given = all[world.rank.index]
    // The last rank's block first, one value free after each.
    var offsets = [Int](repeating: 0, count: world.size)
    var end = 0
    for rank in (0..<world.size).reversed() {
      offsets[rank] = end
      end += all[rank].count + 1
    }
    var expected = [Int16](repeating: -1, count: end)
    for rank in 0..<world.size {
      expected.replaceSubrange(offsets[rank]..<(offsets[rank] + all[rank].count), with: all[rank])
    }
    let blocks = Blocks(counts: all.map(\.count), offsets: offsets)
    for root in world.ranks {
      var buffer = [Int16](repeating: -1, count: world.rank == root ? end : 0)
      var span = buffer.mutableSpan
      try world.gather(
        given.span, into: &span, blocks: world.rank == root ? blocks : nil, to: root)
      #expect(buffer == (world.rank == root ? expected : []))
      var again = [Int16](repeating: -1, count: world.rank == root ? end : 0)
      var spanAgain = again.mutableSpan
      try world.gather(given.span, into: &spanAgain, blocks: blocks, to: root)
      #expect(again == buffer)
    }
    var everywhere = [Int16](repeating: -1, count: end)
    var span = everywhere.mutableSpan
    try world.allGather(given.span, into: &span, blocks: blocks)
    #expect(everywhere == expected)
  }
}
