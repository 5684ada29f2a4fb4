import MPI
import MPITesting
import TestSupport
import Testing

/// Messages whose values are picked from one layout and put into another.
@Suite(.ranked) struct LayoutMessageTests {
  static let seeds = 0..<24

  /// What one rank gives and what it keeps around the places that it receives into.
  private func buffer<Element: RandomElement>(_ side: LayoutItems, _ seed: Int, rank: Int) -> [Element] {
    Element.drawn(side.shape.reach(items: side.items) + seed % 3, seed: UInt64(seed), rank: rank)
  }

  private func generator(_ seed: Int) -> SplitMix64 { SplitMix64(UInt64(seed) + 77) }

  /// How many values go in a message: divisible in many ways, or not at all, or none.
  private func length(_ seed: Int) -> Int { [0, 1, 2, 7, 12, 24, 60, 5_040][seed % 8] }

  private func exchange<Element: Datatype & RandomElement>(_: Element.Type, _ seed: Int) throws {
    var generator = generator(seed)
    let out = LayoutItems.random(values: length(seed), &generator)
    let into = LayoutItems.random(values: length(seed), &generator)
    let size = world.size
    let here = world.rank.index
    let before = (here + size - 1) % size
    let given: [Element] = buffer(out, seed, rank: here)
    let arriving = out.picked(from: buffer(out, seed, rank: before) as [Element])
    let untouched: [Element] = buffer(into, seed + 500, rank: here)
    let expected = into.placed(arriving, in: untouched)
    let outgoing = try out.shape.make(Element.self)
    let incoming = try into.shape.make(Element.self)

    // Each to the next: even ranks send first, and the last of an odd number to rank 0.
    var received = untouched
    func receive() throws {
      let status = try world.receive(
        into: &received, as: incoming, count: into.items, from: Rank(before), tag: seed)
      #expect(status.source == Rank(before) && status.tag == seed)
      #expect(try status.count(of: Element.self) == arriving.count)
    }
    if here.isMultiple(of: 2), size > 1 {
      try world.send(given, as: outgoing, count: out.items, to: Rank((here + 1) % size), tag: seed)
      try receive()
    } else if size > 1 {
      try receive()
      try world.send(given, as: outgoing, count: out.items, to: Rank((here + 1) % size), tag: seed)
    }
    if size > 1 { #expect(received == expected, "seed \(seed), \(out) to \(into)") }
  }

  @Test(arguments: seeds) func numbers(seed: Int) throws { try exchange(Double.self, seed) }
  @Test(arguments: seeds) func bytes(seed: Int) throws { try exchange(UInt8.self, seed) }
  @Test(arguments: seeds) func vectorsWithAGap(seed: Int) throws { try exchange(SIMD3<Int16>.self, seed) }

  /// Structs whose padding does not travel: compared field by field.
  @Test(arguments: seeds) func structs(seed: Int) throws { try exchange(AffineMap.self, seed) }

  @Test(arguments: seeds) func exchangesInOneCall(seed: Int) throws {
    var generator = generator(seed + 100)
    let shapes = [
      LayoutShape.random(values: length(seed), &generator), LayoutShape.random(values: length(seed), &generator),
    ].map { LayoutItems(shape: $0, items: 1) }
    let size = world.size
    let here = world.rank.index
    let given: [Int32] = buffer(shapes[0], seed, rank: here)
    let untouched: [Int32] = buffer(shapes[1], seed + 500, rank: here)
    let before = (here + size - 1) % size
    var received = untouched
    var span = received.mutableSpan
    let status = try world.sendReceive(
      given.span, as: shapes[0].shape.make(Int32.self), to: Rank((here + 1) % size), tag: 3, into: &span,
      as: shapes[1].shape.make(Int32.self), from: .any, receiveTag: .any)
    #expect(status.source == Rank(before) && status.tag == 3)
    let arriving = shapes[0].picked(from: buffer(shapes[0], seed, rank: before) as [Int32])
    #expect(received == shapes[1].placed(arriving, in: untouched))
  }

  /// A layout on one side only: the other one has the values in a row, its length known or not.
  @Test(arguments: seeds) func layoutsOnOneSide(seed: Int) throws {
    var generator = generator(seed + 200)
    let side = LayoutItems.random(values: length(seed), &generator)
    let layout = try side.shape.make(Float.self)
    let given: [Float] = buffer(side, seed, rank: 0)
    let row = side.picked(from: given)
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send(given, as: layout, count: side.items, to: peer, mode: .synchronous)
        try world.send(given.span, as: layout, count: side.items, to: peer)
        try world.send(row, to: peer)
      } else if world.rank == peer {
        #expect(try world.receive([Float].self, from: 0) == row)
        var known = [Float](repeating: 0, count: row.count)
        try world.receive(into: &known, from: 0)
        #expect(known == row)
        let untouched: [Float] = buffer(side, seed + 500, rank: peer.index)
        var received = untouched
        var span = received.mutableSpan
        try world.receive(into: &span, as: layout, count: side.items, from: 0)
        #expect(received == side.placed(row, in: untouched))
      }
    }
  }

  /// What is named twice is sent twice.
  @Test(arguments: LayoutTests.shapes.filter(\.hasOverlap)) func sendingAValueTwice(shape: LayoutShape) throws {
    let values = Int.drawn(shape.reach(), rank: 3)
    let expected = shape.places.map { values[$0] }
    try world.withSendBuffer(bytes: 10_000) {
      try world.send(values, as: shape.make(Int.self), to: world.rank, mode: .buffered)
      #expect(try world.receive([Int].self, from: world.rank) == expected)
    }
  }

  /// A message may be shorter than the layout: what it does not reach stays.
  @Test func messagesShorterThanTheLayout() throws {
    let layout = try Layout<Int>.vector(count: 4, blockLength: 1, stride: 3)
    try world.withSendBuffer(bytes: 10_000) {
      try world.send([1, 2], to: world.rank, mode: .buffered)
      var buffer = [Int](repeating: 0, count: 10)
      let status = try world.receive(into: &buffer, as: layout, from: world.rank)
      #expect(try status.count(of: Int.self) == 2)
      #expect(buffer == [1, 0, 0, 2, 0, 0, 0, 0, 0, 0])
    }
  }

  /// A layout lives as long as a call needs it, and is freed from any thread.
  @Test func layoutsOfNoName() async throws {
    for index in 0..<200 {
      let layout = try Layout<Int>.vector(count: 2, blockLength: 1, stride: index + 1).resized(extent: index + 9)
      let reach = layout.reach
      await Task.detached { _ = layout.count }.value
      #expect(reach == index + 2)
    }
  }
}
