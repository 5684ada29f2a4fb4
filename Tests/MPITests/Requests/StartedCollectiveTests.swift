import MPI
import MPITesting
import TestSupport
import Testing

/// Nonblocking collectives that move values, against what each rank knows that the others drew.
@Suite(.ranked) struct StartedCollectiveTests {
  static let lengths = [0, 1, 3, 1_000, 60_000]
  private var me: Int { world.rank.index }
  private var last: Rank { Rank(world.size - 1) }

  @Test func barrier() throws {
    var starting = try world.startBarrier()
    try starting.test()
    try starting.wait()
    // Two at once.
    let first = try world.startBarrier()
    let second = try world.startBarrier()
    try second.wait()
    try first.wait()
  }

  @Test(arguments: lengths) func broadcast(length: Int) throws {
    for root in [0, last] {
      var array = Double.drawn(length, rank: me)
      var memory = array
      var span = memory.mutableSpan
      let first = try world.startBroadcast(&array, from: root)
      let second = try world.startBroadcast(&span, from: root)
      try first.wait()
      try second.wait()
      #expect(array == Double.drawn(length, rank: root.index))
      #expect(memory == array)
    }
  }

  @Test(arguments: lengths) func gather(length: Int) throws {
    let all = Int32.drawnByAll(length, ranks: world.size)
    let mine = all[me]
    for root in [0, last] {
      let isRoot = world.rank == root
      var gathered = [Int32](repeating: 0, count: isRoot ? length * world.size : 0)
      var span = gathered.mutableSpan
      let request = try world.startGather(mine.span, into: &span, to: root)
      try request.wait()
      if isRoot { #expect(gathered == Array(all.joined())) }

      var inPlace = isRoot ? [Int32](repeating: 0, count: length * world.size) : all[me]
      if isRoot { inPlace.replaceSubrange(me * length..<(me + 1) * length, with: all[me]) }
      var place = inPlace.mutableSpan
      let second = try world.startGather(inPlace: &place, to: root)
      try second.wait()
      #expect(inPlace == (isRoot ? Array(all.joined()) : all[me]))
    }
  }

  @Test(arguments: lengths) func scatter(length: Int) throws {
    for root in [0, last] {
      let isRoot = world.rank == root
      let all = SIMD2<Float>.drawn(length * world.size, rank: root.index)
      let mine = Array(all[me * length..<(me + 1) * length])
      var part = [SIMD2<Float>](repeating: .zero, count: length)
      var span = part.mutableSpan
      let request = try world.startScatter(isRoot ? all.span : Span(), into: &span, from: root)
      try request.wait()
      #expect(part == mine)

      var inPlace = isRoot ? all : part
      var place = inPlace.mutableSpan
      let second = try world.startScatter(inPlace: &place, from: root)
      try second.wait()
      #expect(inPlace == (isRoot ? all : mine))
    }
  }

  @Test(arguments: lengths) func allGatherAndAllToAll(length: Int) throws {
    let all = Int.drawnByAll(length, ranks: world.size)
    let mine = all[me]
    var gathered = [Int](repeating: 0, count: length * world.size)
    var span = gathered.mutableSpan
    let gathering = try world.startAllGather(mine.span, into: &span)
    // Another one on its way at the same time.
    let outgoing = (0..<world.size).flatMap { Int.drawn(length, seed: UInt64(2 + $0), rank: me) }
    let incoming = (0..<world.size).flatMap { Int.drawn(length, seed: UInt64(2 + me), rank: $0) }
    var exchanged = [Int](repeating: 0, count: length * world.size)
    var exchangedSpan = exchanged.mutableSpan
    let exchanging = try world.startAllToAll(outgoing.span, into: &exchangedSpan)
    try exchanging.wait()
    try gathering.wait()
    #expect(gathered == Array(all.joined()))
    #expect(exchanged == incoming)

    var inPlace = outgoing
    var place = inPlace.mutableSpan
    let second = try world.startAllToAll(inPlace: &place)
    try second.wait()
    #expect(inPlace == incoming)

    var partly = [Int](repeating: 0, count: length * world.size)
    partly.replaceSubrange(me * length..<(me + 1) * length, with: all[me])
    var partlySpan = partly.mutableSpan
    let third = try world.startAllGather(inPlace: &partlySpan)
    try third.wait()
    #expect(partly == gathered)
  }

  /// Rank r gives r + `more` values; blocks lie in reverse order, with a gap between them.
  @Test(arguments: [0, 1, 500]) func vectors(more: Int) throws {
    let counts = (0..<world.size).map { $0 + more }
    let all = counts.enumerated().map { Int16.drawn($1, rank: $0) }
    let mine = all[me]
    var offsets = [Int](repeating: 0, count: world.size)
    var next = 0
    for rank in (0..<world.size).reversed() {
      offsets[rank] = next
      next += counts[rank] + 1
    }
    let blocks = Blocks(counts: counts, offsets: offsets)
    var expected = [Int16](repeating: -1, count: next)
    for rank in 0..<world.size {
      expected.replaceSubrange(offsets[rank]..<offsets[rank] + counts[rank], with: all[rank])
    }

    var gathered = [Int16](repeating: -1, count: next)
    var span = gathered.mutableSpan
    let first = try world.startAllGather(mine.span, into: &span, blocks: blocks)
    try first.wait()
    #expect(gathered == expected)

    var atRoot = [Int16](repeating: -1, count: next)
    var atRootSpan = atRoot.mutableSpan
    let second = try world.startGather(
      mine.span, into: &atRootSpan, blocks: world.rank == last ? blocks : nil, to: last)
    try second.wait()
    if world.rank == last { #expect(atRoot == expected) }

    var part = [Int16](repeating: 0, count: counts[me])
    var partSpan = part.mutableSpan
    let third = try world.startScatter(expected.span, blocks: blocks, into: &partSpan, from: 0)
    try third.wait()
    #expect(part == mine)
  }

  /// The blocks are over when the calls have started; other blocks may lie where theirs lay.
  @Test func blocksThatEndBeforeTheWait() throws {
    let (size, count) = (world.size, 20_000)
    let all = Double.drawnByAll(count, ranks: size)
    let mine = all[me]
    let expected = Array(all.joined())
    func blocks() -> Blocks { Blocks(counts: [Int](repeating: count, count: size)) }
    var gathered = [Double](repeating: 0, count: count * size)
    var (atRoot, part, exchanged) = (gathered, mine, gathered)
    var gatheredSpan = gathered.mutableSpan
    var atRootSpan = atRoot.mutableSpan
    var partSpan = part.mutableSpan
    var exchangedSpan = exchanged.mutableSpan
    let first = try world.startAllGather(mine.span, into: &gatheredSpan, blocks: blocks())
    let second = try world.startGather(mine.span, into: &atRootSpan, blocks: blocks(), to: last)
    let third = try world.startScatter(expected.span, blocks: blocks(), into: &partSpan, from: 0)
    let fourth = try world.startAllToAll(expected.span, blocks(), into: &exchangedSpan, blocks())
    for other in 0..<50 { _ = Blocks(counts: [Int](repeating: other, count: size)) }
    var group = RequestGroup()
    group.add(fourth)
    group.add(first)
    try third.wait()
    try second.wait()
    try group.waitAll()
    #expect(gathered == expected)
    if world.rank == last { #expect(atRoot == expected) }
    #expect(part == mine)
    let own = expected[me * count..<(me + 1) * count]
    #expect(exchanged == Array((0..<size).map { _ in own }.joined()))
  }

  @Test(arguments: [0, 1, 300]) func allToAllOfDifferentLengths(more: Int) throws {
    // From a to b: a + 2b + more values.
    let outgoing = Blocks(counts: (0..<world.size).map { me + 2 * $0 + more })
    let incoming = Blocks(counts: (0..<world.size).map { $0 + 2 * me + more })
    let values = (0..<world.size).flatMap { Double.drawn(outgoing.counts[$0], seed: UInt64(5 + $0), rank: me) }
    let expected = (0..<world.size).flatMap { Double.drawn(incoming.counts[$0], seed: UInt64(5 + me), rank: $0) }
    var received = [Double](repeating: 0, count: incoming.total)
    var span = received.mutableSpan
    let request = try world.startAllToAll(values.span, outgoing, into: &span, incoming)
    try request.wait()
    #expect(received == expected)

    // The same through datatypes: a layout for each rank.
    func layouts(_ blocks: Blocks) throws -> [LayoutBlock<Double>] {
      try zip(blocks.counts, blocks.offsets).map { LayoutBlock(try .contiguous($0), offset: $1) }
    }
    var again = [Double](repeating: 0, count: incoming.total)
    var againSpan = again.mutableSpan
    let second = try world.startAllToAll(values.span, try layouts(outgoing), into: &againSpan, try layouts(incoming))
    try second.wait()
    #expect(again == expected)
  }

  @Test func sendReceive() throws {
    let next = (world.rank + 1) % world.size
    let previous = (world.rank - 1) % world.size
    let values = Int.drawn(50, rank: me)
    var received = [Int](repeating: 0, count: 50)
    var span = received.mutableSpan
    do throws(MPIError) {
      let request = try world.startSendReceive(values.span, to: next, into: &span, from: previous)
      try request.wait()
      #expect(received == Int.drawn(50, rank: previous.index))
    } catch { #expect(error.errorClass == MPIError.unsupported, "\(error)") }
  }

  static let mistakes: [ErrorCase] = [
    ErrorCase("a root too large", MPIError.root) {
      var values = [1]
      _ = try world.startBroadcast(&values, from: Rank(world.size))
    },
    ErrorCase("a gather's buffer", MPIError.length) {
      var values = [Int](repeating: 0, count: world.size + 1)
      var span = values.mutableSpan
      _ = try world.startAllGather([1].span, into: &span)
    },
    ErrorCase("two lengths", MPIError.length) {
      var values = [1, 2]
      var span = values.mutableSpan
      _ = try world.startAllReduce([1].span, into: &span, .sum)
    },
    ErrorCase("blocks for other ranks", MPIError.length) {
      var values = [1, 2]
      var span = values.mutableSpan
      let blocks = Blocks(counts: [Int](repeating: 0, count: world.size + 1))
      _ = try world.startAllGather([1].span, into: &span, blocks: blocks)
    },
    ErrorCase("a negative count", MPIError.count) {
      var values = [1, 2]
      var span = values.mutableSpan
      let blocks = Blocks(counts: [Int](repeating: -1, count: world.size))
      _ = try world.startAllToAll([1].span, blocks, into: &span, blocks)
    },
  ]

  @Test(arguments: mistakes) func found(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
