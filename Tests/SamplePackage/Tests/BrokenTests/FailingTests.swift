import MPI
import MPITesting
import Testing

/// The communicator of all ranks.
var world: Communicator { .world }

/// Each of these must be reported as its script expects.
@Suite(.serialized) struct FailingTests {
  @Test(.ranks(4)) func failsOnSome() { #expect(world.rank == 0, "only rank 0 should be here") }

  @Test(.ranks(2, 3)) func failsOnAll() { #expect(world.size == 17) }

  @Test(.ranks(4)) func differs() { #expect(world.rank.index * world.rank.index < 2) }

  @Test(.ranks(3)) func requires() throws { try #require(world.rank != 1) }

  @Test(.ranks(3)) func requiresTogether() throws {
    try requireOnAllRanks(world.rank != 1)
    Issue.record("no rank may come here")
  }

  @Test(.ranks(3)) func sameEverywhere() throws { try expectSameOnAllRanks(world.rank.index / 2) }

  @Test(.ranks(3), arguments: [1, 2]) func cases(number: Int) { #expect(number == 1) }

  @Test(.ranks(2)) func strayMessage() throws {
    if world.rank == 0 { try world.send([1.5, 2.5], to: 1, tag: 7) }
    try world.barrier()
  }

  @Test(.ranks(2)) func drawsAndFails() {
    var random = RankRandomNumberGenerator(rank: world.rank)
    #expect(Int.random(in: 0..<10, using: &random) == 10)
  }

  @Test(.ranks(2)) func prints() {
    print("this is printed")
    Issue.record("and this recorded")
  }
}
