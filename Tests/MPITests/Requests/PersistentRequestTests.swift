import MPI
import MPITesting
import TestSupport
import Testing

/// What is prepared once and run many times.
@Suite(.ranked) struct PersistentRequestTests {
  private var me: Int { world.rank.index }
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }
  private var last: Rank { Rank(world.size - 1) }

  private func values(_ round: Int, _ rank: Int, _ count: Int = 20) -> [Int] {
    Int.drawn(count, seed: UInt64(round + 1), rank: rank)
  }

  private static func fill(_ span: inout MutableSpan<Int>, _ values: [Int]) {
    for index in span.indices { span[index] = values[index] }
  }

  private static func array(_ span: inout MutableSpan<Int>) -> [Int] { span.indices.map { span[$0] } }

  @Test(arguments: [SendMode.standard, .synchronous, .ready]) func aroundTheRing(mode: SendMode) throws {
    var out = [Int](repeating: 0, count: 20)
    var into = [Int](repeating: 0, count: 22)
    var sending = try world.makeSend(out.mutableSpan, to: next, tag: 2, mode: mode)
    var receiving = try world.makeReceive(into: into.mutableSpan, from: previous, tag: 2)
    for round in 0..<5 {
      sending.withValues { Self.fill(&$0, values(round, me)) }
      var arriving = try receiving.start()
      if mode == .ready { try world.barrier() }
      let leaving = try sending.start()
      try leaving.wait()
      if round % 2 == 1 { while try arriving.test() == nil {} }
      let status = try arriving.wait()
      #expect(status.source == previous)
      #expect(try status.count(of: Int.self) == 20)
      let received = receiving.withValues { Self.array(&$0) }
      #expect(received == values(round, previous.index) + [0, 0])
    }
  }

  @Test func inGroupsAndForgotten() throws {
    var out = [Int](repeating: 0, count: 20)
    var into = out
    var sending = try world.makeSend(out.mutableSpan, to: next, tag: 3)
    var receiving = try world.makeReceive(into: into.mutableSpan, from: .any, tag: 3)
    for round in 0..<4 {
      sending.withValues { Self.fill(&$0, values(round, me)) }
      if round % 2 == 0 {
        var group = RequestGroup()
        group.add(try receiving.start())
        group.add(try sending.start())
        while let completion = try group.waitAny() { _ = try completion.status }
      } else {
        let arriving = try receiving.start()
        let leaving = try sending.start()
        _ = consume arriving
        try leaving.wait()
      }
      #expect(receiving.withValues { Self.array(&$0) } == values(round, previous.index))
    }
    // A round is called off, and the next one is as ever.
    let round = try receiving.start()
    let outcome = try round.cancel()
    if outcome != nil { Issue.record("there was a message") }
    try world.barrier()
    let arriving = try receiving.start()
    let leaving = try sending.start()
    try leaving.wait()
    try arriving.wait()
  }

  /// Runs one that was made, for some rounds: what each rank gives and what it must find afterwards.
  private func run(
    _ request: consuming PersistentRequest<Int>, given: (Int) -> [Int], expected: (Int) -> [Int]
  ) throws {
    for round in 0..<3 {
      request.withValues { Self.fill(&$0, given(round)) }
      let running = try request.start()
      try running.wait()
      #expect(request.withValues { Self.array(&$0) } == expected(round))
    }
  }

  private func serial(_ round: Int, _ ranks: Range<Int>, _ combine: (Int, Int) -> Int) -> [Int] {
    let all = ranks.map { values(round, $0) }
    return all.dropFirst().reduce(all[0]) { zip($0, $1).map(combine) }
  }

  @Test func collectivesThatMove() throws {
    let size = world.size
    var one = [Int](repeating: 0, count: 20)
    for root in [0, last] {
      try run(
        try world.makeBroadcast(one.mutableSpan, from: root), given: { values($0, me) },
        expected: { values($0, root.index) })
      let isRoot = world.rank == root
      var buffer = [Int](repeating: 0, count: isRoot ? 20 * size : 20)
      let all = { (round: Int) in (0..<size).flatMap { values(round, $0) } }
      let own = { (round: Int) in isRoot ? all(round) : values(round, me) }
      try run(try world.makeGather(inPlace: buffer.mutableSpan, to: root), given: own, expected: own)
      try run(
        try world.makeScatter(inPlace: buffer.mutableSpan, from: root),
        given: { isRoot ? all($0) : [Int](repeating: 0, count: 20) }, expected: own)
    }
    var all = [Int](repeating: 0, count: 20 * size)
    try run(
      try world.makeAllGather(inPlace: all.mutableSpan),
      given: { round in (0..<size).flatMap { $0 == me ? values(round, me) : [Int](repeating: -1, count: 20) } },
      expected: { round in (0..<size).flatMap { values(round, $0) } })
    try run(
      try world.makeAllToAll(inPlace: all.mutableSpan), given: { values($0, me, 20 * size) },
      expected: { round in (0..<size).flatMap { Array(values(round, $0, 20 * size)[me * 20..<(me + 1) * 20]) } })
    var barrier = try world.makeBarrier()
    for _ in 0..<3 {
      let waiting = try barrier.start()
      try waiting.wait()
    }
  }

  @Test func reductions() throws {
    var memory = [Int](repeating: 0, count: 20)
    let size = world.size
    let (me, mine) = (me, { (round: Int) in values(round, self.me) })
    try run(try world.makeAllReduce(memory.mutableSpan, .sum), given: mine) { serial($0, 0..<size, &+) }
    try run(try world.makeScan(memory.mutableSpan, .maximum), given: mine) { serial($0, 0..<me + 1, max) }
    try run(try world.makeExclusiveScan(memory.mutableSpan, .sum), given: mine) {
      me == 0 ? mine($0) : serial($0, 0..<me, &+)
    }
    let closure = Reduction<Int>(isCommutative: true) { $0 ^ $1 }
    try run(try world.makeAllReduce(memory.mutableSpan, closure), given: mine) { serial($0, 0..<size, ^) }
    for root in [0, last] {
      try run(try world.makeReduce(inPlace: memory.mutableSpan, .sum, to: root), given: mine) {
        world.rank == root ? serial($0, 0..<size, &+) : mine($0)
      }
    }
    struct Never: Error {}
    let throwing = Reduction<Int>(isCommutative: true) { left, right in
      guard left != Int.max else { throw Never() }
      return left &+ right
    }
    try run(try world.makeAllReduce(memory.mutableSpan, throwing), given: mine) { serial($0, 0..<size, &+) }
  }

  static let mistakes: [ErrorCase] = [
    ErrorCase("a rank", MPIError.rank) {
      var values = [1]
      _ = try world.makeSend(values.mutableSpan, to: Rank(world.size))
    },
    ErrorCase("a part", MPIError.length) {
      var values = [Int](repeating: 1, count: world.size * 2 + 1)
      if world.size == 1 { throw MPIError(MPIError.length, in: "MPI_Allgather_init", "one rank divides everything") }
      _ = try world.makeAllGather(inPlace: values.mutableSpan)
    },
  ]

  @Test(arguments: mistakes) func found(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
