public import CMPI

extension Communicator {
  /// Starts to divide a span of the root into parts of the same length (`MPI_Iscatter`).
  ///
  /// Collective; all ranks give buffers of the same length, and name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root size × count values; elsewhere not looked at.
  ///   - buffer: Where this rank's count values go.
  ///   - root: Who gives them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root does not give size × count values.
  @inlinable @inline(__always) @_lifetime(copy values, &buffer)
  public final func startScatter<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iscatter"
    let (wire, wireRoot) = try scattered(values.count, into: buffer.count, of: Element.self, from: root, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_iscatter(out, wire.count, wire.type, into, wire.count, wire.type, wireRoot, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to divide a span of the root into parts of different lengths (`MPI_Iscatterv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root what is divided; elsewhere not looked at.
  ///   - blocks: At the root which values go to which rank; elsewhere not looked at and may be `nil`.
  ///   - buffer: Where this rank's values go; as long as its block.
  ///   - root: Who gives them.
  @inlinable @inline(__always)
  @_lifetime(copy values, &buffer)
  public final func startScatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks?, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> Request {
    if let blocks { return try startScatter(values, blocks: blocks, into: &buffer, from: root) }
    let started =
      rank == root
      ? try startScatterWide(values, nil, into: &buffer, from: root) : try startScattered(into: &buffer, from: root)
    return bound(bound(Request(started, RequestPlace(self)), copying: values), mutating: &buffer)
  }

  /// What a rank that is not the root starts.
  @inlinable @inline(__always)
  final func startScattered<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Iscatterv"
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(buffer.count, of: Element.self)
    guard _fastPath(cmpi_is_short(wire.count)) else {
      return try startScatterWide(Span<Element>(), nil, into: &buffer, from: root)
    }
    let count = CInt(truncatingIfNeeded: wire.count)
    let outcome = cmpi_iscatterv_classic(nil, nil, nil, buffer.rawPointer, count, wire.type, wireRoot, handle)
    return try startedPlainly(procedure, outcome)
  }

  /// Starts to divide a span of the root into parts of different lengths, as all ranks know them (`MPI_Iscatterv`).
  ///
  /// Collective; as ``startScatter(_:blocks:into:from:)-(_,Blocks?,_,_)``, for blocks that are there on every rank.
  @inlinable @inline(__always)
  @_lifetime(copy values, &buffer)
  public final func startScatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iscatterv"
    let place = RequestPlace(self)
    var begun: StartedBlocks?
    if rank != root {
      begun = try startScattered(into: &buffer, from: root)
    } else if _fastPath(cmpi_is_short(Int64(buffer.count))) {
      let type = try WireCount(1, of: Element.self).type
      let (out, into, count) = (values.rawPointer, buffer.rawPointer, CInt(truncatingIfNeeded: buffer.count))
      let outcome = blocks.lendKept(of: Element.self, in: values.count, self) { counts, offsets in
        counts[root.index] <= count
          ? cmpi_iscatterv_classic(out, counts, offsets, into, count, type, root.value, handle) : nil
      }
      if let outcome { begun = try started(procedure, outcome, keeping: blocks.narrow.counts) }
    }
    if _slowPath(begun == nil) { begun = try startScatterWide(values, blocks, into: &buffer, from: root) }
    return bound(bound(Request(begun.unsafelyUnwrapped, place), copying: values), mutating: &buffer)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @usableFromInline @inline(never)
  final func startScatterWide<Element: Datatype>(
    _ values: Span<Element>, _ blocks: Blocks?, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Iscatterv"
    let (wire, outgoing, wireRoot) = try scattered(
      values.count, blocks: blocks, into: buffer.count, of: Element.self, from: root, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    return StartedBlocks(
      try started(procedure) { request, kept in
        outgoing.lend { counts, offsets in
          cmpi_iscatterv(
            out, counts, offsets, wire.type, into, wire.count, wire.type, wireRoot, handle, request, kept)
        }
      })
  }

  /// Starts to divide the root's buffer, whose own part stays where it is (`MPI_Iscatter` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values; elsewhere where the count values of this rank go.
  ///   - root: Who gives them.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startScatter<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iscatter"
    let wireRoot = try root.root(procedure, self)
    let data = buffer.rawPointer
    let outcome: CMPI_Started
    if rank == root {
      let wire = try inPlace(buffer.count, of: Element.self, procedure)
      let keep = UnsafeMutableRawPointer(mutating: cmpi_in_place())
      outcome = cmpi_iscatter(data, wire.count, wire.type, keep, 0, wire.type, wireRoot, handle)
    } else {
      let wire = try WireCount(buffer.count, of: Element.self)
      outcome = cmpi_iscatter(nil, 0, wire.type, data, wire.count, wire.type, wireRoot, handle)
    }
    return bound(try started(procedure, outcome), mutating: &buffer)
  }
}
