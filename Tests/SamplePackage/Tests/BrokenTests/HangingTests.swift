import MPI
import MPITesting
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

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

  @Test(.ranks(2)) func waitsForNobody() throws {
    var value = [0]
    try world.startReceive(into: &value, from: world.rank == 0 ? 1 : 0, tag: 3).wait()
  }

  @Test(.ranks(3)) func groupWaitsForNobody() throws {
    let values = [1]
    var received = [0]
    var group = RequestGroup()
    group.add(try world.startReceive(into: &received, from: (world.rank - 1) % 3, tag: 4))
    group.add(try world.startSend(values.span, to: (world.rank + 1) % 3, tag: 5, mode: .synchronous))
    try group.waitAll()
  }

  @Test(.ranks(3)) func mismatchedStarts() throws {
    var values = [1, 2, 3]
    try world.startBroadcast(&values, from: world.rank == 1 ? 1 : 0).wait()
  }
}
