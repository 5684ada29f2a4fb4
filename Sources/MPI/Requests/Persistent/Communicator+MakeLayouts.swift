internal import CMPI

// What is prepared with layouts: which values of the memory travel, and where they go, is said once.

extension Communicator {
  /// Prepares to send the values that a layout picks from memory (`MPI_Send_init` with a derived datatype). Local.
  ///
  /// As ``makeSend(_:to:tag:mode:)``.
  ///
  /// - Parameters:
  ///   - values: The memory.
  ///   - layout: Which of its values are sent at each start.
  ///   - count: How many items of the layout, one behind the other.
  ///   - destination: Who receives it.
  ///   - tag: Tells messages apart.
  ///   - mode: When a round is complete.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the layout reaches out of the memory.
  @_lifetime(copy values)
  public final func makeSend<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1, to destination: Rank,
    tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try layout.wire(count, in: values.count, "MPI_Send_init", self)
    let parts = try preparedSend(values.pointers.raw, wire, destination, tag, mode, keeping: layout)
    return PersistentRequest(parts, values)
  }

  /// Prepares to receive into the places that a layout picks in memory (`MPI_Recv_init` with a derived datatype). Local.
  ///
  /// As ``makeReceive(into:from:tag:)``.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the layout reaches out of the memory, of class
  ///   ``MPIError/argument`` when it names a place twice.
  @_lifetime(copy buffer)
  public final func makeReceive<Element: Datatype>(
    into buffer: consuming MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1,
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Recv_init", self, isReceiving: true)
    let parts = try preparedReceive(buffer.pointers.raw, wire, source, tag, keeping: layout)
    return PersistentRequest(parts, buffer)
  }

  /// Prepares to overwrite the places that a layout picks with the root's (`MPI_Bcast_init` with a derived datatype).
  ///
  /// Collective; all ranks name the same root and as many values, each in its own layout.
  @_lifetime(copy buffer)
  public final func makeBroadcast<Element: Datatype>(
    _ buffer: consuming MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1, from root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let procedure: StaticString = "MPI_Bcast_init"
    let wire = try layout.wire(count, in: buffer.count, procedure, self, isReceiving: rank != root)
    let wireRoot = try root.root(procedure, self)
    let data = buffer.pointers
    let parts = try prepared(procedure, keeping: layout) { request, kept in
      cmpi_bcast_init(data.raw, wire.count, wire.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = data.writing
      return try self.startBroadcast(&span, as: layout, count: count, from: root).parts()
    }
    return PersistentRequest(parts, buffer)
  }

  /// Prepares to collect one item of a layout from every rank at the root (`MPI_Gather_init` with derived datatypes).
  ///
  /// Collective; as the blocking `gather(_:as:into:as:to:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, as outgoing: Layout<Element>,
    into buffer: consuming MutableSpan<Element>, as incoming: Layout<Element>, to root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Gather_init"
    let (from, to, wireRoot) = try gathered(
      values.count, as: outgoing, into: buffer.count, as: incoming, to: root, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure, keeping: KeptLayouts(outgoing, incoming)) { request, kept in
      cmpi_gather_init(out.raw, from.count, from.type, into.raw, to.count, to.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startGather(out.reading, as: outgoing, into: &span, as: incoming, to: root).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to collect one item of a layout from every rank on all (`MPI_Allgather_init` with derived datatypes).
  ///
  /// Collective; as the blocking `allGather(_:as:into:as:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeAllGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, as outgoing: Layout<Element>,
    into buffer: consuming MutableSpan<Element>, as incoming: Layout<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Allgather_init"
    let (from, to) = try allGathered(values.count, as: outgoing, into: buffer.count, as: incoming, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure, keeping: KeptLayouts(outgoing, incoming)) { request, kept in
      cmpi_allgather_init(out.raw, from.count, from.type, into.raw, to.count, to.type, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startAllGather(out.reading, as: outgoing, into: &span, as: incoming).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to give every rank one item of a layout of the root's (`MPI_Scatter_init` with derived datatypes).
  ///
  /// Collective; as the blocking `scatter(_:as:into:as:from:)`.
  @_lifetime(copy values, copy buffer)
  public final func makeScatter<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, as outgoing: Layout<Element>,
    into buffer: consuming MutableSpan<Element>, as incoming: Layout<Element>, from root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Scatter_init"
    let (from, to, wireRoot) = try scattered(
      values.count, as: outgoing, into: buffer.count, as: incoming, from: root, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure, keeping: KeptLayouts(outgoing, incoming)) { request, kept in
      cmpi_scatter_init(out.raw, from.count, from.type, into.raw, to.count, to.type, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startScatter(out.reading, as: outgoing, into: &span, as: incoming, from: root).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to exchange blocks among all ranks, each in a layout of its own (`MPI_Alltoallw_init`).
  ///
  /// Collective; what rank a sends to b has as many values as what b expects from a.
  @_lifetime(copy values, copy buffer)
  public final func makeAllToAll<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ outgoing: [LayoutBlock<Element>],
    into buffer: consuming MutableSpan<Element>, _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Alltoallw_init"
    let from = try wires(outgoing, in: values.count, procedure)
    let to = try wires(incoming, in: buffer.count, procedure, isReceiving: true)
    let (out, into) = (values.pointers, buffer.pointers)
    // CMPI keeps datatypes of its own, made of the layouts'.
    let parts = try prepared(procedure) { request, kept in
      withExtendedLifetime((outgoing, incoming)) {
        cmpi_alltoallw_init(
          out.raw, from.counts, from.offsets, from.types, into.raw, to.counts, to.offsets, to.types, handle, request,
          kept)
      }
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startAllToAll(out.reading, outgoing, into: &span, incoming).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }
}

/// Two layouts that a persistent request needs as long as it lives.
private final class KeptLayouts<Element: Datatype> {
  let outgoing: Layout<Element>
  let incoming: Layout<Element>

  init(_ outgoing: Layout<Element>, _ incoming: Layout<Element>) {
    self.outgoing = outgoing
    self.incoming = incoming
  }
}
