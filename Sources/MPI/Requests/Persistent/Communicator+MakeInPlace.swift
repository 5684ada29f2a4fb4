internal import CMPI

// The persistent collectives that move values within one memory. All are collective: every rank makes them, in the same
// order. New in MPI 4.0; also in Open MPI 4. Where MPI has none that work, each round starts the nonblocking collective.

extension Communicator {
  /// Prepares a barrier that is started any number of times (`MPI_Barrier_init`). Collective.
  @_lifetime(immortal)
  public final func makeBarrier() throws(MPIError) -> PersistentRequest<UInt8> {
    let parts = try prepared("MPI_Barrier_init") { request, _ in
      cmpi_barrier_init(handle, request)
    } twin: { () throws(MPIError) in
      try self.startBarrier().parts()
    }
    return PersistentRequest(parts, MutableSpan<UInt8>())
  }

  /// Prepares to overwrite a span on all ranks with the root's (`MPI_Bcast_init`). Collective.
  @_lifetime(copy values)
  public final func makeBroadcast<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wireRoot = try root.root("MPI_Bcast_init", self)
    let wire = try WireCount(values.count, of: Element.self)
    let data = values.pointers
    let parts = try prepared("MPI_Bcast_init") { request, kept in
      cmpi_bcast_init(data.raw, wire.count, wire.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      try self.startBroadcast(data.raw, data.count, Element.self, root).parts()
    }
    return PersistentRequest(parts, values)
  }

  /// Prepares to collect the ranks' values in the root's buffer, where its own lie (`MPI_Gather_init`). Collective.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values with its own at rank × count; elsewhere the count values to give.
  ///   - root: Who gets them.
  @_lifetime(copy buffer)
  public final func makeGather<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>, to root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let procedure: StaticString = "MPI_Gather_init"
    let isRoot = rank == root
    let wire = try inPlace(buffer.count, isWhole: isRoot, of: Element.self, procedure)
    let wireRoot = try root.root(procedure, self)
    let data = buffer.pointers
    let parts = try prepared(procedure) { request, kept in
      isRoot
        ? cmpi_gather_init(
          cmpi_in_place(), 0, wire.type, data.raw, wire.count, wire.type, wireRoot, handle, request, kept)
        : cmpi_gather_init(data.raw, wire.count, wire.type, nil, 0, wire.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = data.writing
      return try self.startGather(inPlace: &span, to: root).parts()
    }
    return PersistentRequest(parts, buffer)
  }

  /// Prepares to divide the root's buffer, whose own part stays where it is (`MPI_Scatter_init`). Collective.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values; elsewhere where the count values of this rank go.
  ///   - root: Who gives them.
  @_lifetime(copy buffer)
  public final func makeScatter<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let procedure: StaticString = "MPI_Scatter_init"
    let isRoot = rank == root
    let wire = try inPlace(buffer.count, isWhole: isRoot, of: Element.self, procedure)
    let wireRoot = try root.root(procedure, self)
    let data = buffer.pointers
    let keep = UnsafeMutableRawPointer(mutating: cmpi_in_place())
    let parts = try prepared(procedure) { request, kept in
      isRoot
        ? cmpi_scatter_init(data.raw, wire.count, wire.type, keep, 0, wire.type, wireRoot, handle, request, kept)
        : cmpi_scatter_init(nil, 0, wire.type, data.raw, wire.count, wire.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = data.writing
      return try self.startScatter(inPlace: &span, from: root).parts()
    }
    return PersistentRequest(parts, buffer)
  }

  /// Prepares to complete a buffer in which each rank's own values lie in place (`MPI_Allgather_init`). Collective.
  @_lifetime(copy buffer)
  public final func makeAllGather<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let procedure: StaticString = "MPI_Allgather_init"
    let wire = try inPlace(buffer.count, of: Element.self, procedure)
    let data = buffer.pointers
    let parts = try prepared(procedure) { request, kept in
      cmpi_allgather_init(cmpi_in_place(), 0, wire.type, data.raw, wire.count, wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = data.writing
      return try self.startAllGather(inPlace: &span).parts()
    }
    return PersistentRequest(parts, buffer)
  }

  /// Prepares to replace what every rank gives by what it gets (`MPI_Alltoall_init`). Collective.
  @_lifetime(copy buffer)
  public final func makeAllToAll<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let procedure: StaticString = "MPI_Alltoall_init"
    let wire = try inPlace(buffer.count, of: Element.self, procedure)
    let data = buffer.pointers
    let parts = try prepared(procedure) { request, kept in
      cmpi_alltoall_init(cmpi_in_place(), 0, wire.type, data.raw, wire.count, wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = data.writing
      return try self.startAllToAll(inPlace: &span).parts()
    }
    return PersistentRequest(parts, buffer)
  }
}
