public import CMPI

extension Communicator {
  /// Starts to collect spans of the same length from all ranks in the root's buffer (`MPI_Igather`).
  ///
  /// Collective; all ranks give as many values, and name the same root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: At the root room for the values of all ranks, by rank; elsewhere not looked at.
  ///   - root: Who gets them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root's buffer is not size × count values.
  @inlinable @inline(__always) @_lifetime(copy values, &buffer)
  public final func startGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, to root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Igather"
    let (wire, wireRoot) = try gathered(values.count, into: buffer.count, of: Element.self, to: root, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_igather(out, wire.count, wire.type, into, wire.count, wire.type, wireRoot, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to collect spans of different lengths from all ranks in the root's buffer (`MPI_Igatherv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: At the root where the values go; elsewhere not looked at.
  ///   - blocks: At the root where each rank's values go in the buffer; elsewhere not looked at and may be `nil`.
  ///   - root: Who gets them.
  @inlinable @inline(__always)
  @_lifetime(copy values, &buffer)
  public final func startGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks?, to root: Rank
  ) throws(MPIError) -> Request {
    if let blocks { return try startGather(values, into: &buffer, blocks: blocks, to: root) }
    let started =
      rank == root
      ? try startGatherWide(values, into: &buffer, nil, to: root) : try startGathered(values, to: root)
    return bound(bound(Request(started, RequestPlace(self)), copying: values), mutating: &buffer)
  }

  /// What a rank that is not the root starts.
  @inlinable @inline(__always)
  final func startGathered<Element: Datatype>(
    _ values: Span<Element>, to root: Rank
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Igatherv"
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    guard _fastPath(cmpi_is_short(wire.count)) else {
      var nothing = MutableSpan<Element>()
      return try startGatherWide(values, into: &nothing, nil, to: root)
    }
    let count = CInt(truncatingIfNeeded: wire.count)
    let outcome = cmpi_igatherv_classic(values.rawPointer, count, nil, nil, nil, wire.type, wireRoot, handle)
    return try startedPlainly(procedure, outcome)
  }

  /// Starts to collect spans of different lengths, as all ranks know them, in the root's buffer (`MPI_Igatherv`).
  ///
  /// Collective; as ``startGather(_:into:blocks:to:)-(_,_,Blocks?,_)``, for blocks that are there on every rank.
  @inlinable @inline(__always)
  @_lifetime(copy values, &buffer)
  public final func startGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks, to root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Igatherv"
    let place = RequestPlace(self)
    var begun: StartedBlocks?
    if rank != root {
      begun = try startGathered(values, to: root)
    } else if _fastPath(cmpi_is_short(Int64(values.count))) {
      let type = try WireCount(1, of: Element.self).type
      let (out, into, count) = (values.rawPointer, buffer.rawPointer, CInt(truncatingIfNeeded: values.count))
      let outcome = blocks.lendKept(of: Element.self, in: buffer.count, self) { counts, offsets in
        counts[root.index] == count
          ? cmpi_igatherv_classic(out, count, into, counts, offsets, type, root.value, handle) : nil
      }
      if let outcome { begun = try started(procedure, outcome, keeping: blocks.narrow.counts) }
    }
    if _slowPath(begun == nil) { begun = try startGatherWide(values, into: &buffer, blocks, to: root) }
    return bound(bound(Request(begun.unsafelyUnwrapped, place), copying: values), mutating: &buffer)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @usableFromInline @inline(never)
  final func startGatherWide<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, _ blocks: Blocks?, to root: Rank
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Igatherv"
    let (wire, incoming, wireRoot) = try gathered(
      values.count, into: buffer.count, blocks: blocks, of: Element.self, to: root, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    return StartedBlocks(
      try started(procedure) { request, kept in
        incoming.lend { counts, offsets in
          cmpi_igatherv(
            out, wire.count, wire.type, into, counts, offsets, wire.type, wireRoot, handle, request, kept)
        }
      })
  }

  /// Starts to collect the ranks' values in the root's buffer, where its own lie (`MPI_Igather` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values with its own at rank × count; elsewhere the count values to give.
  ///   - root: Who gets them.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startGather<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>, to root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Igather"
    let wireRoot = try root.root(procedure, self)
    let data = buffer.rawPointer
    let outcome: CMPI_Started
    if rank == root {
      let wire = try inPlace(buffer.count, of: Element.self, procedure)
      outcome = cmpi_igather(cmpi_in_place(), 0, wire.type, data, wire.count, wire.type, wireRoot, handle)
    } else {
      let wire = try WireCount(buffer.count, of: Element.self)
      outcome = cmpi_igather(data, wire.count, wire.type, nil, 0, wire.type, wireRoot, handle)
    }
    return bound(try started(procedure, outcome), mutating: &buffer)
  }
}
