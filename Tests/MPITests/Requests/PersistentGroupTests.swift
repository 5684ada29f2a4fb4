import MPI
import MPITesting
import TestSupport
import Testing

/// What is prepared once, and started together many times.
@Suite(.ranked) struct PersistentGroupTests {
  private var me: Int { world.rank.index }

  /// What rank a sends to b in a round.
  private static func message(_ round: Int, from a: Int, to b: Int) -> [Int] {
    Int.drawn(10, seed: UInt64(100 * round + b + 1), rank: a)
  }

  private static func fill<Element>(_ span: inout MutableSpan<Element>, _ values: [Element]) {
    for index in span.indices { span[index] = values[index] }
  }

  private static func array<Element>(_ span: inout MutableSpan<Element>) -> [Element] { span.indices.map { span[$0] } }

  /// A receive from and a send to every rank, itself too.
  @Test func everyRank() throws {
    let (me, size) = (me, world.size)
    var (incoming, outgoing) = ([Int](repeating: 0, count: 10 * size), [Int](repeating: 0, count: 10 * size))
    var group = PersistentGroup()
    var into = incoming.mutableSpan.chunks(of: 10)
    var out = outgoing.mutableSpan.chunks(of: 10)
    for rank in world.ranks {
      #expect(group.add(try world.makeReceive(into: into.next()!, from: rank, tag: 1)) == rank.index)
    }
    for rank in world.ranks { group.add(try world.makeSend(out.next()!, to: rank, tag: 1)) }
    #expect(group.count == 2 * size)
    for round in 0..<5 {
      for rank in 0..<size {
        group.withValues(of: size + rank, as: Int.self) { Self.fill(&$0, Self.message(round, from: me, to: rank)) }
      }
      var running = try group.startAll()
      var reported = 0
      if round % 2 == 1 { while try running.waitAny() != nil { reported += 1 } }
      let statuses = try running.waitAll()
      #expect(reported == (round % 2 == 1 ? 2 * size : 0))
      for rank in 0..<size {
        #expect(statuses[rank].source == Rank(rank))
        let received = group.withValues(of: rank, as: Int.self) { Self.array(&$0) }
        #expect(received == Self.message(round, from: rank, to: me))
      }
    }
  }

  /// Collectives, one of which this MPI cannot prepare, beside messages of another type.
  @Test func collectivesToo() throws {
    let (me, size) = (me, world.size)
    let next = (world.rank + 1) % size
    let previous = (world.rank - 1) % size
    var (sum, product, out, into) = ([0, 0], [0.0], [0 as Int32], [0 as Int32])
    var group = PersistentGroup()
    group.add(try world.makeReceive(into: into.mutableSpan, from: previous, tag: 2))
    let first = group.add(try world.makeAllReduce(sum.mutableSpan, .sum))
    let sending = group.add(try world.makeSend(out.mutableSpan, to: next, tag: 2))
    // It may throw, and so it is started anew each time.
    let throwing = Reduction<Double>(isCommutative: true) { a, b in
      guard a >= 0, b >= 0 else { throw CancellationError() }
      return a * b
    }
    let second = group.add(try world.makeAllReduce(product.mutableSpan, throwing))
    for round in 1..<5 {
      group.withValues(of: first, as: Int.self) { Self.fill(&$0, [me, round]) }
      group.withValues(of: second, as: Double.self) { Self.fill(&$0, [Double(round)]) }
      group.withValues(of: sending, as: Int32.self) { Self.fill(&$0, [Int32(10 * me + round)]) }
      var running = try group.startAll()
      try running.waitAll()
      let sums = group.withValues(of: first, as: Int.self) { Self.array(&$0) }
      #expect(sums == [size * (size - 1) / 2, size * round])
      let products = group.withValues(of: second, as: Double.self) { Self.array(&$0) }
      #expect(products == [(0..<size).reduce(1.0) { product, _ in product * Double(round) }])
      let received = group.withValues(of: 0, as: Int32.self) { Self.array(&$0) }
      #expect(received == [Int32(10 * previous.index + round)])
    }
  }

  /// A round that nobody waits for is complete before the next one, and one may be awaited.
  @Test func forgottenAndAwaited() async throws {
    let (me, size) = (me, world.size)
    let (next, previous) = ((world.rank + 1) % size, (world.rank - 1) % size)
    var (out, into) = ([0], [0])
    var group = PersistentGroup()
    group.add(try world.makeReceive(into: into.mutableSpan, from: previous, tag: 3))
    group.add(try world.makeSend(out.mutableSpan, to: next, tag: 3))
    for round in 0..<4 {
      group.withValues(of: 1, as: Int.self) { $0[0] = 100 * me + round }
      if round % 2 == 0 {
        _ = try group.startAll()
      } else {
        var running = try group.startAll()
        try await running.waitAll()
      }
      let received = group.withValues(of: 0, as: Int.self) { $0[0] }
      #expect(received == 100 * previous.index + round)
    }
  }

  @Test func empty() throws {
    var group = PersistentGroup()
    for _ in 0..<2 {
      var running = try group.startAll()
      #expect(try running.waitAll().isEmpty)
    }
  }
}
