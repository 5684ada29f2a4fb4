import MPI
import MPITesting
import TestSupport
import Testing

/// The values of all ranks on all of them.
@Suite(.ranked) struct AllGatherTests {
  static let lengths = [0, 1, 2, 5, 100, 10_000]

  @Test func values() throws {
    #expect(try world.allGather(world.rank.index * 3) == world.ranks.map { $0.index * 3 })
    #expect(try Communicator.selfOnly.allGather(world.rank.index) == [world.rank.index])
  }

  @Test(arguments: lengths) func arraysOfOneLength(length: Int) throws {
    let all = Double.drawnByAll(length, ranks: world.size)
    #expect(try world.allGather(all[world.rank.index]) == Array(all.joined()))
  }

  @Test(arguments: 0..<5) func arraysOfDifferentLengths(seed: Int) throws {
    let all = (0..<world.size).map { UInt16.drawn(($0 * 5 + seed) % 7, seed: UInt64(seed), rank: $0) }
    #expect(try world.allGather(all[world.rank.index]) == Array(all.joined()))
  }

  /// Only one rank has something.
  @Test func arraysOfOneRank() throws {
    for giver in world.ranks {
      let values = Int.drawn(1_000, rank: giver.index)
      #expect(try world.allGather(world.rank == giver ? values : []) == values)
    }
  }

  @Test(arguments: lengths) func spans(length: Int) throws {
    let all = Float.drawnByAll(length, ranks: world.size)
    let given = all[world.rank.index]
    var buffer = [Float](repeating: 0, count: length * world.size)
    var span = buffer.mutableSpan
    try world.allGather(given.span, into: &span)
    #expect(buffer == Array(all.joined()))
  }

  @Test(arguments: lengths) func inPlace(length: Int) throws {
    let all = Int.drawnByAll(length, ranks: world.size)
    var buffer = [Int](repeating: 0, count: length * world.size)
    let mine = (world.rank.index * length)..<((world.rank.index + 1) * length)
    buffer.replaceSubrange(mine, with: all[world.rank.index])
    let before = buffer
    try world.allGather(inPlace: &buffer)
    #expect(buffer == Array(all.joined()))
    buffer = before
    var span = buffer.mutableSpan
    try world.allGather(inPlace: &span)
    #expect(buffer == Array(all.joined()))
  }

  @Test func blocksOfVectors() throws {
    // Units are lanes: counts and offsets are still of whole values.
    let counts = world.ranks.map { $0.index + 1 }
    let blocks = Blocks(counts: counts)
    let all = counts.enumerated().map { SIMD3<Int16>.drawn($1, rank: $0) }
    let given = all[world.rank.index]
    var buffer = [SIMD3<Int16>](repeating: .zero, count: blocks.total)
    var span = buffer.mutableSpan
    try world.allGather(given.span, into: &span, blocks: blocks)
    #expect(buffer == Array(all.joined()))
  }
}
