import MPI
import MPITesting
import TestSupport
import Testing

/// Names, comparisons, other languages' handles.
@Suite(.ranked) struct PropertyTests {
  @Test func names() throws {
    #expect(try world.name == "MPI_COMM_WORLD")
    #expect(try Communicator.selfOnly.name == "MPI_COMM_SELF")
    let copy = try world.duplicate()
    try copy.setName("rows of the grid")
    #expect(try copy.name == "rows of the grid")
    #expect(copy.description == "rows of the grid (rank \(world.rank) of \(world.size))")
    try copy.setName("")
    #expect(try copy.name == "")
  }

  @Test func longNamesAreCutAtACharacter() throws {
    let copy = try world.duplicate()
    let name = String(repeating: "é", count: 300)
    try copy.setName(name)
    let kept = try copy.name
    #expect(name.hasPrefix(kept))
    #expect(kept.count >= 20)
  }

  @Test func handlesOfOtherLanguages() throws {
    let copy = try world.duplicate()
    let borrowed = try Communicator.borrowing(fortranHandle: try copy.fortranHandle)
    #expect(try borrowed.compare(to: copy) == .identical)
    #expect(borrowed.rank == copy.rank && borrowed.size == copy.size)
    #expect(try borrowed.allReduce(1, .sum) == world.size)
  }

  @Test func borrowedCommunicatorsAreNotFreed() throws {
    let copy = try world.duplicate()
    let handle = try copy.fortranHandle
    for _ in 0..<3 { #expect(try Communicator.borrowing(fortranHandle: handle).size == world.size) }
    #expect(try copy.allReduce(1, .sum) == world.size)
  }

  @Test func ranks() {
    let rank: Rank = 3
    #expect(rank + 2 == 5)
    #expect(rank - 4 == Rank(-1))
    #expect((rank - 4) % 7 == 6)
    #expect((rank + 4) % 7 == 0)
    #expect(rank % 0 == 3)
    #expect(rank < 4)
    #expect(Rank.null.description == "null")
    #expect(rank.description == "3")
    #expect(Rank.null < 0)
    #expect(Rank.null.index < 0)
    #expect(Rank(.max).index == -1)
    #expect(Rank(Int(Int32.min)) != .null)
    #expect(Set([Rank(1), 1, 2]).count == 2)
  }

  @Test func agreement() throws {
    struct Failure: Error {}
    #expect(try world.agree { world.rank.index } == world.rank.index)
    for failing in world.ranks {
      do {
        try world.agree { if world.rank >= failing { throw Failure() } }
        Issue.record("nothing was thrown")
      } catch {
        #expect(error.isAgreed)
        #expect(error.errorClass == (world.rank == failing ? MPIError.other : MPIError.otherRank))
        #expect((error.underlying is Failure) == (world.rank == failing))
        if world.rank != failing { #expect(error.description.contains("rank \(failing) failed")) }
      }
    }
  }
}
