import MPI
import MPITesting
import TestSupport
import Testing

/// Messages that tasks await.
@Suite(.ranked) struct AsyncMessageTests {
  private var me: Int { world.rank.index }
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  @Test(arguments: [0, 1, 1_000, 200_000]) func aroundTheRing(length: Int) async throws {
    let (from, to) = (previous, next)
    let mine = Double.drawn(length, rank: me)
    async let known = received(length, from: from)
    async let unknown = world.receiveMessage([Double].self, from: from, tag: 2)
    try await world.send(mine, to: to, tag: 1)
    try await world.send(mine, to: to, tag: 2)
    let expected = Double.drawn(length, rank: from.index)
    #expect(try await known == expected + [-1])
    let message = try await unknown
    #expect(message.value == expected)
    #expect(message.source == from)
    #expect(message.tag == 2)
  }

  private func received(_ length: Int, from source: Rank) async throws -> [Double] {
    var buffer = [Double](repeating: -1, count: length + 1)
    let status = try await world.receive(into: &buffer, from: source, tag: 1)
    #expect(try status.count(of: Double.self) == length)
    return buffer
  }

  @Test func valuesAndSpans() async throws {
    let (from, to, me) = (previous, next, me)
    async let sent: Void = world.send(me + 5, to: to)
    #expect(try await world.receive(Int.self, from: from) == from.index + 5)
    try await sent
    #expect(try await world.sendReceive(me, to: to, from: from) == from.index)
    var buffer = [0, 0, 0]
    var span = buffer.mutableSpan
    let receiving = try world.startReceive(into: &span, from: from, tag: 4)
    try await world.send([me, 1, 2].span, to: to, tag: 4)
    try await receiving.wait()
    #expect(buffer == [from.index, 1, 2])
    var array = [9, 9]
    try await world.sendReceive([me, 7], to: to, into: &array, from: from)
    #expect(array == [from.index, 7])
  }

  /// Nobody has sent anything when the receivers begin to wait, and all of them wait at the same time.
  @Test func manyTasks() async throws {
    let (from, to, me) = (previous, next, me)
    let count = 50
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for tag in 0..<count { group.addTask { try await world.receive(Int.self, from: from, tag: tag) } }
      try await Task.sleep(for: .milliseconds(20))
      for tag in (0..<count).reversed() { try await world.send(me * 1_000 + tag, to: to, tag: tag) }
      return try await group.reduce(0, +)
    }
    #expect(sum == from.index * 1_000 * count + count * (count - 1) / 2)
  }

  struct Letter: Codable, Equatable, Sendable {
    var text: String
    var rank: Int
  }

  @Test func objects() async throws {
    let (from, to, me) = (previous, next, me)
    async let letter = world.receiveMessage(object: Letter.self, from: .any, tag: 3)
    try await world.send(object: Letter(text: String(repeating: "x", count: me * 100), rank: me), to: to, tag: 3)
    let message = try await letter
    #expect(message.value == Letter(text: String(repeating: "x", count: from.index * 100), rank: from.index))
    #expect(message.source == from)
    let shared = try await world.broadcast(object: world.isRoot ? Letter(text: "all", rank: 0) : nil, from: 0)
    #expect(shared == Letter(text: "all", rank: 0))
    let all = try await world.allGather(object: Letter(text: "\(me)", rank: me))
    #expect(all == (0..<world.size).map { Letter(text: "\($0)", rank: $0) })
    let owned = try world.startSend(owning: [me], to: to, tag: 5)
    let receiving = try world.startReceive([Int].self, from: from, tag: 5)
    #expect(try await receiving.wait().value == [from.index])
    #expect(try await owned.wait() == [me])
  }

  @Test func sequences() async throws {
    let (from, to, me) = (previous, next, me)
    let count = 20
    let reader = Task {
      var lengths: [Int] = []
      for try await message in world.messages(of: [Int].self, from: from, tag: 6) {
        #expect(message.source == from)
        if message.value.isEmpty { break }
        lengths.append(message.value.count)
      }
      return lengths
    }
    for length in 1...count { try await world.send([Int](repeating: me, count: length), to: to, tag: 6) }
    try await world.send([Int](), to: to, tag: 6)
    #expect(try await reader.value == Array(1...count))
    let values = Task {
      var sum = 0
      for try await message in world.messages(of: Int.self, from: from, tag: 7) { sum += message.value }
      return sum
    }
    for value in 1...count { try await world.send(value, to: to, tag: 7) }
    // Long after the last message the loop is ended from outside.
    try await Task.sleep(for: .milliseconds(50))
    values.cancel()
    #expect(try await values.value == count * (count + 1) / 2)
  }

  // MARK: Cancellation

  /// Receives are called off; what comes then is left for others.
  @Test(arguments: [true, false]) func cancelledReceives(isWaiting: Bool) async throws {
    let (from, to, me) = (previous, next, me)
    let known = Task { () async -> MPIError? in
      do throws(MPIError) { _ = try await world.receive(Int.self, from: from, tag: 8) } catch { return error }
      return nil
    }
    let unknown = Task { () async -> MPIError? in
      do throws(MPIError) { _ = try await world.receive([Int].self, from: from, tag: 9) } catch { return error }
      return nil
    }
    if isWaiting { try await Task.sleep(for: .milliseconds(20)) }
    known.cancel()
    unknown.cancel()
    for error in [await known.value, await unknown.value] {
      #expect(error?.errorClass == MPIError.cancelled, "\(error as Any)")
    }
    try await world.barrier()
    async let first: Void = world.send(me, to: to, tag: 8)
    async let second: Void = world.send([me, me], to: to, tag: 9)
    #expect(try await world.receive(Int.self, from: from, tag: 8) == from.index)
    #expect(try await world.receive([Int].self, from: from, tag: 9) == [from.index, from.index])
    try await first
    try await second
  }

  /// One task of a group fails, and takes the waiting ones with it.
  @Test func groupsFailTogether() async throws {
    struct Failure: Error {}
    await #expect(throws: Failure.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for tag in 10..<20 { group.addTask { _ = try await world.receive(Int.self, from: .any, tag: tag) } }
        group.addTask {
          try await Task.sleep(for: .milliseconds(10))
          throw Failure()
        }
        while true {
          do { try await group.next() } catch MPIError.cancelled { continue }
        }
      }
    }
    try await world.barrier()
  }

  @Test func truncated() async throws {
    guard world.size > 1 else { return }
    let (from, to) = (previous, next)
    let alone = try world.duplicate()
    async let sent: Void = alone.send([1, 2, 3] as [Int32], to: to)
    var buffer: [Int32] = [0, 0]
    do throws(MPIError) {
      _ = try await alone.receive(into: &buffer, from: from)
      Issue.record("a message of 3 was received into 2")
    } catch { #expect(error.errorClass == MPIError.truncate, "\(error)") }
    try await sent
    #expect(buffer.count == 2)
  }

  @Test func mistakes() async throws {
    await #expect(throws: MPIError.self) { try await world.send(1, to: Rank(world.size)) }
    await #expect(throws: MPIError.self) { try await world.receive([Int].self, from: world.size) }
    await #expect(throws: MPIError.self) { try await world.receive(Int.self, from: .any, tag: -2) }
  }
}
