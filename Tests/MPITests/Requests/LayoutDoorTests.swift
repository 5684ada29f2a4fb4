import MPI
import MPITesting
import TestSupport
import Testing

/// Layouts in calls that are started, awaited and prepared: each brings what the blocking call brings.
@Suite(.ranked) struct LayoutDoorTests {
  private static let rows = 6

  /// A column of a matrix of 6 × 3, and where one column of a matrix of 6 × size goes: rank r's in column r.
  private let column: Layout<Int>
  private let spread: Layout<Int>
  private let mine: [Int]

  init() throws {
    column = try .vector(count: Self.rows, stride: 3)
    spread = try .vector(count: Self.rows, stride: world.size).resized(extent: 1)
    mine = Int.drawn(3 * Self.rows, seed: 21, rank: world.rank.index)
  }

  private var last: Rank { Rank(world.size - 1) }
  private var empty: [Int] { [Int](repeating: 0, count: Self.rows * world.size) }

  /// What a prepared exchange brings in its second round.
  private func second(_ exchange: consuming PersistentExchange<Int>) throws -> [Int] {
    for _ in 0..<2 {
      let running = try exchange.start()
      try running.wait()
    }
    return exchange.withIncoming { PersistentExchangeTests.array(&$0) }
  }

  @Test func gathers() async throws {
    for root in [0, last] {
      var (blocking, started, awaited, prepared) = (empty, empty, empty, empty)
      var span = blocking.mutableSpan
      try Blocking(world).gather(mine.span, as: column, into: &span, as: spread, to: root)
      if world.rank == root {
        #expect(
          blocking
            == (0..<Self.rows).flatMap { row in
              (0..<world.size).map { Int.drawn(3 * Self.rows, seed: 21, rank: $0)[3 * row] }
            })
      }
      var into = started.mutableSpan
      let request = try world.startGather(mine.span, as: column, into: &into, as: spread, to: root)
      try await request.wait()
      #expect(started == blocking)
      var other = awaited.mutableSpan
      try await world.gather(mine.span, as: column, into: &other, as: spread, to: root)
      #expect(awaited == blocking)
      var out = mine
      let making = try world.makeGather(
        out.mutableSpan, as: column, into: prepared.mutableSpan, as: spread, to: root)
      #expect(try second(making) == blocking)
    }
  }

  @Test func gathersOnAll() async throws {
    var (blocking, started, awaited, prepared) = (empty, empty, empty, empty)
    var span = blocking.mutableSpan
    try Blocking(world).allGather(mine.span, as: column, into: &span, as: spread)
    var into = started.mutableSpan
    let request = try world.startAllGather(mine.span, as: column, into: &into, as: spread)
    try await request.wait()
    #expect(started == blocking)
    var other = awaited.mutableSpan
    try await world.allGather(mine.span, as: column, into: &other, as: spread)
    #expect(awaited == blocking)
    var out = mine
    #expect(
      try second(try world.makeAllGather(out.mutableSpan, as: column, into: prepared.mutableSpan, as: spread))
        == blocking)
  }

  @Test func scatters() async throws {
    let whole = Int.drawn(Self.rows * world.size, seed: 22, rank: 0)
    for root in [0, last] {
      var (blocking, started, awaited, prepared) = (mine, mine, mine, mine)
      var span = blocking.mutableSpan
      try Blocking(world).scatter(whole.span, as: spread, into: &span, as: column, from: root)
      for row in 0..<Self.rows { #expect(blocking[3 * row] == whole[row * world.size + world.rank.index]) }
      var into = started.mutableSpan
      let request = try world.startScatter(whole.span, as: spread, into: &into, as: column, from: root)
      try await request.wait()
      #expect(started == blocking)
      var other = awaited.mutableSpan
      try await world.scatter(whole.span, as: spread, into: &other, as: column, from: root)
      #expect(awaited == blocking)
      var out = whole
      let making = try world.makeScatter(
        out.mutableSpan, as: spread, into: prepared.mutableSpan, as: column, from: root)
      #expect(try second(making) == blocking)
    }
  }

  @Test func broadcasts() async throws {
    for root in [0, last] {
      var (blocking, started, awaited, prepared) = (mine, mine, mine, mine)
      var span = blocking.mutableSpan
      try Blocking(world).broadcast(&span, as: column, from: root)
      let theirs = Int.drawn(3 * Self.rows, seed: 21, rank: root.index)
      for index in mine.indices { #expect(blocking[index] == (index % 3 == 0 ? theirs : mine)[index]) }
      var into = started.mutableSpan
      let request = try world.startBroadcast(&into, as: column, from: root)
      try await request.wait()
      #expect(started == blocking)
      var other = awaited.mutableSpan
      try await world.broadcast(&other, as: column, from: root)
      #expect(awaited == blocking)
      var making = try world.makeBroadcast(prepared.mutableSpan, as: column, from: root)
      for _ in 0..<2 {
        let running = try making.start()
        try await running.wait()
      }
      #expect(making.withValues { PersistentExchangeTests.array(&$0) } == blocking)
    }
  }

  /// The transpose of a matrix whose rows the ranks have: a block to each rank, turned on the way.
  @Test func exchanges() async throws {
    let (size, me) = (world.size, world.rank.index)
    let row = (0..<size).map { 100 * me + $0 }
    let outgoing = try (0..<size).map { LayoutBlock(try Layout<Int>.contiguous(1), offset: $0) }
    let incoming = try (0..<size).map { LayoutBlock(try Layout<Int>.contiguous(1), offset: size - 1 - $0) }
    let expected = (0..<size).map { 100 * (size - 1 - $0) + me }
    var (awaited, prepared, out) = ([Int](repeating: 0, count: size), [Int](repeating: 0, count: size), row)
    var span = awaited.mutableSpan
    try await world.allToAll(row.span, outgoing, into: &span, incoming)
    #expect(awaited == expected)
    #expect(
      try second(try world.makeAllToAll(out.mutableSpan, outgoing, into: prepared.mutableSpan, incoming)) == expected)
  }

  @Test func messages() async throws {
    let (column, mine) = (column, mine)
    let (from, to) = ((world.rank - 1) % world.size, (world.rank + 1) % world.size)
    let theirs = Int.drawn(3 * Self.rows, seed: 21, rank: from.index)
    let expected = mine.indices.map { ($0 % 3 == 0 ? theirs : mine)[$0] }

    async let sent: Void = world.send(mine, as: column, to: to, tag: 1)
    var array = mine
    try await world.receive(into: &array, as: column, from: from, tag: 1)
    try await sent
    #expect(array == expected)

    var other = mine
    let receiving = try world.startReceive(into: &other, as: column, from: from, tag: 2)
    try await world.send(mine.span, as: column, to: to, tag: 2)
    try await receiving.wait()
    #expect(other == expected)

    var exchanged = mine
    var span = exchanged.mutableSpan
    try await world.sendReceive(
      mine.span, as: column, to: to, tag: 3, into: &span, as: column, from: from, receiveTag: 3)
    #expect(exchanged == expected)

    var asOne = mine
    var into = asOne.mutableSpan
    do throws(MPIError) {
      let request = try world.startSendReceive(
        mine.span, as: column, to: to, tag: 4, into: &into, as: column, from: from, receiveTag: 4)
      try await request.wait()
      #expect(asOne == expected)
    } catch { #expect(error.errorClass == MPIError.unsupported, "\(error)") }
  }

  @Test func preparedMessages() throws {
    let (from, to) = ((world.rank - 1) % world.size, (world.rank + 1) % world.size)
    let theirs = Int.drawn(3 * Self.rows, seed: 21, rank: from.index)
    var (out, buffer) = (mine, mine)
    var sending = try world.makeSend(out.mutableSpan, as: column, to: to, tag: 5)
    var receiving = try world.makeReceive(into: buffer.mutableSpan, as: column, from: from, tag: 5)
    for round in 0..<3 {
      sending.withValues { for index in $0.indices { $0[index] = mine[index] &+ round } }
      let arriving = try receiving.start()
      let leaving = try sending.start()
      try leaving.wait()
      try arriving.wait()
      #expect(
        receiving.withValues { PersistentExchangeTests.array(&$0) }
          == mine.indices.map { $0 % 3 == 0 ? theirs[$0] &+ round : mine[$0] })
    }
  }

  static let mistakes: [ErrorCase] = [
    ErrorCase("a layout out of the buffer, started", MPIError.length) {
      var buffer = [1, 2, 3]
      var span = buffer.mutableSpan
      _ = try world.startBroadcast(&span, as: .contiguous(4), from: 0)
    },
    ErrorCase("a layout out of the buffer, prepared", MPIError.length) {
      var buffer = [1, 2, 3]
      _ = try world.makeReceive(into: buffer.mutableSpan, as: .contiguous(4), from: 0)
    },
    ErrorCase("layouts of different lengths", MPIError.length) {
      var (values, buffer) = ([1, 2, 3], [Int](repeating: 0, count: 3 * world.size))
      _ = try world.makeAllGather(
        values.mutableSpan, as: .contiguous(3), into: buffer.mutableSpan, as: .contiguous(2))
    },
    ErrorCase("a place that is named twice", MPIError.argument) {
      var buffer = [1, 2, 3]
      _ = try world.startReceive(into: &buffer, as: .vector(count: 2, blockLength: 2, stride: 1), from: 0)
    },
  ]

  @Test(arguments: mistakes) func found(_ mistake: ErrorCase) throws { try mistake.expectError() }
}

/// The blocking calls, in asynchronous tests, where the names mean the others.
struct Blocking {
  let world: Communicator
  init(_ world: Communicator) { self.world = world }

  func gather(
    _ values: Span<Int>, as outgoing: Layout<Int>, into buffer: inout MutableSpan<Int>, as incoming: Layout<Int>,
    to root: Rank
  ) throws {
    try world.gather(values, as: outgoing, into: &buffer, as: incoming, to: root)
  }

  func allGather(
    _ values: Span<Int>, as outgoing: Layout<Int>, into buffer: inout MutableSpan<Int>, as incoming: Layout<Int>
  ) throws {
    try world.allGather(values, as: outgoing, into: &buffer, as: incoming)
  }

  func scatter(
    _ values: Span<Int>, as outgoing: Layout<Int>, into buffer: inout MutableSpan<Int>, as incoming: Layout<Int>,
    from root: Rank
  ) throws {
    try world.scatter(values, as: outgoing, into: &buffer, as: incoming, from: root)
  }

  func broadcast(_ buffer: inout MutableSpan<Int>, as layout: Layout<Int>, from root: Rank) throws {
    try world.broadcast(&buffer, as: layout, from: root)
  }
}
