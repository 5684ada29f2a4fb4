internal import CMPI

/// A communicator whose processes have neighbours: a grid or a graph (MPI 5.0, chapter 8).
///
/// It is a communicator like any other, and knows besides from which ranks this one receives and to which it sends in the
/// neighbourhood collectives.
public class TopologyCommunicator: Communicator, @unchecked Sendable {
  /// The ranks that this one receives from, in the order of the received blocks.
  ///
  /// ``Rank/null`` where a grid ends; a rank may be there several times.
  public final let sources: [Rank]

  /// The ranks that this one sends to, in the order of the sent blocks.
  public final let destinations: [Rank]

  /// The neighbours as C reads them.
  final let wireNeighbors: CMPI_Neighbors

  /// Takes over a handle that MPI has just made.
  init(
    owning handle: CMPI_Comm, sources: [Rank], destinations: [Rank], isGrid: Bool = false, _ procedure: StaticString
  ) throws(MPIError) {
    try check(cmpi_comm_return_errors(handle), procedure)
    let (rank, size) = try Communicator.place(in: handle, procedure)
    self.sources = sources
    self.destinations = destinations
    let ranks = UnsafeMutableBufferPointer<Int32>.allocate(capacity: sources.count + destinations.count)
    _ = ranks.initialize(from: (sources + destinations).map(\.value))
    wireNeighbors = CMPI_Neighbors(
      isGrid: isGrid,
      hasParallelEdges: !isGrid
        && (Set(sources).count < sources.count || Set(destinations).count < destinations.count),
      sourceCount: CInt(sources.count), destinationCount: CInt(destinations.count),
      sources: ranks.baseAddress,
      destinations: ranks.baseAddress.map { $0 + sources.count })
    super.init(handle: handle, rank: rank, size: size, isOwned: true)
  }

  deinit { wireNeighbors.sources?.deallocate() }
}

/// The kind of neighbours that the processes of a communicator have.
public enum Topology: Sendable {
  /// A grid, made by ``Communicator/cartesian(_:isPeriodic:reorder:)``.
  case cartesian
  /// A graph that every process knows whole.
  case graph
  /// A graph of which every process knows its own edges.
  case distributedGraph
}

extension Communicator {
  /// The kind of neighbours that the processes have; `nil` for none (`MPI_Topo_test`). Local.
  public final var topology: Topology? {
    get throws(MPIError) {
      try enter("MPI_Topo_test", self)
      var kind: CInt = 0
      try check(cmpi_topo_test(handle, &kind), "MPI_Topo_test", self)
      switch UInt32(bitPattern: kind) {
      case CMPI_TOPOLOGY_CARTESIAN.rawValue: return .cartesian
      case CMPI_TOPOLOGY_GRAPH.rawValue: return .graph
      case CMPI_TOPOLOGY_DIST_GRAPH.rawValue: return .distributedGraph
      default: return nil
      }
    }
  }
}

extension Rank {
  /// The rank that MPI calls so.
  init(wire rank: CInt) { self = rank == cmpi_proc_null() ? .null : Rank(value: rank) }
}
