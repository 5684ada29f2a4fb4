import MPI
import MPITesting
import TestSupport
import Testing

/// Communicators made of others.
@Suite(.ranked) struct CreatingTests {
  @Test func worldAndSelf() throws {
    #expect(world.size >= 1)
    #expect(Array(world.ranks) == (0..<world.size).map { Rank($0) })
    #expect(world.isRoot == (world.rank == 0))
    #expect(Communicator.selfOnly.size == 1)
    #expect(Communicator.selfOnly.rank == 0)
    #expect(try world.allGather(world.rank.index) == Array(0..<world.size))
  }

  @Test(arguments: 1...4) func splitByColor(colors: Int) throws {
    let color = world.rank.index % colors
    let part = try #require(try world.split(color: color))
    let members = (0..<world.size).filter { $0 % colors == color }
    #expect(part.size == members.count)
    #expect(try part.allGather(world.rank.index) == members)
    #expect(members[part.rank.index] == world.rank.index)
  }

  @Test func splitWithReversedRanks() throws {
    let reversed = try #require(try world.split(color: 5, key: -world.rank.index))
    #expect(reversed.rank.index == world.size - 1 - world.rank.index)
    #expect(try reversed.allGather(world.rank.index) == (0..<world.size).reversed())
    #expect(try reversed.compare(to: world) == (world.size == 1 ? .congruent : .similar))
  }

  @Test func splitWithoutSome() throws {
    let isEven = world.rank.index.isMultiple(of: 2)
    let even = try world.split(color: isEven ? 0 : nil)
    #expect((even != nil) == isEven)
    #expect(try even?.allReduce(1, .sum) ?? 0 == (isEven ? (world.size + 1) / 2 : 0))
    #expect(try world.split(color: nil) === nil)
  }

  @Test func splitByNode() throws {
    // All ranks of these tests run on one machine, and so can share memory.
    let node = try world.splitByNode()
    #expect(try node.compare(to: world) == .congruent)
    let reversed = try world.splitByNode(key: world.size - world.rank.index)
    #expect(reversed.rank.index == world.size - 1 - world.rank.index)
  }

  @Test func subset() throws {
    let odd = try world.group.including((0..<world.size).filter { !$0.isMultiple(of: 2) })
    let part = try world.subset(odd)
    #expect((part != nil) == !world.rank.index.isMultiple(of: 2))
    if let part {
      #expect(part.size == world.size / 2)
      #expect(part.rank.index == world.rank.index / 2)
    }
    let reversed = try #require(try world.subset(try world.group.including((0..<world.size).reversed())))
    #expect(reversed.rank.index == world.size - 1 - world.rank.index)
    #expect(try world.subset(.empty) === nil)
  }

  /// Only the members call it; the others do something else meanwhile.
  @Test func subsetAmongMembers() throws {
    let firsts = try world.group.including(0..<((world.size + 1) / 2))
    if try firsts.rank != nil {
      let part = try world.subset(amongMembers: firsts, tag: 3)
      #expect(part.size == (world.size + 1) / 2)
      #expect(part.rank == world.rank)
      #expect(try part.allReduce(1, .sum) == part.size)
    }
    let alone = try world.subset(amongMembers: try world.group.including([world.rank]), tag: world.rank.index)
    #expect(alone.size == 1)
    #expect(try alone.compare(to: .selfOnly) == .congruent)
  }

  @Test func duplicate() throws {
    let copy = try world.duplicate()
    #expect(copy.rank == world.rank && copy.size == world.size)
    #expect(try copy.compare(to: world) == .congruent)
    #expect(try world.compare(to: .world) == .identical)
    #expect(try world.compare(to: .selfOnly) == (world.size == 1 ? .congruent : .unequal))
  }

  /// The same tag, the same ranks: only the communicator tells the messages apart.
  @Test func messagesDoNotCross() throws {
    let copy = try world.duplicate()
    let bytes = try world.sendBufferSize(for: 1, of: Int.self) * 2
    let next = (world.rank + 1) % world.size
    try world.withSendBuffer(bytes: bytes) {
      try world.send(1, to: next, mode: .buffered)
      try copy.send(2, to: next, mode: .buffered)
      #expect(try copy.receive(Int.self, from: .any, tag: .any) == 2)
      #expect(try world.receive(Int.self, from: .any, tag: .any) == 1)
    }
  }

  @Test func communicatorsOfCommunicators() throws {
    var part = try world.duplicate()
    var members = Array(0..<world.size)
    while part.size > 1 {
      let half = part.size / 2
      let isLow = part.rank.index < half
      members = isLow ? Array(members[..<half]) : Array(members[half...])
      part = try #require(try part.split(color: isLow ? 0 : 1))
      #expect(try part.allGather(world.rank.index) == members)
    }
    #expect(members == [world.rank.index])
  }
}
