import MPI
import MPITesting
import TestSupport
import Testing

/// Objects, owned receives of unknown length and exchanges that tasks await.
@Suite(.ranked) struct AsyncObjectTests {
  private var me: Int { world.rank.index }
  private var last: Rank { Rank(world.size - 1) }
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  struct Letter: Codable, Equatable, Sendable {
    var text: String
    var pair: [Int]
  }

  /// From rank a to rank b, of a length that depends on both.
  private func letter(from a: Int, to b: Int) -> Letter {
    Letter(text: String(repeating: "ø", count: 30 * a + 7 * b), pair: [a, b])
  }

  @Test func collectives() async throws {
    let (me, size) = (me, world.size)
    for root in [0, last] {
      let isRoot = world.rank == root
      let all = (0..<size).map { letter(from: $0, to: root.index) }
      #expect(try await world.gather(object: letter(from: me, to: root.index), to: root) == (isRoot ? all : nil))
      let given = (0..<size).map { letter(from: root.index, to: $0) }
      #expect(try await world.scatter(objects: isRoot ? given : nil, from: root) == given[me])
    }
    let outgoing = (0..<size).map { letter(from: me, to: $0) }
    #expect(try await world.allToAll(objects: outgoing) == (0..<size).map { letter(from: $0, to: me) })
    #expect(try await world.allGather(object: outgoing[0]) == (0..<size).map { letter(from: $0, to: 0) })
  }

  @Test func mistakes() async throws {
    await #expect(throws: MPIError.self) { try await world.allToAll(objects: [Letter]()) }
    if world.size == 1 {
      await #expect(throws: MPIError.self) { try await world.scatter(objects: nil as [Letter]?, from: 0) }
      await #expect(throws: MPIError.self) { try await world.scatter(objects: [1, 2], from: 0) }
    }
    #expect(try await world.gather(object: "x", to: 0)?.count == (me == 0 ? world.size : nil))
  }

  // MARK: Exchanges

  @Test(arguments: [0, 1, 1_000, 100_000]) func exchanges(length: Int) async throws {
    let mine = Double.drawn(length + me, rank: me)
    let theirs = Double.drawn(length + previous.index, rank: previous.index)
    #expect(try await world.sendReceive(mine, to: next, from: previous, tag: 3) == theirs)
    var buffer = [Double](repeating: -1, count: length + world.size)
    var span = buffer.mutableSpan
    let status = try await world.sendReceive(mine.span, to: next, tag: 4, into: &span, from: .any, receiveTag: 4)
    #expect(try status.count(of: Double.self) == theirs.count)
    #expect(status.source == previous)
    #expect(Array(buffer[..<theirs.count]) == theirs)
    var values = Double.drawn(length, rank: me)
    try await world.sendReceiveReplace(&values, to: next, tag: 5, from: previous, receiveTag: 5)
    #expect(values == Double.drawn(length, rank: previous.index))
    await #expect(throws: MPIError.self) {
      try await world.sendReceiveReplace(&values, to: Rank(world.size), from: .any)
    }
    #expect(values == Double.drawn(length, rank: previous.index))
  }

  // MARK: Owned receives of unknown length

  /// Nobody has sent anything when they begin to wait, and what comes last was asked for first.
  @Test func manyOwned() async throws {
    let (from, to, me) = (previous, next, me)
    let count = 30
    let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
      for tag in 0..<count {
        group.addTask {
          let receiving = try world.startReceive([Int32].self, from: from, tag: tag)
          let message = try await receiving.wait()
          #expect(message.value == Int32.drawn(100 * tag + from.index, rank: from.index))
          #expect(message.source == from)
          return message.value.count
        }
      }
      try await Task.sleep(for: .milliseconds(20))
      for tag in (0..<count).reversed() {
        let sending = try world.startSend(owning: Int32.drawn(100 * tag + me, rank: me), to: to, tag: tag)
        _ = try await sending.wait()
      }
      return try await group.reduce(0, +)
    }
    #expect(lengths == 50 * count * (count - 1) + count * from.index)
  }

  @Test func ownedObjects() async throws {
    let (from, me) = (previous, me)
    async let received = { () async throws in
      let receiving = try world.startReceive(object: Letter.self, from: from, tag: 6)
      return try await receiving.wait()
    }()
    try await Task.sleep(for: .milliseconds(5))
    try await world.send(object: letter(from: me, to: next.index), to: next, tag: 6)
    let message = try await received
    #expect(message.value == letter(from: from.index, to: me))
    #expect(message.source == from)
  }

  /// The cancellation of its task does not end the wait of an owned receive: the message does.
  @Test func ownedInACancelledTask() async throws {
    let from = previous
    let task = Task { () async throws in
      let receiving = try world.startReceive([Int].self, from: from, tag: 7)
      return try await receiving.wait().value
    }
    try await Task.sleep(for: .milliseconds(5))
    task.cancel()
    try await Task.sleep(for: .milliseconds(5))
    try await world.send([me, 8], to: next, tag: 7)
    #expect(try await task.value == [from.index, 8])
  }

  @Test func ownedThatIsNoObject() async throws {
    let sending = try world.startSend(owning: [1, 2, 3] as [UInt8], to: next, tag: 8)
    let receiving = try world.startReceive(object: Letter.self, from: previous, tag: 8)
    do throws(MPIError) {
      _ = try await receiving.wait()
      Issue.record("three bytes were a letter")
    } catch { #expect(error.errorClass == MPIError.decoding) }
    #expect(try await sending.wait() == [1, 2, 3])
  }
}
