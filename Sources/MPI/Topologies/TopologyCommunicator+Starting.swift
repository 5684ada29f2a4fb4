internal import CMPI

// The neighbourhood collectives on their way: as the blocking ones, and nobody touches the memory until the request is
// complete.

extension TopologyCommunicator {
  /// Starts to give a span to all neighbours, and to get one of the same length from each (`MPI_Ineighbor_allgather`).
  ///
  /// Collective; as `neighborAllGather(_:into:)`.
  @_lifetime(copy values, &buffer)
  public final func startNeighborAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ineighbor_allgather"
    let wire = try gatheredBlock(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(procedure) { request, kept in
      cmpi_neighbor_allgather(
        CollectiveWay.start.wire, wireNeighbors, out, into, wire.count, wire.type, handle, request, kept)
    }
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to give a span to all neighbours, and to get spans of other lengths (`MPI_Ineighbor_allgatherv`).
  ///
  /// Collective; as `neighborAllGather(_:into:blocks:)`.
  @_lifetime(copy values, &buffer)
  public final func startNeighborAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ineighbor_allgatherv"
    try enter(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let incoming = try side(blocks, of: sources, in: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(procedure) { request, kept in
      cmpi_neighbor_allgatherv(
        CollectiveWay.start.wire, wireNeighbors, out, wire.count, into, incoming.counts, incoming.offsets, wire.type,
        handle, request, kept)
    }
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to give every neighbour as many values, and to get as many from each (`MPI_Ineighbor_alltoall`).
  ///
  /// Collective; as `neighborAllToAll(_:into:)`.
  @_lifetime(copy values, &buffer)
  public final func startNeighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ineighbor_alltoall"
    let wire = try exchangedBlock(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(procedure) { request, kept in
      cmpi_neighbor_alltoall(
        CollectiveWay.start.wire, wireNeighbors, out, into, wire.count, wire.type, handle, request, kept)
    }
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to exchange blocks of different lengths with the neighbours (`MPI_Ineighbor_alltoallv`).
  ///
  /// Collective; as `neighborAllToAll(_:_:into:_:)`.
  @_lifetime(copy values, &buffer)
  public final func startNeighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ineighbor_alltoallv"
    try enter(procedure, self)
    let type = try WireCount(1, of: Element.self).type
    let from = try side(outgoing, of: destinations, in: values.count, of: Element.self, procedure)
    let to = try side(incoming, of: sources, in: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(procedure) { request, kept in
      cmpi_neighbor_alltoallv(
        CollectiveWay.start.wire, wireNeighbors, out, from.counts, from.offsets, into, to.counts, to.offsets, type,
        handle, request, kept)
    }
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to exchange blocks with the neighbours, each in a layout of its own (`MPI_Ineighbor_alltoallw`).
  ///
  /// Collective; as `neighborAllToAll(_:_:into:_:)`.
  @_lifetime(copy values, &buffer)
  public final func startNeighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ineighbor_alltoallw"
    try enter(procedure, self)
    let from = try side(outgoing, of: destinations, in: values.count, procedure, isReceiving: false)
    let to = try side(incoming, of: sources, in: buffer.count, procedure, isReceiving: true)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(procedure) { request, kept in
      withExtendedLifetime((outgoing, incoming)) {
        cmpi_neighbor_alltoallw(
          CollectiveWay.start.wire, wireNeighbors, out, from.counts, from.offsets, from.types, into, to.counts,
          to.offsets, to.types, handle, request, kept)
      }
    }
    return bound(bound(request, copying: values), mutating: &buffer)
  }
}
