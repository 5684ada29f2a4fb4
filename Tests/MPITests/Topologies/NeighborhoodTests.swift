import MPI
import MPITesting
import TestSupport
import Testing

/// Neighbourhood collectives against what the neighbours are known to give: blocking, started and prepared.
@Suite(.ranked) struct NeighborhoodTests {
  /// What a rank gives to the neighbour in some place: the same on every rank that asks.
  private func given(_ rank: Int, _ position: Int, _ count: Int) -> [Int] {
    (0..<count).map { rank * 10_000 + position * 100 + $0 }
  }

  /// How much goes along an edge: other lengths everywhere, nothing along some.
  private func length(_ rank: Int, _ position: Int) -> Int { (rank * 3 + position * 2) % 5 }

  @Test func neighbors() throws {
    for hood in try Neighborhood.all() {
      let (topology, me) = (hood.communicator, hood.me)
      #expect(topology.sources.map { $0 == .null ? nil : $0.index } == hood.sources[me], "\(hood.name)")
      #expect(topology.destinations.map { $0 == .null ? nil : $0.index } == hood.destinations[me], "\(hood.name)")
    }
  }

  @Test func valuesToAllNeighbors() throws {
    for hood in try Neighborhood.all() {
      let expected = hood.sources[hood.me].map { $0.map { Int32($0) * 7 } }
      #expect(try hood.communicator.neighborAllGather(Int32(hood.me) * 7) == expected, "\(hood.name)")
    }
  }

  @Test func arraysOfAnyLengths() throws {
    for hood in try Neighborhood.all() {
      let (topology, me) = (hood.communicator, hood.me)
      let own = given(me, 0, length(me, 1))
      let gathered = hood.sources[me].map { $0.map { given($0, 0, length($0, 1)) } ?? [] }
      #expect(try topology.neighborAllGather(own) == gathered, "\(hood.name)")
      let outgoing = hood.destinations[me].indices.map { given(me, $0, length(me, $0)) }
      let exchanged = hood.sources[me].indices.map { position in
        hood.block(from: position, at: me).map { given($0.source, $0.position, length($0.source, $0.position)) } ?? []
      }
      #expect(try topology.neighborAllToAll(outgoing) == exchanged, "\(hood.name)")
    }
  }

  @Test(arguments: [0, 1, 300]) func equalSpans(count: Int) throws {
    for hood in try Neighborhood.all() {
      let (topology, me) = (hood.communicator, hood.me)
      let own = given(me, 0, count)
      let untouched = [Int](repeating: -1, count: count)
      let gathered = hood.sources[me].flatMap { $0.map { given($0, 0, count) } ?? untouched }
      let outgoing = hood.destinations[me].indices.flatMap { given(me, $0, count) }
      let exchanged = hood.sources[me].indices.flatMap { position in
        hood.block(from: position, at: me).map { given($0.source, $0.position, count) } ?? untouched
      }
      for isStarted in [false, true] {
        var (all, each) = ([Int](repeating: -1, count: gathered.count), [Int](repeating: -1, count: gathered.count))
        var allSpan = all.mutableSpan
        var eachSpan = each.mutableSpan
        if isStarted {
          let gathering = try topology.startNeighborAllGather(own.span, into: &allSpan)
          let exchanging = try topology.startNeighborAllToAll(outgoing.span, into: &eachSpan)
          try exchanging.wait()
          try gathering.wait()
        } else {
          try topology.neighborAllGather(own.span, into: &allSpan)
          try topology.neighborAllToAll(outgoing.span, into: &eachSpan)
        }
        #expect(all == gathered && each == exchanged, "\(hood.name), \(isStarted)")
      }
    }
  }

  @Test func blocks() throws {
    for hood in try Neighborhood.all() {
      let (topology, me) = (hood.communicator, hood.me)
      let lengths = hood.destinations[me].indices.map { length(me, $0) }
      // The last block first, with a gap before each.
      let outgoing = Blocks(counts: lengths, offsets: lengths.indices.map { 10 * (lengths.count - 1 - $0) + 2 })
      let incomingLengths = hood.sources[me].indices.map { position in
        hood.block(from: position, at: me).map { length($0.source, $0.position) } ?? 3
      }
      let incoming = Blocks(counts: incomingLengths, offsets: incomingLengths.indices.map { 7 * $0 + 1 })
      var values = [Int](repeating: -2, count: 10 * lengths.count)
      for (position, count) in lengths.enumerated() {
        for (index, value) in given(me, position, count).enumerated() {
          values[outgoing.offsets[position] + index] = value
        }
      }
      var expected = [Int](repeating: -1, count: 7 * incomingLengths.count)
      for position in incomingLengths.indices {
        guard let block = hood.block(from: position, at: me) else { continue }
        for (index, value) in given(block.source, block.position, incomingLengths[position]).enumerated() {
          expected[incoming.offsets[position] + index] = value
        }
      }
      for isStarted in [false, true] {
        var received = [Int](repeating: -1, count: expected.count)
        var span = received.mutableSpan
        if isStarted {
          try topology.startNeighborAllToAll(values.span, outgoing, into: &span, incoming).wait()
        } else {
          try topology.neighborAllToAll(values.span, outgoing, into: &span, incoming)
        }
        #expect(received == expected, "\(hood.name), \(isStarted)")
      }
    }
  }

