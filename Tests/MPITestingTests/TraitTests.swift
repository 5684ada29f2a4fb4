import MPI
import MPITesting
import Testing

/// The trait seen from inside; what it reports is seen from outside, in launch/tests.d/testing.sh.
@Suite(.ranks(2, 3)) struct TraitTests {
  private static let counts = [2, 3]

  @Test func aSuitesRanks() { #expect(Self.counts.contains(Communicator.world.size)) }

  @Test(.ranks(1, 4)) func ownRanksComeFirst() { #expect([1, 4].contains(Communicator.world.size)) }

  @Test(.ranks([2, 2, 1])) func eachNumberOnce() throws {
    #expect(Communicator.world.size <= 2)
  }

  @Test(.ranks(2, 3)) func sameTraitTwice() throws { #expect(try Communicator.world.allReduce(1, .sum) >= 2) }

  @Test(arguments: [1.5, 2.5], [["a", "b"], []]) func casesOfSeveralArguments(number: Double, words: [String]) throws {
    try expectSameOnAllRanks("\(number) \(words)")
  }

  @Test func anotherThread() async throws {
    let sum = try await Task.detached { try Communicator.world.allReduce(1, .sum) }.value
    #expect(sum == Communicator.world.size)
  }

  @Test(.ranks(2, checkingCollectives: false)) func withoutTheCheck() throws {
    #expect(try Communicator.world.allReduce(Communicator.world.rank.index, .sum) == 1)
  }

  @Test func expectationsOnAllRanks() throws {
    let world = Communicator.world
    #expect(try expectOnAllRanks(world.size > 1))
    try requireOnAllRanks(world.rank.index < world.size)
    #expect(try expectSameOnAllRanks(world.size))
    #expect(try valuesOnAllRanks(world.rank.index * 10) == world.ranks.map { $0.index * 10 })
  }
}
