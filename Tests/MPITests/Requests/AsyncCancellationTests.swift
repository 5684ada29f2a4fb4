import MPI
import MPITesting
import TestSupport
import Testing

/// Receives that are cancelled while their messages come: each message is received once, by the task or by another.
@Suite(.ranked) struct AsyncCancellationTests {
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  /// What one task was told: its message, or that it was cancelled.
  private static func outcome(_ receive: () async throws(MPIError) -> Int) async -> Int? {
    do throws(MPIError) { return try await receive() } catch {
      #expect(error.errorClass == MPIError.cancelled, "\(error)")
      return nil
    }
  }

  /// Half of the tasks are cancelled, at any moment: what they did not receive is still there.
  @Test(arguments: ["value", "array", "object", "buffer", "matched", "started", "group"])
  func noMessageIsLost(_ kind: String) async throws {
    let (from, to, me) = (previous, next, world.rank.index)
    let count = 40
    var generator = SplitMix64(77, rank: me)
    let delays = (0..<count).map { _ in Int(generator.next() % 300) }
    var tasks: [Task<Int?, Never>] = []
    for tag in 0..<count {
      tasks.append(Task { await Self.outcome { () async throws(MPIError) in try await Self.receive(kind, from, tag) } })
    }
    let sending = Task { () async throws in
      for tag in 0..<count {
        switch kind {
        case "object": try await world.send(object: 1_000 * me + tag, to: to, tag: tag)
        default: try await world.send([1_000 * me + tag], to: to, tag: tag)
        }
      }
    }
    for tag in 0..<count where tag % 2 == 0 {
      try await Task.sleep(for: .microseconds(delays[tag]))
      tasks[tag].cancel()
    }
    // A send may wait for its receive: the sender is waited for last.
    for tag in 0..<count {
      var value = await tasks[tag].value
      if value == nil {
        #expect(tag % 2 == 0, "task \(tag) was not cancelled")
        value = try await Self.receive(kind, from, tag)
      }
      #expect(value == 1_000 * from.index + tag, "\(kind) \(tag)")
    }
    try await sending.value
    try await world.barrier()
    #expect(try world.probeIfAvailable(from: .any, tag: .any) == nil)
  }

  private static func receive(_ kind: String, _ from: Rank, _ tag: Int) async throws(MPIError) -> Int {
    switch kind {
    case "value": return try await world.receive(Int.self, from: from, tag: tag)
    case "array": return try await world.receive([Int].self, from: from, tag: tag)[0]
    case "object": return try await world.receive(object: Int.self, from: from, tag: tag)
    case "matched": return try await world.probeMatched(from: from, tag: tag).receive([Int].self).value[0]
    case "started":
      var buffer = [0]
      if tag % 3 == 0 {
        let receiving = try world.startReceive(into: &buffer, from: .any, tag: tag)
        try await receiving.wait()
      } else {
        let receiving = try world.startReceive(into: &buffer, from: from, tag: tag)
        try await receiving.wait()
      }
      return buffer[0]
    case "group":
      var buffer = [0]
      do {
        var group = RequestGroup()
        group.add(try world.startReceive(into: &buffer, from: from, tag: tag))
        if tag % 3 == 0 { try await group.waitAll() } else { _ = try await group.waitAny()?.status }
      }
      return buffer[0]
    default:
      var buffer = [0]
      try await world.receive(into: &buffer, from: from, tag: tag)
      return buffer[0]
    }
  }

  /// An exchange of unknown length that has begun goes on: the other side counts on it.
  @Test func exchangesEnd() async throws {
    let (from, to, me) = (previous, next, world.rank.index)
    let exchanging = Task { () async throws(MPIError) in
      try await world.sendReceive([Int](repeating: me, count: me + 1), to: to, from: from, tag: 51)
    }
    if me % 2 == 0 { exchanging.cancel() }
    #expect(try await exchanging.value == [Int](repeating: from.index, count: from.index + 1))
  }

  /// A sequence that is cancelled while messages come gives each of them, or leaves it.
  @Test func sequencesLoseNothing() async throws {
    let (from, to, me) = (previous, next, world.rank.index)
    let count = 60
    let reader = Task { () async throws in
      var values: [Int] = []
      for try await message in world.messages(of: Int.self, from: from, tag: 52) { values.append(message.value) }
      return values
    }
    let sending = Task { () async throws in
      for value in 0..<count { try await world.send(100 * me + value, to: to, tag: 52) }
    }
    try await Task.sleep(for: .microseconds(200 * (me + 1)))
    reader.cancel()
    var values = try await reader.value
    while values.count < count { values.append(try await world.receive(Int.self, from: from, tag: 52)) }
    try await sending.value
    #expect(values == (0..<count).map { 100 * from.index + $0 })
    try await world.barrier()
    #expect(try world.probeIfAvailable(from: .any, tag: .any) == nil)
  }
}
