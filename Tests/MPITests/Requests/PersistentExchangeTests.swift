import MPI
import MPITesting
import TestSupport
import Testing

/// Collectives from one memory into another that are prepared once and run many times.
@Suite(.ranked) struct PersistentExchangeTests {
  private var me: Int { world.rank.index }
  private var size: Int { world.size }
  private var last: Rank { Rank(world.size - 1) }

  private func values(_ round: Int, _ rank: Int, _ count: Int = 20) -> [Int] {
    Int.drawn(count, seed: UInt64(round + 11), rank: rank)
  }

  static func fill(_ span: inout MutableSpan<Int>, _ values: [Int]) {
    for index in span.indices { span[index] = values[index] }
  }

  static func array(_ span: inout MutableSpan<Int>) -> [Int] { span.indices.map { span[$0] } }

  /// Runs one that was made, for some rounds: what each rank gives and what it must get.
  private func run(
    _ exchange: consuming PersistentExchange<Int>, given: (Int) -> [Int], expected: (Int) -> [Int]
  ) throws {
    for round in 0..<3 {
      exchange.withOutgoing { Self.fill(&$0, given(round)) }
      let running = try exchange.start()
      try running.wait()
      #expect(exchange.withIncoming { Self.array(&$0) } == expected(round))
      // What is read stays as it was.
      exchange.withValues { outgoing, incoming in
        #expect(Self.array(&outgoing) == given(round))
        for index in incoming.indices { incoming[index] = 0 }
      }
    }
  }

  @Test func equalParts() throws {
    let (me, size) = (me, size)
    let mine = { (round: Int) in self.values(round, me) }
    let whole = { (round: Int) in (0..<size).flatMap { self.values(round, $0) } }
    for root in [0, last] {
      let isRoot = world.rank == root
      var out = [Int](repeating: 0, count: 20)
      var into = [Int](repeating: 0, count: isRoot ? 20 * size : 0)
      try run(try world.makeGather(out.mutableSpan, into: into.mutableSpan, to: root), given: mine) {
        isRoot ? whole($0) : []
      }
      try run(
        try world.makeScatter(into.mutableSpan, into: out.mutableSpan, from: root),
        given: { isRoot ? whole($0) : [] }, expected: mine)
    }
    var (out, into) = ([Int](repeating: 0, count: 20), [Int](repeating: 0, count: 20 * size))
    try run(try world.makeAllGather(out.mutableSpan, into: into.mutableSpan), given: mine, expected: whole)
    out = into
    try run(
      try world.makeAllToAll(out.mutableSpan, into: into.mutableSpan), given: { values($0, me, 20 * size) },
      expected: { round in (0..<size).flatMap { Array(values(round, $0, 20 * size)[me * 20..<(me + 1) * 20]) } })
  }

  /// Blocks of different lengths, in the ranks' reverse order, one value apart.
  private func blocks(_ counts: [Int]) -> Blocks {
    var offsets = counts
    var next = 0
    for rank in counts.indices.reversed() {
      offsets[rank] = next
      next += counts[rank] + 1
    }
    return Blocks(counts: counts, offsets: offsets)
  }

  /// A buffer with the blocks in their places and zeros between them.
  private func placed(_ blocks: Blocks, _ parts: (Int) -> [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: blocks.total + blocks.counts.count)
    for rank in blocks.counts.indices {
      result.replaceSubrange(blocks.offsets[rank]..<blocks.offsets[rank] + blocks.counts[rank], with: parts(rank))
    }
    return result
  }

  @Test func unequalParts() throws {
    let (me, size) = (me, size)
    let blocks = blocks((0..<size).map { ($0 * 3 + 1) % 5 })
    let room = blocks.total + size
    let part = { (round: Int, rank: Int) in self.values(round, rank, blocks.counts[rank]) }
    let whole = { (round: Int) in placed(blocks) { part(round, $0) } }
    for root in [0, last] {
      let isRoot = world.rank == root
      var out = [Int](repeating: 0, count: blocks.counts[me])
      var into = [Int](repeating: 0, count: isRoot ? room : 0)
      let given = isRoot ? blocks : nil
      try run(
        try world.makeGather(out.mutableSpan, into: into.mutableSpan, blocks: given, to: root),
        given: { part($0, me) }, expected: { isRoot ? whole($0) : [] })
      try run(
        try world.makeScatter(into.mutableSpan, blocks: given, into: out.mutableSpan, from: root),
        given: { isRoot ? whole($0) : [] }, expected: { part($0, me) })
    }
    var (out, into) = ([Int](repeating: 0, count: blocks.counts[me]), [Int](repeating: 0, count: room))
    try run(
      try world.makeAllGather(out.mutableSpan, into: into.mutableSpan, blocks: blocks), given: { part($0, me) },
      expected: whole)

    // From a to b go a + 2b values modulo 4.
    func message(_ round: Int, _ a: Int, _ b: Int) -> [Int] { values(100 * round + b, a, (a + 2 * b) % 4) }
    let outgoing = self.blocks((0..<size).map { (me + 2 * $0) % 4 })
    let incoming = self.blocks((0..<size).map { ($0 + 2 * me) % 4 })
    out = [Int](repeating: 0, count: outgoing.total + size)
    into = [Int](repeating: 0, count: incoming.total + size)
    try run(
      try world.makeAllToAll(out.mutableSpan, outgoing, into: into.mutableSpan, incoming),
      given: { round in placed(outgoing) { message(round, me, $0) } },
      expected: { round in placed(incoming) { message(round, $0, me) } })
  }

