import MPI
import MPITesting
import TestSupport
import Testing

/// Collectives in place and between spans that tasks await.
@Suite(.ranked) struct AsyncInPlaceTests {
  private var me: Int { world.rank.index }
  private var size: Int { world.size }
  private var last: Rank { Rank(world.size - 1) }

  private func values(_ rank: Int, _ count: Int = 9) -> [Int] { Int.drawn(count, seed: 31, rank: rank) }
  private var all: [Int] { (0..<size).flatMap { values($0) } }

  private func serial(_ ranks: Range<Int>, _ combine: (Int, Int) -> Int) -> [Int] {
    let given = ranks.map { values($0) }
    return given.dropFirst().reduce(given[0]) { zip($0, $1).map(combine) }
  }

  @Test func spansThatMove() async throws {
    for root in [0, last] {
      let isRoot = world.rank == root
      var one = values(me)
      var span = one.mutableSpan
      try await world.broadcast(&span, from: root)
      #expect(one == values(root.index))
      var buffer = isRoot ? all : values(me)
      var whole = buffer.mutableSpan
      try await world.gather(inPlace: &whole, to: root)
      try await world.scatter(inPlace: &whole, from: root)
      #expect(buffer == (isRoot ? all : values(me)))
    }
    var gathered = [Int](repeating: 0, count: 9 * size)
    gathered.replaceSubrange(9 * me..<9 * (me + 1), with: values(me))
    var span = gathered.mutableSpan
    try await world.allGather(inPlace: &span)
    #expect(gathered == all)
    var exchanged = values(me, 2 * size)
    var other = exchanged.mutableSpan
    try await world.allToAll(inPlace: &other)
    #expect(exchanged == (0..<size).flatMap { values($0, 2 * size)[2 * me..<2 * (me + 1)] })
  }

  @Test func arraysThatMove() async throws {
    for root in [0, last] {
      let isRoot = world.rank == root
      var buffer = isRoot ? all.indices.map { $0 / 9 == me ? all[$0] : 0 } : values(me)
      try await world.gather(inPlace: &buffer, to: root)
      #expect(buffer == (isRoot ? all : values(me)))
      buffer = isRoot ? all : [Int](repeating: 0, count: 9)
      try await world.scatter(inPlace: &buffer, from: root)
      #expect(buffer == (isRoot ? all : values(me)))
    }
    var gathered = all.indices.map { $0 / 9 == me ? all[$0] : 0 }
    try await world.allGather(inPlace: &gathered)
    #expect(gathered == all)
    var exchanged = values(me, 2 * size)
    try await world.allToAll(inPlace: &exchanged)
    #expect(exchanged == (0..<size).flatMap { values($0, 2 * size)[2 * me..<2 * (me + 1)] })
  }

  /// The same on arrays whose requests are started.
  @Test func arraysThatAreStarted() throws {
    for root in [0, last] {
      let isRoot = world.rank == root
      var buffer = isRoot ? all.indices.map { $0 / 9 == me ? all[$0] : 0 } : values(me)
      let gathering = try world.startGather(inPlace: &buffer, to: root)
      try gathering.wait()
      #expect(buffer == (isRoot ? all : values(me)))
      let scattering = try world.startScatter(inPlace: &buffer, from: root)
      try scattering.wait()
      #expect(buffer == (isRoot ? all : values(me)))
      var reduced = values(me)
      let reducing = try world.startReduce(inPlace: &reduced, .sum, to: root)
      try reducing.wait()
      #expect(reduced == (isRoot ? serial(0..<size, &+) : values(me)))
    }
    var gathered = all.indices.map { $0 / 9 == me ? all[$0] : 0 }
    let gathering = try world.startAllGather(inPlace: &gathered)
    try gathering.wait()
    #expect(gathered == all)
    var exchanged = values(me, 2 * size)
    let exchanging = try world.startAllToAll(inPlace: &exchanged)
    try exchanging.wait()
    #expect(exchanged == (0..<size).flatMap { values($0, 2 * size)[2 * me..<2 * (me + 1)] })
    var (scanned, before) = (values(me), values(me))
    let scanning = try world.startScan(&scanned, .sum)
    let scanningBefore = try world.startExclusiveScan(&before, .sum)
    try scanning.wait()
    try scanningBefore.wait()
    #expect(scanned == serial(0..<me + 1, &+))
    #expect(before == (me == 0 ? values(0) : serial(0..<me, &+)))
  }

