internal import CMPI

// The neighbourhood collectives that are prepared once and started many times, from one memory into another. All are
// collective: every rank makes them, in the same order.

extension TopologyCommunicator {
  /// Prepares to give a span to all neighbours, and to get one of the same length from each
  /// (`MPI_Neighbor_allgather_init`).
  ///
  /// Collective; as `neighborAllGather(_:into:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeNeighborAllGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Neighbor_allgather_init"
    let wire = try gatheredBlock(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_neighbor_allgather(
        CollectiveWay.make.wire, wireNeighbors, out.raw, into.raw, wire.count, wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startNeighborAllGather(out.reading, into: &span).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to give a span to all neighbours, and to get spans of other lengths (`MPI_Neighbor_allgatherv_init`).
  ///
  /// Collective; as `neighborAllGather(_:into:blocks:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeNeighborAllGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>, blocks: Blocks
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Neighbor_allgatherv_init"
    try enter(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let incoming = try side(blocks, of: sources, in: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_neighbor_allgatherv(
        CollectiveWay.make.wire, wireNeighbors, out.raw, wire.count, into.raw, incoming.counts, incoming.offsets,
        wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startNeighborAllGather(out.reading, into: &span, blocks: blocks).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to give every neighbour as many values, and to get as many from each (`MPI_Neighbor_alltoall_init`).
  ///
  /// Collective; as `neighborAllToAll(_:into:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeNeighborAllToAll<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Neighbor_alltoall_init"
    let wire = try exchangedBlock(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_neighbor_alltoall(
        CollectiveWay.make.wire, wireNeighbors, out.raw, into.raw, wire.count, wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startNeighborAllToAll(out.reading, into: &span).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to exchange blocks of different lengths with the neighbours (`MPI_Neighbor_alltoallv_init`).
  ///
  /// Collective; as `neighborAllToAll(_:_:into:_:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeNeighborAllToAll<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ outgoing: Blocks, into buffer: consuming MutableSpan<Element>,
    _ incoming: Blocks
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Neighbor_alltoallv_init"
    try enter(procedure, self)
    let type = try WireCount(1, of: Element.self).type
    let from = try side(outgoing, of: destinations, in: values.count, of: Element.self, procedure)
    let to = try side(incoming, of: sources, in: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_neighbor_alltoallv(
        CollectiveWay.make.wire, wireNeighbors, out.raw, from.counts, from.offsets, into.raw, to.counts, to.offsets,
        type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startNeighborAllToAll(out.reading, outgoing, into: &span, incoming).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to exchange blocks with the neighbours, each in a layout of its own (`MPI_Neighbor_alltoallw_init`).
  ///
  /// Collective; as `neighborAllToAll(_:_:into:_:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeNeighborAllToAll<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ outgoing: [LayoutBlock<Element>],
    into buffer: consuming MutableSpan<Element>, _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Neighbor_alltoallw_init"
    try enter(procedure, self)
    let from = try side(outgoing, of: destinations, in: values.count, procedure, isReceiving: false)
    let to = try side(incoming, of: sources, in: buffer.count, procedure, isReceiving: true)
    let (out, into) = (values.pointers, buffer.pointers)
    // CMPI keeps datatypes of its own, made of the layouts'.
    let parts = try prepared(procedure) { request, kept in
      withExtendedLifetime((outgoing, incoming)) {
        cmpi_neighbor_alltoallw(
          CollectiveWay.make.wire, wireNeighbors, out.raw, from.counts, from.offsets, from.types, into.raw, to.counts,
          to.offsets, to.types, handle, request, kept)
      }
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startNeighborAllToAll(out.reading, outgoing, into: &span, incoming).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }
}
