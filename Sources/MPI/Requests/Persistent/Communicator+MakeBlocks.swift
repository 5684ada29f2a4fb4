internal import CMPI

// The persistent collectives that move a block of any length from every rank, from one memory into another. All are
// collective: every rank makes them, in the same order.

extension Communicator {
  /// Prepares to collect spans of different lengths from all ranks in the root's buffer (`MPI_Gatherv_init`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: At the root where the values go; elsewhere not looked at, and may be empty.
  ///   - blocks: At the root where each rank's values go in the buffer; elsewhere not looked at and may be `nil`.
  ///   - root: Who gets them.
  @_lifetime(copy values, copy buffer)
  public final func makeGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>, blocks: Blocks?,
    to root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Gatherv_init"
    let (wire, incoming, wireRoot) = try gathered(
      values.count, into: buffer.count, blocks: blocks, of: Element.self, to: root, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      incoming.lend { counts, offsets in
        cmpi_gatherv_init(
          out.raw, wire.count, wire.type, into.raw, counts, offsets, wire.type, wireRoot, handle, request, kept)
      }
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startGather(out.reading, into: &span, blocks: blocks, to: root).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to divide a span of the root into parts of different lengths (`MPI_Scatterv_init`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root what is divided; elsewhere not looked at, and may be empty.
  ///   - blocks: At the root which values go to which rank; elsewhere not looked at and may be `nil`.
  ///   - buffer: Where this rank's values go; as long as its block.
  ///   - root: Who gives them.
  @_lifetime(copy values, copy buffer)
  public final func makeScatter<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, blocks: Blocks?, into buffer: consuming MutableSpan<Element>,
    from root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Scatterv_init"
    let (wire, outgoing, wireRoot) = try scattered(
      values.count, blocks: blocks, into: buffer.count, of: Element.self, from: root, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      outgoing.lend { counts, offsets in
        cmpi_scatterv_init(
          out.raw, counts, offsets, wire.type, into.raw, wire.count, wire.type, wireRoot, handle, request, kept)
      }
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startScatter(out.reading, blocks: blocks, into: &span, from: root).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to collect spans of different lengths from all ranks on all ranks (`MPI_Allgatherv_init`).
  ///
  /// Collective; all ranks give the same counts.
  ///
  /// - Parameters:
  ///   - values: What this rank gives; as long as its block.
  ///   - buffer: Where all values go.
  ///   - blocks: Where each rank's values go in the buffer.
  @_lifetime(copy values, copy buffer)
  public final func makeAllGather<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into buffer: consuming MutableSpan<Element>, blocks: Blocks
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Allgatherv_init"
    let (wire, incoming) = try allGathered(
      values.count, into: buffer.count, blocks: blocks, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      incoming.lend { counts, offsets in
        cmpi_allgatherv_init(
          out.raw, wire.count, wire.type, into.raw, counts, offsets, wire.type, handle, request, kept)
      }
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startAllGather(out.reading, into: &span, blocks: blocks).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }

  /// Prepares to exchange blocks of any lengths among all ranks (`MPI_Alltoallv_init`).
  ///
  /// Collective; what rank a sends to b is what b expects from a.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values go to each rank.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where each rank's values go.
  @_lifetime(copy values, copy buffer)
  public final func makeAllToAll<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ outgoing: Blocks, into buffer: consuming MutableSpan<Element>,
    _ incoming: Blocks
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Alltoallv_init"
    let (type, from, to) = try exchanged(
      values.count, outgoing, into: buffer.count, incoming, of: Element.self, procedure)
    let (out, into) = (values.pointers, buffer.pointers)
    let parts = try prepared(procedure) { request, kept in
      from.lend { outCounts, outOffsets in
        to.lend { inCounts, inOffsets in
          cmpi_alltoallv_init(
            out.raw, outCounts, outOffsets, type, into.raw, inCounts, inOffsets, type, handle, request, kept)
        }
      }
    } twin: { () throws(MPIError) in
      var span = into.writing
      return try self.startAllToAll(out.reading, outgoing, into: &span, incoming).parts()
    }
    return PersistentExchange(parts, values, buffer)
  }
}
