import MPI
import MPITesting
import TestSupport
import Testing

/// Graphs of processes, made in three ways.
@Suite(.ranked) struct GraphTests {
  private var me: Int { world.rank.index }

  @Test func weights() throws {
    let size = world.size
    let (left, right) = (Rank((me + size - 1) % size), Rank((me + 1) % size))
    let graph = try world.graph(
      from: [left, right], to: [right], sourceWeights: [10 + left.index, 20], destinationWeights: [10 + me])
    #expect(graph.sourceWeights == [10 + left.index, 20] && graph.destinationWeights == [10 + me])
    #expect(graph.sources == [left, right] && graph.destinations == [right])
    #expect(try graph.topology == .distributedGraph)
    let plain = try world.graph(from: [], to: [])
    #expect(plain.sourceWeights == nil && plain.sources.isEmpty)
    let empty = try world.graph(from: [], to: [], sourceWeights: [], destinationWeights: [])
    #expect(empty.destinations.isEmpty)
  }

  /// All edges of a complete graph, each given by a rank that it need not touch.
  @Test func edgesFromAnywhere() throws {
    let size = world.size
    let all = (0..<size).flatMap { from in
      (0..<size).map { GraphEdge(from: Rank(from), to: Rank($0), weight: from + 2 * $0) }
    }
    let mine = all.enumerated().filter { ($0.offset * 5 + 3) % size == me }.map(\.element)
    let graph = try world.graph(edges: mine)
    #expect(graph.sources.map(\.index).sorted() == Array(0..<size))
    #expect(graph.destinations.map(\.index).sorted() == Array(0..<size))
    let weights = try #require(graph.sourceWeights)
    #expect(zip(graph.sources, weights).allSatisfy { $1 == $0.index + 2 * me })
    let outgoing = try #require(graph.destinationWeights)
    #expect(zip(graph.destinations, outgoing).allSatisfy { $1 == me + 2 * $0.index })
    #expect(try graph.neighborAllGather(me * 3) == graph.sources.map { $0.index * 3 })
  }

  /// A star that every rank knows, without the last rank.
  @Test func wholeGraphs() throws {
    let nodes = max(world.size - 1, 1)
    let star = (0..<nodes).map { node in node == 0 ? (1..<max(nodes, 1)).map { Rank($0) } : [Rank(0)] }
    let made = try world.graph(neighbors: star)
    #expect(try world.allReduce(made == nil ? 0 : 1, .sum) == nodes)
    let ranks = try world.allGather(try world.graphRank(neighbors: star)?.index ?? -1)
    #expect(ranks.filter { $0 >= 0 }.sorted() == Array(0..<nodes))
    guard let graph = made else { return }
    #expect(try graph.topology == .graph)
    #expect(try graph.allNeighbors() == star)
    for rank in 0..<nodes { #expect(try graph.neighbors(of: Rank(rank)) == star[rank]) }
    #expect(graph.sources == star[graph.rank.index])
    #expect(try graph.neighborAllGather(graph.rank.index) == star[graph.rank.index].map(\.index))
  }

  @Test func graphsLiveAndDie() throws {
    for _ in 0..<200 { _ = try world.graph(from: [world.rank], to: [world.rank]) }
    #expect(try world.allReduce(1, .sum) == world.size)
  }
}
