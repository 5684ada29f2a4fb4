internal import CMPI

// The persistent collectives that move as many values from every rank, from one memory into another. All are collective:
// every rank makes them, in the same order.

extension Communicator {
  /// Prepares to collect spans of the same length from all ranks in the root's buffer (`MPI_Gather_init`).
  ///
  /// Collective; all ranks give as many values, and name the same root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: At the root room for the values of all ranks, by rank; elsewhere not looked at, and may be empty.
  ///   - root: Who gets them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root's buffer is not size × count values.
  @_lifetime(copy values, copy buffer)
  public final func makeGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>, to root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Gather_init"
    let (wire, wireRoot) = try gathered(values.count, into: buffer.count, of: Element.self, to: root, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_gather_init(
        out.raw, wire.count, wire.type, into.raw, wire.count, wire.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startGather(out.reading, into: &span, to: root).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to divide a span of the root into parts of the same length (`MPI_Scatter_init`).
  ///
  /// Collective; all ranks give buffers of the same length, and name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root size × count values; elsewhere not looked at, and may be empty.
  ///   - buffer: Where this rank's count values go.
  ///   - root: Who gives them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root does not give size × count values.
  @_lifetime(copy values, copy buffer)
  public final func makeScatter<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Scatter_init"
    let (wire, wireRoot) = try scattered(values.count, into: buffer.count, of: Element.self, from: root, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_scatter_init(
        out.raw, wire.count, wire.type, into.raw, wire.count, wire.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startScatter(out.reading, into: &span, from: root).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to collect spans of the same length from all ranks on all ranks (`MPI_Allgather_init`).
  ///
  /// Collective; all ranks give as many values.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the buffer is not size × count values.
  @_lifetime(copy values, copy buffer)
  public final func makeAllGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Allgather_init"
    let wire = try allGathered(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_allgather_init(out.raw, wire.count, wire.type, into.raw, wire.count, wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startAllGather(out.reading, into: &span).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to give every rank as many values, and to get as many from every rank (`MPI_Alltoall_init`).
  ///
  /// Collective; all ranks give as many: size × count values, those for and from rank r at r × count.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the spans differ in length or do not divide by the size.
  @_lifetime(copy values, copy buffer)
  public final func makeAllToAll<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Alltoall_init"
    let wire = try exchanged(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      cmpi_alltoall_init(out.raw, wire.count, wire.type, into.raw, wire.count, wire.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startAllToAll(out.reading, into: &span).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }
}
