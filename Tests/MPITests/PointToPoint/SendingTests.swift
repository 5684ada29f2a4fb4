import MPI
import MPITesting
import TestSupport
import Testing

/// Messages from one rank to another: modes, lengths, order, tags.
@Suite(.ranked) struct SendingTests {
  static let lengths = [0, 1, 2, 100, 10_000]

  @Test(arguments: lengths) func arraysAndSpans(length: Int) throws {
    let values = Double.drawn(length, rank: 0)
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send(values, to: peer)
        try world.send(values.span, to: peer, tag: 1)
        try world.send(values, to: peer, tag: 2)
      } else if world.rank == peer {
        var buffer = [Double](repeating: 0, count: length)
        let status = try world.receive(into: &buffer, from: 0)
        #expect(buffer == values)
        #expect(try status.count(of: Double.self) == length)
        // A longer buffer keeps its end.
        var longer = [Double](repeating: -1, count: length + 3)
        var span = longer.mutableSpan
        let second = try world.receive(into: &span, from: 0, tag: 1)
        #expect(longer == values + [-1, -1, -1])
        #expect(try second.count(of: Double.self) == length)
        #expect(try world.receive([Double].self, from: 0, tag: 2) == values)
      }
    }
  }

  @Test func values() throws {
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send(peer.index, to: peer, tag: 4)
        try world.send(Particle(isFixed: true, mass: 2, kind: 9), to: peer, tag: 5)
      } else if world.rank == peer {
        #expect(try world.receive(Int.self, from: 0, tag: 4) == peer.index)
        let message = try world.receiveMessage(Particle.self, from: .any, tag: .any)
        #expect(message.value == Particle(isFixed: true, mass: 2, kind: 9))
        #expect(message.source == 0)
        #expect(message.tag == 5)
      }
    }
  }

  @Test(arguments: [1, 100, 100_000]) func synchronousSends(length: Int) throws {
    let values = Int.drawn(length, rank: 3)
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send(values, to: peer, mode: .synchronous)
      } else if world.rank == peer {
        #expect(try world.receive([Int].self, from: 0) == values)
      }
    }
  }

  @Test(arguments: [1, 100, 100_000]) func readySends(length: Int) throws {
    let values = Int.drawn(length, rank: 4)
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        // The token says that the receive is posted: MPI_Sendrecv posts it before it sends.
        _ = try world.receive(Bool.self, from: peer, tag: 8)
        try world.send(values, to: peer, tag: 9, mode: .ready)
      } else if world.rank == peer {
        var buffer = [Int](repeating: 0, count: length)
        try world.sendReceive([true], to: 0, tag: 8, into: &buffer, from: 0, receiveTag: 9)
        #expect(buffer == values)
      }
    }
  }

  @Test func messagesKeepTheirOrder() throws {
    let count = 200
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        for index in 0..<count { try world.send([Int](repeating: index, count: index % 5), to: peer) }
        for index in 0..<count { try world.send(index, to: peer, tag: 1) }
      } else if world.rank == peer {
        for index in 0..<count {
          #expect(try world.receive([Int].self, from: 0) == [Int](repeating: index, count: index % 5))
        }
        for index in 0..<count { #expect(try world.receive(Int.self, from: .any, tag: 1) == index) }
      }
    }
  }

  /// The receiver takes them in another order than they were sent.
  @Test func tagsTellMessagesApart() throws {
    let bound = try MPIEnvironment.tagUpperBound
    let tags = [0, 1, 77, 32_000, bound - 1, bound]
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        for tag in tags { try world.send(tag &* 3, to: peer, tag: tag) }
      } else if world.rank == peer {
        for tag in tags.reversed() {
          let message = try world.receiveMessage(Int.self, from: 0, tag: tag)
          #expect(message.value == tag &* 3)
          #expect(message.tag == tag)
        }
      }
    }
  }

  @Test func anySource() throws {
    if world.isRoot {
      var sources: Set<Rank> = []
      for _ in world.ranks.dropFirst() {
        let message = try world.receiveMessage([Int].self, from: .any, tag: .any)
        #expect(message.value == [Int](repeating: message.tag, count: message.source.index))
        #expect(message.tag == 100 + message.source.index)
        sources.insert(message.source)
      }
      #expect(sources == Set(world.ranks.dropFirst()))
    } else {
      let tag = 100 + world.rank.index
      try world.send([Int](repeating: tag, count: world.rank.index), to: 0, tag: tag)
    }
  }

  /// 4 MB each.
  @Test func largeMessages() throws {
    let length = 500_000
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send(Double.drawn(length, rank: peer.index), to: peer)
      } else if world.rank == peer {
        let expected = Double.drawn(length, rank: peer.index)
        #expect(try world.receive([Double].self, from: 0) == expected)
      }
    }
  }
}
