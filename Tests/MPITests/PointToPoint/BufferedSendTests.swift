import MPI
import MPITesting
import TestSupport
import Testing

/// Buffered sends, and with them messages of a rank to itself.
@Suite(.ranked) struct BufferedSendTests {
  @Test func toAllRanksBeforeAnyReceives() throws {
    let all = Int.drawnByAll(500, ranks: world.size)
    let bytes = try world.sendBufferSize(for: 500, of: Int.self) * world.size
    try world.withSendBuffer(bytes: bytes) {
      for peer in world.ranks { try world.send(all[world.rank.index], to: peer, mode: .buffered) }
      for peer in world.ranks {
        #expect(try world.receive([Int].self, from: peer) == all[peer.index])
      }
    }
  }

  @Test(arguments: [0, 1, 7, 1_000]) func sizesSuffice(count: Int) throws {
    let numbers = SIMD3<Float>.drawn(count, rank: 0)
    // Not more: MPICH 4.0 over UCX loses buffered structs of more than some 8 KB.
    let particles = Particle.drawn(min(count, 100), rank: 0)
    let bytes =
      try world.sendBufferSize(for: count, of: SIMD3<Float>.self)
      + world.sendBufferSize(for: particles.count, of: Particle.self)
    try world.withSendBuffer(bytes: bytes) {
      try world.send(numbers, to: world.rank, tag: 1, mode: .buffered)
      try world.send(particles, to: world.rank, tag: 2, mode: .buffered)
      #expect(try world.receive([Particle].self, from: world.rank, tag: 2) == particles)
      #expect(try world.receive([SIMD3<Float>].self, from: world.rank, tag: 1) == numbers)
    }
  }

  @Test func theResultAndTheErrorOfTheClosureComeOut() throws {
    struct Failure: Error {}
    #expect(try world.withSendBuffer(bytes: 1_000) { 42 } == 42)
    #expect(throws: Failure.self) { try world.withSendBuffer(bytes: 1_000) { throw Failure() } }
    // The buffer of the failed closure is detached: there can be another one.
    #expect(try world.withSendBuffer(bytes: 1_000) { 43 } == 43)
  }

  @Test func aBufferOfNoBytes() throws {
    #expect(try world.withSendBuffer(bytes: 0) { 44 } == 44)
  }

  @Test func manyBuffersOneAfterTheOther() throws {
    let bytes = try world.sendBufferSize(for: 1, of: Int.self)
    let next = (world.rank + 1) % world.size
    let previous = (world.rank - 1) % world.size
    for round in 0..<100 {
      try world.withSendBuffer(bytes: bytes) {
        try world.send(round, to: next, mode: .buffered)
        #expect(try world.receive(Int.self, from: previous) == round)
      }
    }
  }

  @Test func tooSmallABuffer() throws {
    // A communicator of its own: Open MPI 4.1 loses count of the messages on that way, and waits for this one for ever.
    let alone = try Communicator.selfOnly.duplicate()
    try alone.withSendBuffer(bytes: 64) {
      let error = #expect(throws: MPIError.self) {
        try alone.send([Int](repeating: 0, count: 10_000), to: 0, mode: .buffered)
      }
      #expect(error?.errorClass == MPIError.buffer || error?.errorClass == MPIError.other, "\(error as Any)")
    }
    try world.barrier()
  }
}
