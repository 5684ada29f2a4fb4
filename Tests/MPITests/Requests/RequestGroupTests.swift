import MPI
import MPITesting
import TestSupport
import Testing

/// Many requests at once: with every rank, this one too.
@Suite(.ranked) struct RequestGroupTests {
  private var me: Int { world.rank.index }

  /// What rank a sends to b under a tag: of a length that depends on both.
  private static func message(from a: Int, to b: Int) -> [Int] {
    Int.drawn(3 * a + b + 1, seed: UInt64(b + 3), rank: a)
  }

  @Test func waitAll() throws {
    let size = world.size
    let outgoing = (0..<size).map { Self.message(from: me, to: $0) }
    let outBlocks = Blocks(counts: outgoing.map(\.count))
    let flat = Array(outgoing.joined())
    let longest = 4 * size
    var received = [Int](repeating: -1, count: size * longest)
    var group = RequestGroup()
    var pieces = received.mutableSpan.chunks(of: longest)
    for rank in world.ranks {
      #expect(group.add(try world.startReceive(into: pieces.next()!, from: rank, tag: 4)) == rank.index)
    }
    if pieces.next() != nil { Issue.record("there is one piece more") }
    for rank in world.ranks {
      let start = outBlocks.offsets[rank.index]
      group.add(
        try world.startSend(flat.span.extracting(start..<start + outBlocks.counts[rank.index]), to: rank, tag: 4))
    }
    #expect(group.count == 2 * size)
    let statuses = try group.waitAll()
    #expect(group.pendingCount == 0)
    // Once more: the same.
    #expect(try group.waitAll().count == 2 * size)
    for rank in 0..<size {
      let expected = Self.message(from: rank, to: me)
      #expect(statuses[rank].source == Rank(rank))
      #expect(try statuses[rank].count(of: Int.self) == expected.count)
      #expect(Array(received[rank * longest..<rank * longest + expected.count]) == expected)
      #expect(received[rank * longest + expected.count] == -1)
    }
  }

  enum Way: CaseIterable { case waitAny, testAny, waitSome, testSome, testAll }

  @Test(arguments: Way.allCases) func oneAfterTheOther(way: Way) throws {
    let size = world.size
    let values = Float.drawn(100, rank: me)
    var received = [Float](repeating: 0, count: 100 * size)
    var group = RequestGroup()
    group.reserveCapacity(2 * size)
    var pieces = received.mutableSpan.chunks(of: 100)
    for rank in world.ranks { group.add(try world.startReceive(into: pieces.next()!, from: rank, tag: 5)) }
    for rank in world.ranks { group.add(try world.startSend(values.span, to: rank, tag: 5)) }
    var completions: [Completion] = []
    switch way {
    case .waitAny: while let next = try group.waitAny() { completions.append(next) }
    case .testAny: while completions.count < 2 * size { if let next = try group.testAny() { completions.append(next) } }
    case .waitSome:
      while true {
        let some = try group.waitSome()
        if some.isEmpty { break }
        completions += some
      }
    case .testSome: while completions.count < 2 * size { completions += try group.testSome() }
    case .testAll:
      while try !group.testAll() {}
      while let next = try group.testAny() { completions.append(next) }
    }
    #expect(completions.map(\.index).sorted() == Array(0..<2 * size))
    for completion in completions where completion.index < size {
      let status = try completion.status
      #expect(status.source == Rank(completion.index))
      #expect(try status.count(of: Float.self) == 100)
    }
    #expect(try group.waitAny() == nil)
    #expect(try group.testSome().isEmpty)
    #expect(try group.testAll())
    #expect(try group.waitAll().count == 2 * size)
    #expect(received == Array((0..<size).flatMap { Float.drawn(100, rank: $0) }))
  }

  @Test func empty() throws {
    var group = RequestGroup()
    #expect(try group.waitAll().isEmpty)
    #expect(try group.waitAny() == nil)
    #expect(try group.waitSome().isEmpty)
    #expect(try group.testAll())
    #expect(group.count == 0)
  }

  /// Requests of all kinds, one of them found complete before it is added.
  @Test func allKinds() throws {
    var sum = [me, 1]
    var root = [me]
    let values = [7, 8]
    var received = [0, 0]
    var receiving = try world.startReceive(into: &received, from: world.rank, tag: 9)
    let sending = try world.startSend(values.span, to: world.rank, tag: 9)
    while try receiving.test() == nil {}
    var group = RequestGroup()
    group.add(receiving)
    group.add(sending)
    group.add(try world.startAllReduce(&sum, .sum))
    group.add(try world.startBroadcast(&root, from: Rank(world.size - 1)))
    group.add(try world.startBarrier())
    let statuses = try group.waitAll()
    #expect(try statuses[0].count(of: Int.self) == 2)
    #expect(received == [7, 8])
    #expect(sum == [world.size * (world.size - 1) / 2, world.size])
    #expect(root == [world.size - 1])
  }

