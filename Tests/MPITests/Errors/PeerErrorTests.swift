import MPI
import MPITesting
import TestSupport
import Testing

/// Bad ranks and tags, messages that do not fit, buffers that are not there.
@Suite(.ranked) struct PeerErrorTests {
  static let peers: [ErrorCase] = [
    ErrorCase("send to a rank that is not there", MPIError.rank) { try world.send(1, to: Rank(world.size)) },
    ErrorCase("send to a rank far away", MPIError.rank) { try world.send([1], to: 1_000_000) },
    ErrorCase("send to a rank beyond 32 bits", MPIError.rank) { try world.send([1], to: Rank(1 << 40)) },
    ErrorCase("send to a negative rank", MPIError.rank) { try world.send(1, to: -1) },
    ErrorCase("send to MPI's own number for no process", MPIError.rank) { try world.send(1, to: -2) },
    ErrorCase("synchronous send", MPIError.rank) { try world.send(1, to: -1, mode: .synchronous) },
    ErrorCase("receive", MPIError.rank) { _ = try world.receive(Int.self, from: world.size) },
    ErrorCase("receive from a negative rank", MPIError.rank) { _ = try world.receive(Int.self, from: -1) },
    ErrorCase("receive an array", MPIError.rank) { _ = try world.receive([Int].self, from: Rank(world.size)) },
    ErrorCase("probe", MPIError.rank) { _ = try world.probe(from: -1) },
    ErrorCase("look", MPIError.rank) { _ = try world.probeIfAvailable(from: world.size) },
    ErrorCase("match", MPIError.rank) { _ = try world.probeMatched(from: world.size) },
    ErrorCase("exchange, destination", MPIError.rank) { _ = try world.sendReceive(1, to: -1, from: world.rank) },
    ErrorCase("exchange, source", MPIError.rank) { _ = try world.sendReceive(1, to: .null, from: -5) },
    ErrorCase("exchange in place", MPIError.rank) {
      var values = [1]
      try world.sendReceiveReplace(&values, to: Rank(world.size), from: Rank.null)
    },
    ErrorCase("object", MPIError.rank) { try world.send(object: "text", to: -1) },
  ]

  static let tags: [ErrorCase] = [
    ErrorCase("send with a negative tag", MPIError.tag) { try world.send(1, to: .null, tag: -1) },
    ErrorCase("receive with a negative tag", MPIError.tag) { _ = try world.receive([Int].self, from: 0, tag: -1) },
    ErrorCase("receive with the tag that MPI calls any", MPIError.tag) {
      var values = [1]
      try world.receive(into: &values, from: Rank.null, tag: -2)
    },
    ErrorCase("send with a tag beyond the bound", MPIError.tag) {
      try world.send(1, to: world.rank, tag: try MPIEnvironment.tagUpperBound + 2)
    },
    ErrorCase("send with a tag beyond 32 bits", MPIError.tag) { try world.send(1, to: world.rank, tag: 1 << 32) },
    ErrorCase("probe with a tag beyond 32 bits", MPIError.tag) { _ = try world.probe(from: .any, tag: Int.max) },
    ErrorCase("exchange, outgoing tag", MPIError.tag) {
      _ = try world.sendReceive(1, to: .null, tag: -1, from: Rank.null)
    },
    ErrorCase("exchange, incoming tag", MPIError.tag) {
      _ = try world.sendReceive(1, to: .null, from: Rank.null, receiveTag: -1)
    },
    ErrorCase("subset with a negative tag", MPIError.tag) {
      _ = try world.subset(amongMembers: try world.group, tag: -1)
    },
  ]

  static let buffers: [ErrorCase] = [
    ErrorCase("buffered send without a buffer", MPIError.buffer) { try world.send(1, to: 0, mode: .buffered) },
    ErrorCase("a second send buffer", MPIError.buffer) {
      try world.withSendBuffer(bytes: 100) { try world.withSendBuffer(bytes: 100) {} }
    },
    ErrorCase("a send buffer of negative size", MPIError.count) { try world.withSendBuffer(bytes: -1) {} },
    ErrorCase("a send buffer beyond 32 bits", MPIError.count) { try world.withSendBuffer(bytes: 1 << 32) {} },
    ErrorCase("the size of a negative count", MPIError.count) { _ = try world.sendBufferSize(for: -1, of: Int.self) },
  ]

  /// A message to this rank itself, which it then receives.
  private static func own(_ values: [Int], _ receive: @escaping @Sendable () throws -> Void)
    -> @Sendable () throws -> Void
  {
    return {
      try world.withSendBuffer(bytes: 10_000) {
        try world.send(values, to: world.rank, tag: 5, mode: .buffered)
        try receive()
      }
    }
  }

  static let lengths: [ErrorCase] = [
    ErrorCase(
      "a message longer than the array", MPIError.truncate,
      own([1, 2, 3]) {
        var buffer = [0, 0]
        try world.receive(into: &buffer, from: world.rank, tag: 5)
      }),
    ErrorCase(
      "a message longer than one value", MPIError.truncate,
      own([1, 2]) {
        _ = try world.receive(Int.self, from: .any, tag: 5)
      }),
    ErrorCase(
      "a matched message longer than the span", MPIError.truncate,
      own([1, 2, 3]) {
        var buffer = [0, 0]
        var span = buffer.mutableSpan
        try world.probeMatched(from: world.rank, tag: 5).receive(into: &span)
      }),
    ErrorCase(
      "no value where one is expected", MPIError.length,
      own([]) {
        _ = try world.receive(Int.self, from: .any, tag: 5)
      }),
    ErrorCase(
      "eight bytes as vectors of sixteen", MPIError.partialValue,
      own([1]) {
        defer { _ = try? world.receive([Int].self, from: world.rank, tag: 5) }
        let status = try world.probe(from: world.rank, tag: 5)
        _ = try status.count(of: SIMD2<Int>.self)
      }),
    ErrorCase(
      "a part of a vector where one is expected", MPIError.partialValue,
      own([1]) {
        _ = try world.receive(SIMD2<Int>.self, from: world.rank, tag: 5)
      }),
  ]

  @Test(arguments: peers) func ranksThatAreNotThere(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: tags) func tagsOutOfRange(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: buffers) func sendBuffers(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: lengths) func messagesThatDoNotFit(_ mistake: ErrorCase) throws { try mistake.expectError() }

  /// Short and long messages go different ways.
  @Test(arguments: [2, 100, 100_000]) func truncationOnTheReceiverOnly(length: Int) throws {
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send([Int](repeating: 1, count: length), to: peer)
        try world.send(2, to: peer)
      } else if world.rank == peer {
        // Room behind the span: Open MPI 4.1 writes all of a long message there before it reports the error.
        var buffer = [Int](repeating: 0, count: length)
        let error = buffer.withUnsafeMutableBufferPointer { memory in
          var span = UnsafeMutableBufferPointer(rebasing: memory.dropLast()).mutableSpan
          do throws(MPIError) {
            try world.receive(into: &span, from: 0)
            return nil as MPIError?
          } catch {
            return error
          }
        }
        if length <= 100 { #expect(buffer.last == 0) }
        #expect(error?.errorClass == MPIError.truncate)
        #expect(error?.rank == world.rank)
        #expect(error?.code != nil && error?.advice != nil)
        #expect(try world.receive(Int.self, from: 0) == 2)
      }
    }
  }
}
