public import CMPI

extension Communicator {
  /// Starts to give every rank as many values, and to get as many from every rank (`MPI_Ialltoall`).
  ///
  /// Collective; all ranks give as many.
  ///
  /// - Parameters:
  ///   - values: Size × count values, those for rank r at r × count.
  ///   - buffer: Where what it gets goes, from rank r at r × count.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the spans differ in length or do not divide by the size.
  @inlinable @inline(__always) @_lifetime(copy values, &buffer)
  public final func startAllToAll<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ialltoall"
    let wire = try exchanged(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_ialltoall(out, wire.count, wire.type, into, wire.count, wire.type, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to replace what every rank gives by what it gets (`MPI_Ialltoall` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give as many.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startAllToAll<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ialltoall"
    let wire = try inPlace(buffer.count, of: Element.self, procedure)
    let data = buffer.rawPointer
    let request = try started(
      procedure, cmpi_ialltoall(cmpi_in_place(), 0, wire.type, data, wire.count, wire.type, handle))
    return bound(request, mutating: &buffer)
  }

  /// Starts to exchange blocks of any lengths among all ranks (`MPI_Ialltoallv`).
  ///
  /// Collective; what rank a sends to b is what b expects from a.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values go to each rank.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where each rank's values go.
  @inlinable @inline(__always)
  @_lifetime(copy values, &buffer)
  public final func startAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ialltoallv"
    let place = RequestPlace(self)
    var begun: StartedBlocks?
    if _fastPath(cmpi_is_short(0)) {
      let type = try WireCount(1, of: Element.self).type
      let (out, into) = (values.rawPointer, buffer.rawPointer)
      let outcome = outgoing.lendNarrow(of: Element.self, in: values.count, self) { outCounts, outOffsets in
        incoming.lendKept(of: Element.self, in: buffer.count, self) { inCounts, inOffsets in
          cmpi_ialltoallv_classic(out, outCounts, outOffsets, into, inCounts, inOffsets, type, handle)
        }
      }
      if let outcome {
        let isSame = outgoing.narrow.counts == incoming.narrow.counts
        begun =
          isSame
          ? try started(procedure, outcome, keeping: incoming.narrow.counts)
          : try started(procedure, outcome, keeping: outgoing, and: incoming)
      }
    }
    if _slowPath(begun == nil) { begun = try startAllToAllWide(values, outgoing, into: &buffer, incoming) }
    return bound(bound(Request(begun.unsafelyUnwrapped, place), copying: values), mutating: &buffer)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @usableFromInline @inline(never)
  final func startAllToAllWide<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Ialltoallv"
    let (type, from, to) = try exchanged(
      values.count, outgoing, into: buffer.count, incoming, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    return StartedBlocks(
      try started(procedure) { request, kept in
        from.lend { outCounts, outOffsets in
          to.lend { inCounts, inOffsets in
            cmpi_ialltoallv(
              out, outCounts, outOffsets, type, into, inCounts, inOffsets, type, handle, request, kept)
          }
        }
      })
  }

  /// Starts to exchange blocks among all ranks, each in a layout of its own (`MPI_Ialltoallw`).
  ///
  /// Collective; what rank a sends to b has as many values as what b expects from a.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values go to each rank.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where each rank's values go.
  @inlinable @inline(__always) @_lifetime(copy values, &buffer)
  public final func startAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) -> Request {
    let place = RequestPlace(self)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    var begun = try startSides(outgoing, in: values.count, incoming, in: buffer.count, "MPI_Ialltoallw") {
      sides, handle in
      cmpi_ialltoallw_classic(
        out, sides.outCounts, sides.outOffsets, sides.outTypes, into, sides.inCounts, sides.inOffsets, sides.inTypes,
        handle)
    }
    if _slowPath(begun == nil) { begun = try startAllToAllFar(values, outgoing, into: &buffer, incoming) }
    return bound(bound(Request(begun.unsafelyUnwrapped, place), copying: values), mutating: &buffer)
  }

  /// The same of layouts that the classic procedure does not take, and what is wrong with others.
  @usableFromInline @inline(never)
  final func startAllToAllFar<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) -> StartedBlocks {
    let procedure: StaticString = "MPI_Ialltoallw"
    try enter(procedure, self)
    let from = try wires(outgoing, in: values.count, procedure)
    let to = try wires(incoming, in: buffer.count, procedure, isReceiving: true)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    return StartedBlocks(
      try started(procedure) { request, kept in
        withExtendedLifetime((outgoing, incoming)) {
          cmpi_ialltoallw(
            out, from.counts, from.offsets, from.types, into, to.counts, to.offsets, to.types, handle, request, kept)
        }
      })
  }
}
