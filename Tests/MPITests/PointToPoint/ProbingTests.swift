import MPI
import MPITesting
import TestSupport
import Testing

/// Looking at messages before they are received.
@Suite(.ranked) struct ProbingTests {
  /// Sends values to this rank itself, and gives what follows the means to find them.
  private func withMessage<Element: Datatype>(
    _ values: [Element], tag: Int = 0, _ body: () throws -> Void
  ) throws {
    let bytes = try world.sendBufferSize(for: values.count, of: Element.self)
    try world.withSendBuffer(bytes: bytes) {
      try world.send(values, to: world.rank, tag: tag, mode: .buffered)
      try body()
    }
  }

  private func isMessageThere(from source: some SourceSelector, tag: some TagSelector) throws -> Bool {
    try world.probeIfAvailable(from: source, tag: tag) != nil
  }

  @Test func probing() throws {
    try withMessage([1.5, 2.5, 3.5], tag: 12) {
      let status = try world.probe(from: .any, tag: .any)
      #expect(status.source == world.rank)
      #expect(status.tag == 12)
      #expect(try status.count(of: Double.self) == 3)
      // It is still there.
      let again = try world.probe(from: world.rank, tag: 12)
      #expect(try again.count(of: Double.self) == 3)
      #expect(try world.receive([Double].self, from: world.rank, tag: 12) == [1.5, 2.5, 3.5])
    }
  }

  @Test func countsInOtherUnits() throws {
    try withMessage([UInt8](repeating: 7, count: 12)) {
      let status = try world.probe(from: world.rank)
      #expect(try status.count(of: UInt8.self) == 12)
      #expect(try status.count(of: UInt32.self) == 3)
      #expect(try status.count(of: SIMD3<UInt8>.self) == 3)
      #expect(try status.count(of: SIMD2<UInt16>.self) == 3)
      let error = #expect(throws: MPIError.self) { try status.count(of: Double.self) }
      #expect(error?.errorClass == MPIError.partialValue)
      let vector = #expect(throws: MPIError.self) { try status.count(of: SIMD8<UInt8>.self) }
      #expect(vector?.errorClass == MPIError.partialValue)
      _ = try world.receive([UInt8].self, from: world.rank)
    }
  }

  @Test func lookingForWhatIsNotThere() throws {
    #expect(try !isMessageThere(from: .any, tag: 999))
    #expect(try !isMessageThere(from: world.rank, tag: .any))
    let message = try world.probeMatchedIfAvailable(from: .any, tag: 999)
    if message != nil { Issue.record("there is a message") }
    try world.barrier()
  }

  @Test func lookingUntilItIsThere() throws {
    try withMessage([Int16](0..<5), tag: 3) {
      var status: Status?
      while status == nil { status = try world.probeIfAvailable(from: .any, tag: 3) }
      #expect(status?.source == world.rank)
      #expect(try status?.count(of: Int16.self) == 5)
      while true {
        guard let message = try world.probeMatchedIfAvailable(from: world.rank, tag: 3) else { continue }
        #expect(message.status.tag == 3)
        let received = try message.receive([Int16].self)
        #expect(received.value == [0, 1, 2, 3, 4])
        #expect(received.source == world.rank)
        #expect(received.tag == 3)
        break
      }
    }
  }

  @Test func matchedMessagesAreTakenByNobodyElse() throws {
    try withMessage([1, 2, 3], tag: 5) {
      let message = try world.probeMatched(from: .any, tag: .any)
      #expect(try !isMessageThere(from: .any, tag: .any))
      var buffer = [Int](repeating: 0, count: 4)
      var span = buffer.mutableSpan
      let status = try message.receive(into: &span)
      #expect(buffer == [1, 2, 3, 0])
      #expect(try status.count(of: Int.self) == 3)
      #expect(status.tag == 5)
    }
  }

  @Test(arguments: [0, 1, 100_000]) func droppedMessagesAreGone(length: Int) throws {
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send([Int](repeating: 1, count: length), to: peer, tag: 6)
        try world.send(2, to: peer, tag: 6)
      } else if world.rank == peer {
        do {
          let message = try world.probeMatched(from: 0, tag: 6)
          #expect(try message.status.count(of: Int.self) == length)
        }
        #expect(try world.receive(Int.self, from: 0, tag: 6) == 2)
      }
    }
  }

  @Test func droppedStructs() throws {
    try withMessage(Particle.drawn(10, rank: 0), tag: 6) {
      _ = try world.probeMatched(from: .any, tag: 6)
      #expect(try !isMessageThere(from: .any, tag: 6))
    }
  }

  @Test func noProcess() throws {
    let status = try world.probe(from: Rank.null)
    #expect(status.source == .null)
    let message = try world.probeMatched(from: Rank.null)
    #expect(message.status.source == .null)
    #expect(try message.receive([Int].self).value.isEmpty)
    // Dropped.
    _ = try world.probeMatched(from: Rank.null)
  }
}
