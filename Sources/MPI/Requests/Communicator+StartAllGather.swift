public import CMPI

extension Communicator {
  /// Starts to collect spans of the same length from all ranks on all ranks (`MPI_Iallgather`).
  ///
  /// Collective; all ranks give as many values.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: Where all values go, by rank.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the buffer is not size × count values.
  @inlinable @inline(__always) @_lifetime(copy values, &buffer)
  public final func startAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iallgather"
    let wire = try allGathered(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_iallgather(out, wire.count, wire.type, into, wire.count, wire.type, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to collect spans of different lengths from all ranks on all ranks (`MPI_Iallgatherv`).
  ///
  /// Collective; all ranks give the same counts.
  ///
  /// - Parameters:
  ///   - values: What this rank gives; as long as its block.
  ///   - buffer: Where all values go.
  ///   - blocks: Where each rank's values go in the buffer.
  @inlinable @inline(__always)
  @_lifetime(copy values, &buffer)
  public final func startAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iallgatherv"
    let place = RequestPlace(self)
    var begun: StartedBlocks?
    if _fastPath(cmpi_is_short(Int64(values.count))) {
      let type = try WireCount(1, of: Element.self).type
      let (out, into, count) = (values.rawPointer, buffer.rawPointer, CInt(truncatingIfNeeded: values.count))
      let outcome = blocks.lendKept(of: Element.self, in: buffer.count, self) { counts, offsets in
        counts[rank.index] == count
          ? cmpi_iallgatherv_classic(out, count, into, counts, offsets, type, handle) : nil
      }
      if let outcome { begun = try started(procedure, outcome, keeping: blocks.narrow.counts) }
    }
    if _slowPath(begun == nil) { begun = try startAllGatherWide(values, into: &buffer, blocks) }
    return bound(bound(Request(begun.unsafelyUnwrapped, place), copying: values), mutating: &buffer)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @usableFromInline @inline(never)
  final func startAllGatherWide<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, _ blocks: Blocks
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Iallgatherv"
    let (wire, incoming) = try allGathered(
      values.count, into: buffer.count, blocks: blocks, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    return StartedBlocks(
      try started(procedure) { request, kept in
        incoming.lend { counts, offsets in
          cmpi_iallgatherv(out, wire.count, wire.type, into, counts, offsets, wire.type, handle, request, kept)
        }
      })
  }

  /// Starts to complete a buffer in which each rank's own values lie (`MPI_Iallgather` with `MPI_IN_PLACE`).
  ///
  /// Collective.
  ///
  /// - Parameter buffer: Size × count values, this rank's at rank × count.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startAllGather<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iallgather"
    let wire = try inPlace(buffer.count, of: Element.self, procedure)
    let data = buffer.rawPointer
    let request = try started(
      procedure, cmpi_iallgather(cmpi_in_place(), 0, wire.type, data, wire.count, wire.type, handle))
    return bound(request, mutating: &buffer)
  }
}
