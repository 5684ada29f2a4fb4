internal import CMPI

extension Communicator {
  /// Makes a graph of processes, each of which says who its neighbours are (`MPI_Dist_graph_create_adjacent`).
  ///
  /// Collective: an edge is given by both its ends. All ranks give weights, or none does.
  ///
  /// - Parameters:
  ///   - sources: From whom this rank receives, as often as there are edges.
  ///   - destinations: To whom it sends.
  ///   - sourceWeights: What each edge to this rank weighs, from 0.
  ///   - destinationWeights: What each edge from it weighs.
  ///   - reorder: Whether MPI may give the processes other ranks, to suit the machine.
  /// - Throws: ``MPIError`` of class ``MPIError/rank-type.property`` for a neighbour outside the communicator, of class
  ///   ``MPIError/topology`` for weights that do not belong to the edges.
  public final func graph(
    from sources: [Rank], to destinations: [Rank], sourceWeights: [Int]? = nil, destinationWeights: [Int]? = nil,
    reorder: Bool = false
  ) throws(MPIError) -> GraphCommunicator {
    let procedure: StaticString = "MPI_Dist_graph_create_adjacent"
    try enter(procedure, self)
    let (from, to) = (try members(sources, procedure), try members(destinations, procedure))
    guard (sourceWeights == nil) == (destinationWeights == nil) else {
      throw topologyError(procedure, "weights were given for the edges of one direction only")
    }
    let fromWeights = try weights(sourceWeights, sources.count, procedure)
    let toWeights = try weights(destinationWeights, destinations.count, procedure)
    let new = try madeHandle(procedure) {
      cmpi_dist_graph_create_adjacent(
        handle, CInt(from.count), from, fromWeights, CInt(to.count), to, toWeights, reorder ? 1 : 0, $0)
    }
    return try GraphCommunicator(distributed: new!, procedure)
  }

  /// Makes a graph of processes from edges of which every rank gives some, its own or others' (`MPI_Dist_graph_create`).
  ///
  /// Collective. Each edge is given once, by any rank; the order of the neighbours is MPI's.
  ///
  /// - Parameters:
  ///   - edges: The edges that this rank knows of.
  ///   - reorder: Whether MPI may give the processes other ranks, to suit the machine.
  /// - Throws: ``MPIError`` of class ``MPIError/rank-type.property`` for an end outside the communicator, of class
  ///   ``MPIError/topology`` for a negative weight.
  public final func graph(edges: [GraphEdge], reorder: Bool = false) throws(MPIError) -> GraphCommunicator {
    let procedure: StaticString = "MPI_Dist_graph_create"
    try enter(procedure, self)
    let from = try members(edges.map(\.source), procedure)
    let to = try members(edges.map(\.destination), procedure)
    let weights = try weights(edges.map(\.weight), edges.count, procedure)
    let degrees = [CInt](repeating: 1, count: edges.count)
    let new = try madeHandle(procedure) {
      cmpi_dist_graph_create(handle, CInt(edges.count), from, degrees, to, weights, reorder ? 1 : 0, $0)
    }
    return try GraphCommunicator(distributed: new!, procedure)
  }

  /// Makes a graph of processes that every process knows whole (`MPI_Graph_create`).
  ///
  /// Collective; all ranks give the same. For many processes the other two are better, which need no memory for the whole
  /// graph.
  ///
  /// - Parameters:
  ///   - neighbors: Those of each rank; a neighbour of one has that one as its neighbour, as often.
  ///   - reorder: Whether MPI may give the processes other ranks, to suit the machine.
  /// - Returns: The graph, or `nil` on the ranks that are not in it.
  /// - Throws: ``MPIError`` of class ``MPIError/topology`` for more nodes than ranks, or neighbours that are not mutual.
  public final func graph(neighbors: [[Rank]], reorder: Bool = false) throws(MPIError) -> GraphCommunicator? {
    let procedure: StaticString = "MPI_Graph_create"
    try enter(procedure, self)
    let (ends, edges) = try wholeGraph(neighbors, procedure)
    let new = try madeHandle(procedure) {
      cmpi_graph_create(handle, CInt(ends.count), ends, edges, reorder ? 1 : 0, $0)
    }
    return try new.map { (new) throws(MPIError) in try GraphCommunicator(whole: new, procedure) }
  }

  /// Which rank this process would best have in a graph (`MPI_Graph_map`). Local.
  ///
  /// - Returns: The rank, or `nil` where the process would have no place.
  /// - Throws: As `graph(neighbors:reorder:)`.
  public final func graphRank(neighbors: [[Rank]]) throws(MPIError) -> Rank? {
    let procedure: StaticString = "MPI_Graph_map"
    try enter(procedure, self)
    let (ends, edges) = try wholeGraph(neighbors, procedure)
    var result: CInt = 0
    try check(cmpi_graph_map(handle, CInt(ends.count), ends, edges, &result), procedure, self)
    return result == cmpi_undefined() || result >= CInt(ends.count) ? nil : Rank(wire: result)
  }

  /// Where each node's neighbours end, and the neighbours behind each other.
  private func wholeGraph(
    _ neighbors: [[Rank]], _ procedure: StaticString
  ) throws(MPIError) -> (ends: [CInt], edges: [CInt]) {
    guard neighbors.count > 0, neighbors.count <= size else {
      throw topologyError(procedure, "a graph of \(neighbors.count) nodes was given, in a communicator of \(size)")
    }
    var directions: [SIMD2<Int>: Int] = [:]
    for (node, others) in neighbors.enumerated() {
      for other in others {
        guard 0..<neighbors.count ~= other.index else {
          throw topologyError(procedure, "node \(node) has the neighbour \(other), in a graph of \(neighbors.count)")
        }
        directions[SIMD2(node, other.index), default: 0] += 1
      }
    }
    for (edge, count) in directions where directions[SIMD2(edge.y, edge.x)] != count {
      throw topologyError(procedure, "\(edge.y) is a neighbour of \(edge.x), but not as often the other way round")
    }
    var end: CInt = 0
    let ends = neighbors.map { others in
      end += CInt(others.count)
      return end
    }
    return (ends, neighbors.flatMap { $0.map(\.value) })
  }

  private func members(_ ranks: [Rank], _ procedure: StaticString) throws(MPIError) -> [CInt] {
    for rank in ranks where !(0..<size ~= rank.index) { throw rank.outside(MPIError.rank, procedure, self) }
    return ranks.map(\.value)
  }

  /// One for each edge; an array with something in it where there are weights at all.
  private func weights(_ weights: [Int]?, _ edges: Int, _ procedure: StaticString) throws(MPIError) -> [CInt]? {
    guard let weights else { return nil }
    guard weights.count == edges, weights.allSatisfy({ 0...Int(Int32.max) ~= $0 }) else {
      throw topologyError(procedure, "\(edges) edges and the weights \(weights.prefix(8)) were given")
    }
    return weights.isEmpty ? [0] : weights.map { CInt($0) }
  }

  private func topologyError(_ procedure: StaticString, _ message: @autoclosure () -> String) -> MPIError {
    MPIError(MPIError.topology, procedure, self, message: message())
  }
}