  @Test func reductionsOfSpans() async throws {
    let mine = values(me)
    var result = [Int](repeating: 0, count: 9)
    for root in [0, last] {
      let isRoot = world.rank == root
      result = [Int](repeating: 0, count: 9)
      var span = result.mutableSpan
      try await world.reduce(mine.span, into: &span, .sum, to: root)
      if isRoot { #expect(result == serial(0..<size, &+)) }
      var values = mine
      var other = values.mutableSpan
      try await world.reduce(inPlace: &other, .sum, to: root)
      #expect(values == (isRoot ? serial(0..<size, &+) : mine))
      values = mine
      try await world.reduce(inPlace: &values, .maximum, to: root)
      #expect(values == (isRoot ? serial(0..<size, max) : mine))
    }
    do {
      var span = result.mutableSpan
      try await world.allReduce(mine.span, into: &span, .sum)
    }
    #expect(result == serial(0..<size, &+))
    do {
      var span = result.mutableSpan
      try await world.scan(mine.span, into: &span, .sum)
    }
    #expect(result == serial(0..<me + 1, &+))
    result = mine
    do {
      var span = result.mutableSpan
      try await world.exclusiveScan(mine.span, into: &span, .sum)
    }
    #expect(result == (me == 0 ? mine : serial(0..<me, &+)))
  }

  @Test func reductionsInPlace() async throws {
    let mine = values(me)
    var (sum, scanned, before) = (mine, mine, mine)
    var span = sum.mutableSpan
    try await world.allReduce(&span, .sum)
    #expect(sum == serial(0..<size, &+))
    try await world.scan(&scanned, .maximum)
    #expect(scanned == serial(0..<me + 1, max))
    try await world.exclusiveScan(&before, .sum)
    #expect(before == (me == 0 ? mine : serial(0..<me, &+)))
    (scanned, before) = (mine, mine)
    var first = scanned.mutableSpan
    try await world.scan(&first, .sum)
    #expect(scanned == serial(0..<me + 1, &+))
    var second = before.mutableSpan
    try await world.exclusiveScan(&second, .sum)
    #expect(before == (me == 0 ? mine : serial(0..<me, &+)))
  }

  @Test func foundMessages() async throws {
    let (from, to, me) = ((world.rank - 1) % size, (world.rank + 1) % size, me)
    async let sent: Void = world.send([me, 2, 3], to: to, tag: 41)
    let status = try await world.probe(from: from, tag: 41)
    #expect(try status.count(of: Int.self) == 3)
    let message = try await world.probeMatched(from: from, tag: 41)
    var buffer = [0, 0, 0, 9]
    var span = buffer.mutableSpan
    try await message.receive(into: &span)
    #expect(buffer == [from.index, 2, 3, 9])
    try await sent
    async let again: Void = world.send([me], to: to, tag: 42)
    let other = try await world.probeMatched(from: .any, tag: 42)
    #expect(try await other.receive([Int].self).value == [from.index])
    try await again
    let waiting = Task { () async throws(MPIError) in try await world.probe(from: from, tag: 43) }
    try await Task.sleep(for: .milliseconds(5))
    waiting.cancel()
    await #expect(throws: MPIError.self) { try await waiting.value }
  }

  @Test func replacedInASpan() async throws {
    let (from, to) = ((world.rank - 1) % size, (world.rank + 1) % size)
    var mine = values(me)
    var span = mine.mutableSpan
    try await world.sendReceiveReplace(&span, to: to, tag: 44, from: from, receiveTag: 44)
    #expect(mine == values(from.index))
    var other = values(me)
    var into = other.mutableSpan
    do throws(MPIError) {
      let request = try world.startSendReceiveReplace(&into, to: to, tag: 45, from: from, receiveTag: 45)
      try await request.wait()
      #expect(other == values(from.index))
    } catch { #expect(error.errorClass == MPIError.unsupported, "\(error)") }
  }
}
