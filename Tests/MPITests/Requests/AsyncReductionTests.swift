import MPI
import MPITesting
import TestSupport
import Testing

/// Reductions whose result differs from rank to rank, and collectives between spans, that tasks await.
@Suite(.ranked) struct AsyncReductionTests {
  private var me: Int { world.rank.index }
  private var last: Rank { Rank(world.size - 1) }

  /// The array of the last rank: comes out only if the ranks are combined in their order.
  private static var rightmost: Reduction<Int> { Reduction(isCommutative: false) { _, right in right } }

  @Test(arguments: [0, 1, 7, 2_000]) func reduceScatter(length: Int) async throws {
    let (me, size) = (me, world.size)
    let all = Int.drawnByAll(length, ranks: size)
    let total = (0..<length).map { index in all.reduce(0) { $0 &+ $1[index] } }
    let even = Blocks.evenRange(of: length, rank: me, among: size)
    #expect(try await world.reduceScatter(all[me], .sum) == Array(total[even]))
    #expect(try await world.reduceScatter(all[me], Self.rightmost) == Array(all[size - 1][even]))
    var values = all[me]
    try await world.reduceScatter(inPlace: &values, .sum)
    #expect(values == Array(total[even]))
    // All of it to the last rank.
    let counts = (0..<size).map { $0 == size - 1 ? length : 0 }
    #expect(try await world.reduceScatter(all[me], counts: counts, .sum) == (me == size - 1 ? total : []))
    #expect(
      try await world.reduceScatter(all[me], counts: counts, Self.rightmost) == (me == size - 1 ? all[size - 1] : []))
  }

  @Test(arguments: [0, 1, 1_000]) func scans(length: Int) async throws {
    let me = me
    let all = Int.drawnByAll(length, ranks: world.size)
    let before = (0..<length).map { index in all[..<me].reduce(0) { $0 &+ $1[index] } }
    #expect(try await world.scan(all[me], .sum) == zip(before, all[me]).map { $0 &+ $1 })
    #expect(try await world.exclusiveScan(all[me], .sum) == (me == 0 ? nil : before))
    #expect(try await world.scan(all[me], Self.rightmost) == all[me])
  }

  @Test func closuresThatThrow() async throws {
    struct Failure: Error {}
    let values = [Int](repeating: me, count: 3 * world.size)
    guard world.size > 1 else { return }
    let failing = Reduction<Int>(isCommutative: true) { _, _ in throw Failure() }
    await #expect(throws: MPIError.self) { try await world.reduceScatter(values, failing) }
    #expect(try await world.reduceScatter(values, .maximum) == [Int](repeating: world.size - 1, count: 3))
  }

  @Test func mistakes() async throws {
    await #expect(throws: MPIError.self) { try await world.reduceScatter([1, 2], counts: [], .sum) }
    await #expect(throws: MPIError.self) {
      try await world.reduceScatter([1, 2], counts: [Int](repeating: 5, count: world.size), .sum)
    }
    #expect(try await world.allReduce(1, .sum) == world.size)
  }

  // MARK: Spans

  @Test func equalSpans() async throws {
    let (me, size) = (me, world.size)
    let all = Int32.drawnByAll(20, ranks: size)
    let (mine, flat) = (all[me], Array(all.joined()))
    var whole = [Int32](repeating: 0, count: 20 * size)
    var wholeSpan = whole.mutableSpan
    try await world.allGather(mine.span, into: &wholeSpan)
    #expect(whole == flat)
    for root in [0, last] {
      var collected = [Int32](repeating: 0, count: 20 * size)
      var collectedSpan = collected.mutableSpan
      try await world.gather(mine.span, into: &collectedSpan, to: root)
      #expect(collected == (world.rank == root ? flat : [Int32](repeating: 0, count: 20 * size)))
      var part = [Int32](repeating: 0, count: 20)
      var partSpan = part.mutableSpan
      try await world.scatter(flat.span, into: &partSpan, from: root)
      #expect(part == mine)
    }
    let given = (0..<size).map { Int32(100 * me + $0) }
    var exchanged = [Int32](repeating: 0, count: size)
    var exchangedSpan = exchanged.mutableSpan
    try await world.allToAll(given.span, into: &exchangedSpan)
    #expect(exchanged == (0..<size).map { Int32(100 * $0 + me) })
    var one: [Int32] = [0]
    var oneSpan = one.mutableSpan
    try await world.reduceScatter(given.span, into: &oneSpan, .maximum)
    #expect(one == [Int32(100 * (size - 1) + me)])
  }

  @Test func unequalSpans() async throws {
    let (me, size) = (me, world.size)
    let arrays = (0..<size).map { Double.drawn($0 + 1, rank: $0) }
    let (mine, flat) = (arrays[me], Array(arrays.joined()))
    let blocks = Blocks(counts: arrays.map(\.count))
    var whole = [Double](repeating: 0, count: flat.count)
    var wholeSpan = whole.mutableSpan
    try await world.allGather(mine.span, into: &wholeSpan, blocks: blocks)
    #expect(whole == flat)
    for root in [0, last] {
      let isRoot = world.rank == root
      var collected = [Double](repeating: 0, count: flat.count)
      var collectedSpan = collected.mutableSpan
      try await world.gather(mine.span, into: &collectedSpan, blocks: isRoot ? blocks : nil, to: root)
      #expect(collected == (isRoot ? flat : [Double](repeating: 0, count: flat.count)))
      var part = [Double](repeating: 0, count: me + 1)
      var partSpan = part.mutableSpan
      try await world.scatter(flat.span, blocks: isRoot ? blocks : nil, into: &partSpan, from: root)
      #expect(part == mine)
    }
    // Every rank gives all ranks its whole array.
    let outgoing = Blocks(
      counts: [Int](repeating: me + 1, count: size), offsets: [Int](repeating: 0, count: size))
    var exchanged = [Double](repeating: 0, count: flat.count)
    var exchangedSpan = exchanged.mutableSpan
    try await world.allToAll(mine.span, outgoing, into: &exchangedSpan, blocks)
    #expect(exchanged == flat)
    let ones = [Int](repeating: 1, count: flat.count)
    var sums = [Int](repeating: 0, count: me + 1)
    var sumsSpan = sums.mutableSpan
    try await world.reduceScatter(ones.span, counts: blocks.counts, into: &sumsSpan, .sum)
    #expect(sums == [Int](repeating: size, count: me + 1))
  }

  @Test(arguments: [0, 1, 10, 1_003]) func scatteredEvenly(length: Int) async throws {
    let values = Int.drawn(length, rank: 9)
    let mine = Array(values[Blocks.evenRange(of: length, rank: me, among: world.size)])
    for root in [0, last] { #expect(try await world.scatter(world.rank == root ? values : nil, from: root) == mine) }
  }
}