  private func serial(_ round: Int, _ ranks: Range<Int>, count: Int = 20, _ combine: (Int, Int) -> Int) -> [Int] {
    let all = ranks.map { values(round, $0, count) }
    return all.dropFirst().reduce(all[0]) { zip($0, $1).map(combine) }
  }

  @Test func reductions() throws {
    let (me, size) = (me, size)
    var (out, into) = ([Int](repeating: 0, count: 20), [Int](repeating: 0, count: 20))
    let mine = { (round: Int) in self.values(round, me) }
    try run(try world.makeAllReduce(out.mutableSpan, into: into.mutableSpan, .sum), given: mine) {
      serial($0, 0..<size, &+)
    }
    try run(try world.makeScan(out.mutableSpan, into: into.mutableSpan, .maximum), given: mine) {
      serial($0, 0..<me + 1, max)
    }
    try run(try world.makeExclusiveScan(out.mutableSpan, into: into.mutableSpan, .sum), given: mine) {
      me == 0 ? [Int](repeating: 0, count: 20) : serial($0, 0..<me, &+)
    }
    struct Never: Error {}
    for closure in [
      Reduction<Int>(isCommutative: true) { $0 ^ $1 },
      Reduction<Int>(isCommutative: true) { left, right in
        guard left != Int.max || right != Int.min else { throw Never() }
        return left ^ right
      },
    ] {
      try run(try world.makeAllReduce(out.mutableSpan, into: into.mutableSpan, closure), given: mine) {
        serial($0, 0..<size, ^)
      }
    }
    for root in [0, last] {
      var result = [Int](repeating: 0, count: world.rank == root ? 20 : 0)
      try run(try world.makeReduce(out.mutableSpan, into: result.mutableSpan, .sum, to: root), given: mine) {
        world.rank == root ? serial($0, 0..<size, &+) : []
      }
    }
  }

  @Test func divided() throws {
    let (me, size) = (me, size)
    var (out, into) = ([Int](repeating: 0, count: 4 * size), [Int](repeating: 0, count: 4))
    try run(
      try world.makeReduceScatter(out.mutableSpan, into: into.mutableSpan, .sum),
      given: { values($0, me, 4 * size) },
      expected: { Array(serial($0, 0..<size, count: 4 * size, &+)[4 * me..<4 * (me + 1)]) })
    let counts = (0..<size).map { ($0 * 3 + 1) % 5 }
    let (total, start) = (counts.reduce(0, +), counts[..<me].reduce(0, +))
    out = [Int](repeating: 0, count: total)
    into = [Int](repeating: 0, count: counts[me])
    for reduction in [Reduction<Int>.sum, Reduction(isCommutative: true) { $0 &+ $1 }] {
      try run(
        try world.makeReduceScatter(out.mutableSpan, counts: counts, into: into.mutableSpan, reduction),
        given: { values($0, me, total) },
        expected: { Array(serial($0, 0..<size, count: total, &+)[start..<start + counts[me]]) })
    }
  }

  /// Exchanges and one-memory requests, started together.
  @Test func together() throws {
    let (me, size) = (me, size)
    var (out, into, all) = ([0, 0], [0, 0], [Int](repeating: 0, count: size))
    var group = PersistentGroup()
    let summing = group.add(try world.makeAllReduce(out.mutableSpan, into: into.mutableSpan, .sum))
    let gathering = group.add(try world.makeAllGather(inPlace: all.mutableSpan))
    for round in 0..<3 {
      group.withValues(of: summing, as: Int.self) { Self.fill(&$0, [me, round]) }
      group.withValues(of: gathering, as: Int.self) { $0[me] = me * round }
      var running = try group.startAll()
      try running.waitAll()
      group.withValues(ofExchange: summing, as: Int.self) { outgoing, incoming in
        #expect(Self.array(&outgoing) == [me, round])
        #expect(Self.array(&incoming) == [size * (size - 1) / 2, size * round])
      }
      let gathered = group.withValues(of: gathering, as: Int.self) { Self.array(&$0) }
      #expect(gathered == (0..<size).map { $0 * round })
    }
  }

  static let mistakes: [ErrorCase] = [
    ErrorCase("a result of another length", MPIError.length) {
      var (values, result) = ([1, 2], [0])
      _ = try world.makeAllReduce(values.mutableSpan, into: result.mutableSpan, .sum)
    },
    ErrorCase("a buffer that is too small", MPIError.length) {
      var (values, buffer) = ([1, 2], [0])
      _ = try world.makeAllGather(values.mutableSpan, into: buffer.mutableSpan)
    },
    ErrorCase("a block outside the buffer", MPIError.length) {
      var (values, buffer) = ([1], [Int](repeating: 0, count: world.size))
      let blocks = Blocks(counts: [Int](repeating: 1, count: world.size), offsets: (0..<world.size).map { $0 + 1 })
      _ = try world.makeAllGather(values.mutableSpan, into: buffer.mutableSpan, blocks: blocks)
    },
    ErrorCase("a root that does not exist", MPIError.root) {
      var (values, result) = ([1], [0])
      _ = try world.makeReduce(values.mutableSpan, into: result.mutableSpan, .sum, to: Rank(world.size))
    },
    ErrorCase("counts that do not add up", MPIError.length) {
      var (values, result) = ([1], [0])
      let counts = [Int](repeating: 1, count: world.size + 1)
      _ = try world.makeReduceScatter(values.mutableSpan, counts: counts, into: result.mutableSpan, .sum)
    },
  ]

  @Test(arguments: mistakes) func found(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
