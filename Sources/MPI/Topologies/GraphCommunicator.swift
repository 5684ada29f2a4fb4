internal import CMPI

/// Processes with neighbours of any number, which need not be neighbours in turn (MPI 5.0, §8.5.3, §8.5.4).
///
/// ```swift
/// let graph = try world.graph(from: [left], to: [right])
/// let given = try graph.neighborAllGather(world.rank.index)
/// ```
public final class GraphCommunicator: TopologyCommunicator, @unchecked Sendable {
  /// What each edge to this process weighs, in the order of ``TopologyCommunicator/sources``; `nil` without weights.
  public let sourceWeights: [Int]?

  /// What each edge from this process weighs, in the order of ``TopologyCommunicator/destinations``; `nil` without weights.
  public let destinationWeights: [Int]?

  /// Takes over a graph of which every process knows its own edges.
  init(distributed handle: CMPI_Comm, _ procedure: StaticString) throws(MPIError) {
    var (indegree, outdegree, isWeighted): (CInt, CInt, CInt) = (0, 0, 0)
    try check(
      cmpi_dist_graph_neighbors_count(handle, &indegree, &outdegree, &isWeighted), "MPI_Dist_graph_neighbors_count")
    // One more than there are, so that there is an array in any case.
    var sources = [CInt](repeating: 0, count: Int(indegree) + 1)
    var destinations = [CInt](repeating: 0, count: Int(outdegree) + 1)
    var (sourceWeights, destinationWeights) = (sources, destinations)
    let code = cmpi_dist_graph_neighbors(
      handle, indegree, &sources, &sourceWeights, outdegree, &destinations, &destinationWeights, isWeighted)
    try check(code, "MPI_Dist_graph_neighbors")
    self.sourceWeights = isWeighted != 0 ? sourceWeights.dropLast().map { Int($0) } : nil
    self.destinationWeights = isWeighted != 0 ? destinationWeights.dropLast().map { Int($0) } : nil
    try super.init(
      owning: handle, sources: sources.dropLast().map { Rank(wire: $0) },
      destinations: destinations.dropLast().map { Rank(wire: $0) }, procedure)
  }

  /// Takes over a graph that every process knows whole.
  init(whole handle: CMPI_Comm, _ procedure: StaticString) throws(MPIError) {
    let (rank, _) = try Communicator.place(in: handle, procedure)
    var count: CInt = 0
    try check(cmpi_graph_neighbors_count(handle, rank, &count), "MPI_Graph_neighbors_count")
    var wire = [CInt](repeating: 0, count: Int(count) + 1)
    try check(cmpi_graph_neighbors(handle, rank, count, &wire), "MPI_Graph_neighbors")
    let neighbors = wire.dropLast().map { Rank(wire: $0) }
    (sourceWeights, destinationWeights) = (nil, nil)
    try super.init(owning: handle, sources: neighbors, destinations: neighbors, procedure)
  }

  /// The neighbours of any process, where every process knows the whole graph (`MPI_Graph_neighbors`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/topology`` for a graph of which each process knows its own edges only, of
  ///   class ``MPIError/rank-type.property`` for a rank outside it.
  public func neighbors(of rank: Rank) throws(MPIError) -> [Rank] {
    let procedure: StaticString = "MPI_Graph_neighbors"
    try requireWhole(procedure)
    guard rank.index >= 0, rank.index < size else { throw rank.outside(MPIError.rank, procedure, self) }
    var count: CInt = 0
    try check(cmpi_graph_neighbors_count(handle, rank.value, &count), "MPI_Graph_neighbors_count", self)
    var wire = [CInt](repeating: 0, count: Int(count) + 1)
    try check(cmpi_graph_neighbors(handle, rank.value, count, &wire), procedure, self)
    return wire.dropLast().map { Rank(wire: $0) }
  }

  /// The neighbours of all processes, where every process knows the whole graph (`MPI_Graph_get`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/topology`` for a graph of which each process knows its own edges only.
  public func allNeighbors() throws(MPIError) -> [[Rank]] {
    let procedure: StaticString = "MPI_Graph_get"
    try requireWhole(procedure)
    var (nodes, edges): (CInt, CInt) = (0, 0)
    try check(cmpi_graphdims_get(handle, &nodes, &edges), "MPI_Graphdims_get", self)
    var ends = [CInt](repeating: 0, count: Int(nodes) + 1)
    var targets = [CInt](repeating: 0, count: Int(edges) + 1)
    try check(cmpi_graph_get(handle, nodes, edges, &ends, &targets), procedure, self)
    return (0..<Int(nodes)).map { node in
      targets[(node == 0 ? 0 : Int(ends[node - 1]))..<Int(ends[node])].map { Rank(wire: $0) }
    }
  }

  private func requireWhole(_ procedure: StaticString) throws(MPIError) {
    guard try topology == .graph else {
      throw MPIError(
        MPIError.topology, procedure, self, message: "each process knows its own edges only, not the whole graph")
    }
  }
}

/// An edge of a graph of processes: who sends, who receives, and how much that is compared with the others.
public struct GraphEdge: Hashable, Sendable {
  /// Who sends.
  public var source: Rank
  /// Who receives.
  public var destination: Rank
  /// How much, in a unit of the program's; a hint for placing the processes.
  public var weight: Int

  /// An edge from one rank to another.
  public init(from source: Rank, to destination: Rank, weight: Int = 1) {
    self.source = source
    self.destination = destination
    self.weight = weight
  }
}