  /// The deinitialiser waits for all of them.
  @Test func forgotten() throws {
    let values = Int.drawn(50_000, rank: me)
    var received = [Int](repeating: 0, count: 50_000 * world.size)
    do {
      var group = RequestGroup()
      var pieces = received.mutableSpan.chunks(of: 50_000)
      for rank in world.ranks { group.add(try world.startReceive(into: pieces.next()!, from: rank)) }
      for rank in world.ranks { group.add(try world.startSend(values.span, to: rank)) }
    }
    #expect(received == Array((0..<world.size).flatMap { Int.drawn(50_000, rank: $0) }))
  }

  /// One message is too long, the others arrive.
  @Test(arguments: Way.allCases) func errorsAreTheirRequests(way: Way) throws {
    guard world.size > 1 else { return }
    let next = (world.rank + 1) % world.size
    let previous = (world.rank - 1) % world.size
    let alone = try world.duplicate()
    let values: [Int32] = [1, 2, 3]
    var received = [Int32](repeating: 0, count: 8)
    var group = RequestGroup()
    var rest = received.mutableSpan
    group.add(try alone.startReceive(into: rest.takeFirst(3), from: previous, tag: 0))
    group.add(try alone.startReceive(into: rest.takeFirst(2), from: previous, tag: 1))
    group.add(try alone.startReceive(into: rest, from: previous, tag: 2))
    for tag in 0..<3 { group.add(try alone.startSend(values.span, to: next, tag: tag)) }
    var completions = 0
    switch way {
    case .waitAny: while try group.waitAny() != nil { completions += 1 }
    case .testAny: while group.pendingCount > 0 { if try group.testAny() != nil { completions += 1 } }
    case .waitSome: while group.pendingCount > 0 { completions += try group.waitSome().count }
    case .testSome: while group.pendingCount > 0 { completions += try group.testSome().count }
    case .testAll: while try !group.testAll() {}
    }
    if way != .testAll { #expect(completions == 6) }
    do throws(MPIError) {
      try group.waitAll()
      Issue.record("a message of 3 was received into 2")
    } catch { #expect(error.errorClass == MPIError.truncate, "\(error)") }
    for (index, result) in group.results.enumerated() {
      switch result {
      case .success: #expect(index != 1)
      case .failure(let error): #expect(index == 1 && error.errorClass == MPIError.truncate, "\(index): \(error)")
      case nil: Issue.record("request \(index) is pending")
      }
    }
    _ = consume group
    #expect(received[0..<3] == [1, 2, 3])
    #expect(received[5..<8] == [1, 2, 3])
  }

  /// Requests of two communicators in which this rank has other numbers: each error names that of its own one.
  @Test func errorsNameTheirCommunicators() throws {
    guard world.size > 1 else { return }
    let reversed = try #require(try world.split(color: 0, key: -world.rank.index))
    let alone = try #require(try world.split(color: world.rank.index))
    let next = (reversed.rank + 1) % world.size
    let previous = (reversed.rank - 1) % world.size
    let values: [Int32] = [1, 2, 3]
    var received = [Int32](repeating: 0, count: 3 * 5)
    var group = RequestGroup()
    var pieces = received.mutableSpan.chunks(of: 3)
    for _ in 0..<3 { group.add(try alone.startReceive(into: pieces.next()!, from: 0)) }
    for _ in 0..<2 {
      var piece = pieces.next()!
      group.add(try reversed.startReceive(into: piece.takeFirst(2), from: previous))
    }
    for _ in 0..<3 { group.add(try alone.startSend(values.span, to: 0)) }
    for _ in 0..<2 { group.add(try reversed.startSend(values.span, to: next)) }
    #expect(throws: MPIError.self) { try group.waitAll() }
    for (index, result) in group.results.enumerated() {
      switch (index, result) {
      case (3, .failure(let error)), (4, .failure(let error)):
        #expect(error.errorClass == MPIError.truncate && error.rank == reversed.rank, "\(index): \(error)")
        #expect("\(error)".contains("of \(world.size)"), "\(index): \(error)")
      case (_, .success): break
      default: Issue.record("request \(index): \(String(describing: result))")
      }
    }
  }

  @Test func pieces() {
    var values = Array(0..<11)
    var sums: [Int] = []
    var counts: [Int] = []
    var parts = values.mutableSpan.evenParts(4)
    while var part = parts.next() {
      counts.append(part.count)
      var sum = 0
      for index in part.indices {
        sum += part[index]
        part[index] = -part[index]
      }
      sums.append(sum)
    }
    #expect(counts == [3, 3, 3, 2])
    #expect(sums == [3, 12, 21, 19])
    #expect(values == (0..<11).map { -$0 })
    var rest = values.mutableSpan
    let first = rest.takeFirst(4)
    let none = rest.takeFirst(0)
    let (a, b, c) = (first.count, none.count, rest.count)
    #expect([a, b, c] == [4, 0, 7])
  }
}
