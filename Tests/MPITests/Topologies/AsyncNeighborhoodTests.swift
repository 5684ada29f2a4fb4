import MPI
import MPITesting
import TestSupport
import Testing

/// Neighbourhood collectives that tasks await.
@Suite(.ranked) struct AsyncNeighborhoodTests {
  @Test func arraysAndValues() async throws {
    for hood in try Neighborhood.all() {
      let (topology, me) = (hood.communicator, hood.me)
      #expect(try await topology.neighborAllGather(Int32(me)) == hood.sources[me].map { $0.map { Int32($0) } })
      let gathered = hood.sources[me].map { $0.map { [Int](repeating: $0, count: $0 % 3) } ?? [] }
      #expect(try await topology.neighborAllGather([Int](repeating: me, count: me % 3)) == gathered, "\(hood.name)")
      let outgoing = hood.destinations[me].indices.map { [Int](repeating: 10 * me + $0, count: $0) }
      let exchanged = hood.sources[me].indices.map { position in
        hood.block(from: position, at: me).map {
          [Int](repeating: 10 * $0.source + $0.position, count: $0.position)
        } ?? []
      }
      #expect(try await topology.neighborAllToAll(outgoing) == exchanged, "\(hood.name)")
    }
  }

  @Test func spans() async throws {
    let pair = try Layout<Int>.contiguous(2)
    for hood in try Neighborhood.all() {
      let (topology, me) = (hood.communicator, hood.me)
      let (outCount, inCount) = (hood.destinations[me].count, hood.sources[me].count)
      let own = [me, me + 1]
      let outgoing = (0..<outCount).flatMap { [10 * me + $0, -$0] }
      let gathered = hood.sources[me].flatMap { $0.map { [$0, $0 + 1] } ?? [-9, -9] }
      let exchanged = (0..<inCount).flatMap { position in
        hood.block(from: position, at: me).map { [10 * $0.source + $0.position, -$0.position] } ?? [-9, -9]
      }
      var all = [Int](repeating: -9, count: 2 * inCount)
      var (each, blocks, layouts) = (all, all, all)
      var span = all.mutableSpan
      try await topology.neighborAllGather(own.span, into: &span)
      #expect(all == gathered, "\(hood.name)")
      var eachSpan = each.mutableSpan
      try await topology.neighborAllToAll(outgoing.span, into: &eachSpan)
      #expect(each == exchanged, "\(hood.name)")
      var blockSpan = blocks.mutableSpan
      try await topology.neighborAllToAll(
        outgoing.span, Blocks.even(2 * outCount, among: outCount), into: &blockSpan,
        Blocks.even(2 * inCount, among: inCount))
      #expect(blocks == exchanged, "\(hood.name)")
      guard hood.takesLayouts else { continue }
      var layoutSpan = layouts.mutableSpan
      try await topology.neighborAllToAll(
        outgoing.span, (0..<outCount).map { LayoutBlock(pair, offset: 2 * $0) }, into: &layoutSpan,
        (0..<inCount).map { LayoutBlock(pair, offset: 2 * $0) })
      #expect(layouts == exchanged, "\(hood.name)")
    }
  }
}
