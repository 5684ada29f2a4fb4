import MPI
import MPITesting
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

private var world: Communicator { .world }

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

/// Each of these ends its job, and the next still runs.
@Suite(.serialized) struct DyingTests {
  @Test(.ranks(3)) func throwsOnOne() throws {
    struct Refused: Error {}
    if world.rank == 1 { throw Refused() }
    try world.barrier()
  }

  @Test(.ranks(3)) func crashes() throws {
    if world.rank == 2 {
      let nothing: [Int] = []
      print(nothing[world.size])
    }
    try world.barrier()
  }

  @Test(.ranks(3)) func segmentationFault() throws {
    if world.rank == 1 { UnsafeMutablePointer<Int>(bitPattern: 8)!.pointee = 1 }
    try world.barrier()
  }

  @Test(.ranks(3)) func exits() throws {
    if world.rank == 1 { exit(3) }
    try world.barrier()
  }

  @Test(.ranks(3)) func exitsInSilence() throws {
    if world.rank == 0 { exit(0) }
    try world.barrier()
  }

  @Test(.ranks(3)) func isKilled() throws {
    if world.rank == 2 { kill(getpid(), SIGKILL) }
    try world.barrier()
  }

  @Test(.ranks(2)) func aborts() throws {
    if world.rank == 1 { MPIEnvironment.abort(status: 5) }
    try world.barrier()
  }

  @Test(.ranks(2)) func theNextRuns() { #expect(world.size == 3) }
}

/// Each of these would hang.
@Suite(.serialized) struct HangingTests {
  @Test(.ranks(2)) func receivesFromNobody() throws {
    if world.rank == 0 { _ = try world.receive(Int.self, from: 1) }
  }

  @Test(.ranks(2)) func sendsToEachOther() throws {
    let values = [Double](repeating: 1, count: 1_000_000)
    try world.send(values, to: world.rank == 0 ? 1 : 0)
    _ = try world.receive([Double].self, from: world.rank == 0 ? 1 : 0)
  }

  @Test(.ranks(3)) func doesNotTakePart() throws {
    if world.rank != 1 { try world.barrier() }
  }

  @Test(.ranks(3, timeLimit: .seconds(3))) func loops() throws {
    if world.rank == 1 { while world.size == 3 { usleep(1000) } }
    try world.barrier()
  }

  @Test(.ranks(3, timeLimit: .seconds(3))) func isStopped() throws {
    if world.rank == 1 { kill(getpid(), SIGSTOP) }
    try world.barrier()
  }

  @Test(.ranks(3)) func mismatchedCollectives() throws {
    if world.rank == 2 { _ = try world.allReduce(1, .sum) } else { try world.barrier() }
  }

  @Test(.ranks(3)) func mismatchedRoots() throws {
    var values = [1, 2, 3]
    try world.broadcast(&values, from: world.rank == 1 ? 1 : 0)
  }
}
