public import CMPI

extension Communicator {
  /// Starts to combine spans and to divide the result into equal parts (`MPI_Ireduce_scatter_block`).
  ///
  /// Collective; all ranks give as many values.
  ///
  /// - Parameters:
  ///   - values: Size × count values.
  ///   - result: Where this rank's count results go.
  ///   - reduction: How two values become one; the error of a closure is that of the wait.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the values are not size × count, of class
  ///   ``MPIError/unsupported`` for a reduction that does not commute on MPICH 4.0, whose own is broken.
  @inlinable @inline(__always) @_lifetime(copy values, &result)
  public final func startReduceScatter<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ireduce_scatter_block"
    try requireParts(values.count, result.count, procedure)
    let request = try startReduceScatter(values.pointers, into: result.pointers, reduction)
    return bound(bound(request, copying: values), mutating: &result)
  }

  /// Starts to combine spans and to divide the result by given counts (`MPI_Ireduce_scatter`).
  ///
  /// Collective; all ranks give the same counts, one for each rank, whose sum is the length of the values.
  ///
  /// - Parameters:
  ///   - values: As many values as the counts have together.
  ///   - counts: How many results each rank gets.
  ///   - result: Where this rank's results go, as many as its count.
  ///   - reduction: How two values become one; the error of a closure is that of the wait.
  /// - Throws: As ``startReduceScatter(_:into:_:)``.
  @_lifetime(copy values, &result)
  public final func startReduceScatter<Element: Datatype>(
    _ values: Span<Element>, counts: [Int], into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ireduce_scatter"
    let wire = try scattered(values.count, counts: counts, into: result.count, of: Element.self, procedure)
    let request = try startReduceScatter(values.pointers, counts, wire, into: result.pointers, reduction)
    return bound(bound(request, copying: values), mutating: &result)
  }

  /// Starts to combine spans element by element and to divide the result into blocks, which lie one after the other
  /// (`MPI_Ireduce_scatter`).
  ///
  /// Collective; as ``startReduceScatter(_:counts:into:_:)``, for counts that are used again and again: ``Blocks`` are
  /// checked when they are made, and the request is one more owner of them.
  @inlinable @inline(__always)
  @_lifetime(copy values, &result)
  public final func startReduceScatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    let isDense =
      reduction.closure == nil && Element.unitsPerValue == 1 && blocks.isDense(in: self, result.count, values.count)
    let place = RequestPlace(self)
    let begun: StartedBlocks
    if _fastPath(isDense && cmpi_is_classic_reduce_scatter(Int64(values.count), reduction.operation)) {
      let type = try WireCount(1, of: Element.self).type
      let (out, into) = (values.rawPointer, result.rawPointer)
      let outcome = withExtendedLifetime(blocks.owner) {
        let counts = blocks.narrow.counts
        let outcome = cmpi_ireduce_scatter_classic(out, into, counts, type, reduction.operation, handle)
        if _fastPath(outcome.code == 0) { cmpi_numbers_keep(counts) }
        return outcome
      }
      begun = try started("MPI_Ireduce_scatter", outcome, keeping: blocks.narrow.counts)
    } else {
      begun = try startReduceScatterWide(values, blocks, into: &result, reduction)
    }
    return bound(bound(Request(begun, place), copying: values), mutating: &result)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @usableFromInline @inline(never)
  final func startReduceScatterWide<Element: Datatype>(
    _ values: Span<Element>, _ blocks: Blocks, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> StartedBlocks {
    let counts = try blocks.denseCounts("MPI_Ireduce_scatter", self)
    return StartedBlocks(unbound(try startReduceScatter(values, counts: counts, into: &result, reduction)))
  }

  @inlinable @inline(__always) @_lifetime(immortal)
  final func startReduceScatter<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try startCombining("MPI_Ireduce_scatter_block", reduction, values, into: result) {
      cmpi_ireduce_scatter_block(
        $0, $1, Int64(result.count) &* $4, Int64(values.count) &* $4, $2, $3, handle)
    }
  }

  @_lifetime(immortal)
  final func startReduceScatter<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>, _ counts: [Int], _ wire: Blocks.Wire,
    into result: UnsafeMutableBufferPointer<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try startCombining("MPI_Ireduce_scatter", reduction, values, into: result) {
      (out, incoming, type, operation, units) in
      let wire = units == Element.unitsPerValue ? wire : Blocks.Wire(counts, units: Int(units))
      return wire.lend { counts, _ in cmpi_ireduce_scatter(out, incoming, counts, type, operation, handle) }
    }
  }
}