  /// Rows go out and columns come in: every third value of a buffer.
  @Test func layouts() throws {
    let layout = try Layout<Int>.vector(count: 4, stride: 3)
    let row = try Layout<Int>.contiguous(4)
    for hood in try Neighborhood.all() where hood.takesLayouts {
      let (topology, me) = (hood.communicator, hood.me)
      let values = hood.destinations[me].indices.flatMap { given(me, $0, 4) }
      let outgoing = hood.destinations[me].indices.map { LayoutBlock(row, offset: 4 * $0) }
      let incoming = hood.sources[me].indices.map { LayoutBlock(layout, offset: 10 * $0) }
      var expected = [Int](repeating: -1, count: 10 * incoming.count)
      for position in incoming.indices {
        guard let block = hood.block(from: position, at: me) else { continue }
        for (index, value) in given(block.source, block.position, 4).enumerated() {
          expected[10 * position + 3 * index] = value
        }
      }
      for isStarted in [false, true] {
        var received = [Int](repeating: -1, count: expected.count)
        var span = received.mutableSpan
        if isStarted {
          try topology.startNeighborAllToAll(values.span, outgoing, into: &span, incoming).wait()
        } else {
          try topology.neighborAllToAll(values.span, outgoing, into: &span, incoming)
        }
        #expect(received == expected, "\(hood.name), \(isStarted)")
      }
    }
  }

  /// Three rounds of each, with other values in each.
  @Test func prepared() throws {
    let row = try Layout<Int>.contiguous(2)
    for hood in try Neighborhood.all() where hood.takesLayouts {
      let (topology, me) = (hood.communicator, hood.me)
      let (outCount, inCount) = (hood.destinations[me].count, hood.sources[me].count)
      let (outBlocks, inBlocks) = (Blocks.even(2 * outCount, among: outCount), Blocks.even(2 * inCount, among: inCount))
      var own = [Int](repeating: 0, count: 2)
      var ownAgain = own
      var out1 = [Int](repeating: 0, count: 2 * outCount)
      var (out2, out3) = (out1, out1)
      var all = [Int](repeating: -1, count: 2 * inCount)
      var (allByBlocks, in1, in2, in3) = (all, all, all, all)
      var gathering = try topology.makeNeighborAllGather(own.mutableSpan, into: all.mutableSpan)
      var gatheringBlocks = try topology.makeNeighborAllGather(
        ownAgain.mutableSpan, into: allByBlocks.mutableSpan, blocks: inBlocks)
      var equal = try topology.makeNeighborAllToAll(out1.mutableSpan, into: in1.mutableSpan)
      var blocks = try topology.makeNeighborAllToAll(out2.mutableSpan, outBlocks, into: in2.mutableSpan, inBlocks)
      var layouts = try topology.makeNeighborAllToAll(
        out3.mutableSpan, (0..<outCount).map { LayoutBlock(row, offset: 2 * $0) }, into: in3.mutableSpan,
        (0..<inCount).map { LayoutBlock(row, offset: 2 * $0) })
      for round in 1...3 {
        for index in 0..<2 {
          let value = given(me * round, 0, 2)[index]
          gathering.withOutgoing { $0[index] = value }
          gatheringBlocks.withOutgoing { $0[index] = value }
        }
        for (index, value) in (0..<outCount).flatMap({ given(me * round, $0, 2) }).enumerated() {
          equal.withOutgoing { $0[index] = value }
          blocks.withOutgoing { $0[index] = value }
          layouts.withOutgoing { $0[index] = value }
        }
        try gathering.start().wait()
        try gatheringBlocks.start().wait()
        try equal.start().wait()
        try blocks.start().wait()
        try layouts.start().wait()
        for position in 0..<inCount {
          let source = hood.sources[me][position].map { given($0 * round, 0, 2) } ?? [-1, -1]
          let block = hood.block(from: position, at: me).map { given($0.source * round, $0.position, 2) } ?? [-1, -1]
          for index in 0..<2 {
            let place = 2 * position + index
            let what = "\(hood.name), round \(round)"
            #expect(gathering.withIncoming { $0[place] } == source[index], "\(what)")
            #expect(gatheringBlocks.withIncoming { $0[place] } == source[index], "\(what)")
            #expect(equal.withIncoming { $0[place] } == block[index], "\(what)")
            #expect(blocks.withIncoming { $0[place] } == block[index], "\(what)")
            #expect(layouts.withIncoming { $0[place] } == block[index], "\(what)")
          }
        }
      }
    }
  }
}
