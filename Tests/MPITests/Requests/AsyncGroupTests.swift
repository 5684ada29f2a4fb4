import MPI
import MPITesting
import TestSupport
import Testing

/// Groups of requests that tasks await.
@Suite(.ranked) struct AsyncGroupTests {
  private var me: Int { world.rank.index }
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  enum Way: CaseIterable { case all, any, some }

  /// Every rank with every rank, itself too; the messages come when everybody waits for them.
  @Test(arguments: Way.allCases, [true, false]) func everyRank(way: Way, isLate: Bool) async throws {
    let size = world.size
    let values = Float.drawn(100, rank: me)
    var received = [Float](repeating: 0, count: 100 * size)
    var group = RequestGroup()
    var pieces = received.mutableSpan.chunks(of: 100)
    for rank in world.ranks { group.add(try world.startReceive(into: pieces.next()!, from: rank, tag: 1)) }
    if isLate { try await Task.sleep(for: .milliseconds(10 * (me + 1))) }
    for rank in world.ranks { group.add(try world.startSend(values.span, to: rank, tag: 1)) }
    var numbers: [Int] = []
    switch way {
    case .all: break
    case .any: while let completion = try await group.waitAny() { numbers.append(completion.index) }
    case .some:
      while true {
        let some = try await group.waitSome()
        if some.isEmpty { break }
        numbers += some.map(\.index)
      }
    }
    if way != .all { #expect(numbers.sorted() == Array(0..<2 * size)) }
    let statuses = try await group.waitAll()
    #expect(group.pendingCount == 0)
    #expect(statuses.count == 2 * size)
    for rank in 0..<size {
      #expect(statuses[rank].source == Rank(rank))
      #expect(try statuses[rank].count(of: Float.self) == 100)
    }
    #expect(received == Array((0..<size).flatMap { Float.drawn(100, rank: $0) }))
  }

  /// What comes first is reported first, while the other one is not even sent.
  @Test func inTheirOrder() async throws {
    var (first, second) = ([0], [0])
    var group = RequestGroup()
    group.add(try world.startReceive(into: &first, from: previous, tag: 2))
    group.add(try world.startReceive(into: &second, from: previous, tag: 3))
    let mine = me
    async let sent: Void = world.send(mine, to: next, tag: 3)
    let completion = try #require(try await group.waitAny())
    #expect(completion.index == 1)
    #expect(group.pendingCount == 1)
    try await sent
    // Everybody has seen that.
    try await world.barrier()
    async let later: Void = world.send(mine + 100, to: next, tag: 2)
    #expect(try await group.waitSome().map(\.index) == [0])
    try await later
    let none = try await group.waitAny()
    #expect(none == nil)
    #expect(try await group.waitSome().isEmpty)
    try await group.waitAll()
    #expect(first == [previous.index + 100])
    #expect(second == [previous.index])
  }

  /// Collectives, with what is kept for them, beside messages; some are tested before.
  @Test func mixed() async throws {
    let size = world.size
    let values = Int.drawn(50, rank: me)
    var (sum, gathered, message) = (values, [Int](repeating: 0, count: size), [0])
    let own = [me]
    var group = RequestGroup()
    var sumSpan = sum.mutableSpan
    var gatheredSpan = gathered.mutableSpan
    group.add(try world.startAllReduce(&sumSpan, Reduction(isCommutative: true) { $0 &+ $1 }))
    group.add(try world.startAllGather(own.span, into: &gatheredSpan))
    group.add(try world.startReceive(into: &message, from: previous, tag: 4))
    group.add(try world.startSend(own.span, to: next, tag: 4))
    _ = try group.testAll()
    #expect(try await group.waitAll().count == 4)
    let all = Int.drawnByAll(50, ranks: size)
    #expect(sum == (0..<50).map { index in all.reduce(0) { $0 &+ $1[index] } })
    #expect(gathered == Array(0..<size))
    #expect(message == [previous.index])
  }

  @Test func empty() async throws {
    var group = RequestGroup()
    #expect(try await group.waitAll().isEmpty)
    let none = try await group.waitAny()
    #expect(none == nil)
    #expect(try await group.waitSome().isEmpty)
  }

  /// The task is cancelled: its receives are called off, its send is not, and the messages are left for others.
  @Test(arguments: Way.allCases) func cancelled(way: Way) async throws {
    let (from, to, me) = (previous, next, me)
    let task = Task { () async throws -> [Result<Status, MPIError>?] in
      var (first, second) = ([-1], [-1])
      let own = [me]
      var group = RequestGroup()
      group.add(try world.startReceive(into: &first, from: from, tag: 5))
      group.add(try world.startSend(own.span, to: to, tag: 6))
      group.add(try world.startReceive(into: &second, from: from, tag: 5))
      switch way {
      case .all: do { try await group.waitAll() } catch MPIError.cancelled {}
      case .any: while try await group.waitAny() != nil {}
      case .some: while try await !group.waitSome().isEmpty {}
      }
      let results = group.results
      _ = consume group
      guard first == [-1], second == [-1] else { return [] }
      return results
    }
    #expect(try await world.receive(Int.self, from: from, tag: 6) == from.index)
    try await Task.sleep(for: .milliseconds(10))
    task.cancel()
    let results = try await task.value
    try #require(results.count == 3)
    for index in [0, 2] {
      do throws(MPIError) {
        _ = try results[index]?.get()
        Issue.record("receive \(index) was not called off")
      } catch { #expect(error.errorClass == MPIError.cancelled, "\(error)") }
    }
    _ = try #require(results[1]).get()
    try await world.barrier()
    async let sent: Void = world.send(me + 7, to: to, tag: 5)
    #expect(try await world.receive(Int.self, from: from, tag: 5) == from.index + 7)
    try await sent
  }

  @Test func errorsOfOne() async throws {
    guard world.size > 1 else { return }
    let alone = try world.duplicate()
    var (short, long) = ([0, 0] as [Int32], [0, 0, 0] as [Int32])
    let mine: [Int32] = [1, 2, 3]
    var group = RequestGroup()
    group.add(try alone.startReceive(into: &short, from: previous, tag: 1))
    group.add(try alone.startReceive(into: &long, from: previous, tag: 2))
    group.add(try alone.startSend(mine.span, to: next, tag: 1))
    group.add(try alone.startSend(mine.span, to: next, tag: 2))
    do throws(MPIError) {
      try await group.waitAll()
      Issue.record("a message of 3 was received into 2")
    } catch { #expect(error.errorClass == MPIError.truncate, "\(error)") }
    #expect(group.pendingCount == 0)
    #expect(try group.results[1]?.get().count(of: Int32.self) == 3)
    _ = consume group
    #expect(long == [1, 2, 3])
  }
}
