import MPI
import MPITesting
import Testing

extension Tag {
  @Tag static var collective: Self
}

/// What a user would write; all of it passes.
@Suite(.ranks(1, 2, 3, 4), .tags(.collective)) struct SampleTests {
  @Test func sumsAcrossRanks() throws {
    let world = Communicator.world
    #expect(try world.allReduce(1, .sum) == world.size)
  }

  @Test(arguments: [0, 1, 5], ["a", "b"]) func arraysOfAnyLength(length: Int, name: String) throws {
    let world = Communicator.world
    let mine = Array(repeating: world.rank.index, count: length)
    let all = try world.allGather(mine)
    #expect(all == world.ranks.flatMap { Array(repeating: $0.index, count: length) }, "\(name)")
  }

  @Test(.ranks(2)) func messages() async throws {
    let world = Communicator.world
    #expect(world.size == 2)
    if world.rank == 0 { try await world.send([1, 2, 3], to: 1) }
    await Task.yield()
    if world.rank == 1 { #expect(try await world.receive([Int].self, from: 0) == [1, 2, 3]) }
  }

  @Test func knownIssues() throws {
    withKnownIssue("not on all ranks yet", isIntermittent: true) { #expect(Communicator.world.rank == 0) }
  }

  @Test(.disabled("not on this machine")) func disabled() { Issue.record("this must not run") }

  @Test func randomNumbers() throws {
    let world = Communicator.world
    var shared = RankRandomNumberGenerator()
    try expectSameOnAllRanks(UInt64.random(in: 0...UInt64.max, using: &shared))
    var mine = RankRandomNumberGenerator(rank: world.rank)
    let drawn = try valuesOnAllRanks(UInt64.random(in: 0...UInt64.max, using: &mine))
    #expect(Set(drawn).count == world.size)
    for rank in world.ranks {
      var other = RankRandomNumberGenerator(rank: rank)
      #expect(UInt64.random(in: 0...UInt64.max, using: &other) == drawn[rank.index])
    }
  }

  @Test func sharedFolder() throws {
    try withSharedTemporaryDirectory { path in
      try expectSameOnAllRanks(path)
      try requireOnAllRanks(path.contains("swift-mpi"))
    }
  }
}

/// A test without ranks runs as ever.
@Test func withoutRanks() { #expect(!MPIEnvironment.isInitialized) }
