public import CMPI

extension Communicator {
  /// Combines arrays element by element and divides the result among the ranks, as evenly as possible.
  ///
  /// Collective; all ranks give arrays of the same length (`MPI_Reduce_scatter_block` where the length divides by the
  /// size, else `MPI_Reduce_scatter` with ``Blocks/even(_:among:)``).
  ///
  /// - Returns: This rank's part of the result.
  @inlinable @inline(__always)
  public final func reduceScatter<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> [Element] {
    guard let each = wholePart(of: values.count) else {
      return try reduceScatter(values, counts: Blocks.even(values.count, among: size).counts, reduction)
    }
    return try made(each) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in
        try reduceScatter(given, into: result, reduction)
      }
    }
  }

  /// Combines arrays element by element and divides the result by given counts (`MPI_Reduce_scatter`).
  ///
  /// Collective; all ranks give the same counts, one for each rank, whose sum is the length of the arrays.
  ///
  /// - Returns: This rank's part of the result.
  @inlinable
  public final func reduceScatter<Element: Datatype>(
    _ values: [Element], counts: [Int], _ reduction: Reduction<Element>
  ) throws(MPIError) -> [Element] {
    let mine = counts.indices.contains(rank.index) ? max(counts[rank.index], 0) : 0
    return try filled(mine) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try values.withSpan { (span) throws(MPIError) in
        try reduceScatter(span, counts: counts, into: &result, reduction)
      }
    }
  }

  /// Combines an array element by element and keeps this rank's part of it, as evenly as possible.
  ///
  /// Collective; all ranks give arrays of the same length; afterwards the array is this rank's part.
  public final func reduceScatter<Element: Datatype>(
    inPlace values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let blocks = Blocks.even(values.count, among: size)
    let procedure: StaticString = "MPI_Reduce_scatter"
    _ = try blocks.wire(of: Element.self, in: values.count, procedure, self)
    let mine = blocks.counts.indices.contains(rank.index) ? blocks.counts[rank.index] : 0
    try values.withUnsafeMutableBufferPointer { (buffer) throws(MPIError) in
      try combine(procedure, reduction, nil, into: buffer) { out, incoming, type, operation, units in
        Blocks.Wire(blocks.counts, units: Int(units)).lend { counts, _ in
          cmpi_reduce_scatter(out, incoming, counts, type, operation, handle)
        }
      }
    }
    values.removeSubrange(mine...)
  }

  /// Combines spans element by element and divides the result into equal parts (`MPI_Reduce_scatter_block`).
  ///
  /// Collective; all ranks give as many values.
  ///
  /// - Parameters:
  ///   - values: Size × count values.
  ///   - result: Where this rank's count results go.
  ///   - reduction: How two values become one.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the values are not size × count.
  @inlinable @inline(__always)
  public final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    guard values.count == result.count &* size else {
      throw lengthError(
        "MPI_Reduce_scatter_block",
        "\(values.count) values were given for \(size) ranks with \(result.count) results")
    }
    try reduceScatter(values.pointers, into: result.pointers, reduction)
  }

  @inlinable @inline(__always)
  final func reduceScatter<Element: Datatype>(
    _ given: UnsafeBufferPointer<Element>, into buffer: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try combine("MPI_Reduce_scatter_block", reduction, given, into: buffer) { out, incoming, type, operation, units in
      cmpi_reduce_scatter_block(
        out, incoming, Int64(buffer.count) &* units, Int64(given.count) &* units, type, operation, handle)
    }
  }

  /// Combines spans element by element and divides the result by given counts (`MPI_Reduce_scatter`).
  ///
  /// Collective; all ranks give the same counts, one for each rank, whose sum is the length of the values.
  ///
  /// - Parameters:
  ///   - values: As many values as the counts have together.
  ///   - counts: How many results each rank gets.
  ///   - result: Where this rank's results go, as many as its count.
  ///   - reduction: How two values become one.
  @inlinable
  public final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, counts: [Int], into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    if _fastPath(reduction.closure == nil && Element.unitsPerValue == 1 && counts.count == size) {
      let type = try WireCount(1, of: Element.self).type
      let (given, into) = (values.rawPointer, result.rawPointer)
      let code = counts.withUnsafeBufferPointer {
        cmpi_reduce_scatter_counts(
          given, Int64(values.count), into, Int64(result.count), Blocks.Wire.wire($0), storedRank, storedSize, type,
          reduction.operation, handle)
      }
      if _fastPath(code != CInt(CMPI_IS_OTHER)) { return try check(code, "MPI_Reduce_scatter", self) }
    }
    try reduceScatterAny(values, counts: counts, into: &result, reduction)
  }

  /// The same of any counts and reductions, and what is wrong with counts that do not fit.
  @usableFromInline @inline(never)
  final func reduceScatterAny<Element: Datatype>(
    _ values: Span<Element>, counts: [Int], into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Reduce_scatter"
    try requireCounts(counts, values.count, result.count, procedure)
    let total = values.count
    try combine(procedure, reduction, values.pointers, into: result.pointers) { out, incoming, type, operation, units in
      reduceScatter(out, incoming, counts, total, type, operation, Int(units))
    }
  }

  /// Combines spans element by element and divides the result into blocks, which lie one after the other
  /// (`MPI_Reduce_scatter`).
  ///
  /// Collective; as `reduceScatter(_:counts:into:_:)`, for counts that are used again and again: ``Blocks`` are checked
  /// when they are made, and not at each call.
  @inlinable @inline(__always)
  public final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let isPlain =
      reduction.closure == nil && Element.unitsPerValue == 1
      && blocks.isDense(in: self, result.count, values.count)
    guard _fastPath(isPlain && cmpi_is_classic_reduce_scatter(Int64(values.count), reduction.operation)) else {
      return try reduceScatterAny(values, blocks: blocks, into: &result, reduction)
    }
    let type = try WireCount(1, of: Element.self).type
    let (given, into) = (values.rawPointer, result.rawPointer)
    let code = withExtendedLifetime(blocks.owner) {
      cmpi_reduce_scatter_classic(given, into, blocks.narrow.counts, type, reduction.operation, handle)
    }
    try check(code, "MPI_Reduce_scatter", self)
  }

  /// The same of any blocks and reductions, and what is wrong with blocks that do not fit.
  @usableFromInline @inline(never)
  final func reduceScatterAny<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Reduce_scatter"
    let (total, own) = (values.count, result.count)
    guard blocks.isDense(in: self, own, total) else {
      let counts = try blocks.denseCounts(procedure, self)
      return try reduceScatterAny(values, counts: counts, into: &result, reduction)
    }
    try combine(procedure, reduction, values.pointers, into: result.pointers) { out, incoming, type, operation, units in
      guard units == 1 && cmpi_is_classic_reduce_scatter(Int64(total), operation) else {
        return reduceScatter(out, incoming, blocks.counts, total, type, operation, Int(units))
      }
      return withExtendedLifetime(blocks.owner) {
        cmpi_reduce_scatter_classic(out, incoming, blocks.narrow.counts, type, operation, handle)
      }
    }
  }

  /// The same of counts that have been checked, and are made narrow.
  final func reduceScatter(
    _ out: UnsafeRawPointer?, _ incoming: UnsafeMutableRawPointer?, _ counts: [Int], _ total: Int,
    _ type: CMPI_Datatype, _ operation: CMPI_Op, _ units: Int
  ) -> CInt {
    guard cmpi_is_classic_reduce_scatter(Int64(total &* units), operation) else {
      return Blocks.Wire(counts, units: units).lend { counts, _ in
        cmpi_reduce_scatter(out, incoming, counts, type, operation, handle)
      }
    }
    return withUnsafeTemporaryAllocation(of: CInt.self, capacity: counts.count) { narrow in
      for rank in counts.indices { narrow[rank] = CInt(truncatingIfNeeded: counts[rank] &* units) }
      return cmpi_reduce_scatter_classic(out, incoming, narrow.baseAddress!, type, operation, handle)
    }
  }

  /// Throws unless the counts are one for each rank and add up to the values, and this rank's is that of its results.
  final func requireCounts(
    _ counts: [Int], _ values: Int, _ results: Int, _ procedure: StaticString
  ) throws(MPIError) {
    guard counts.count == size else {
      throw lengthError(procedure, "\(counts.count) counts were given, in a communicator of \(size)")
    }
    var total = 0
    for rank in 0..<size {
      guard counts[rank] >= 0 else {
        throw MPIError(MPIError.count, procedure, self, message: "the count of rank \(rank) is \(counts[rank])")
      }
      total = total.addingReportingOverflow(counts[rank]).partialValue
    }
    guard total == values, size > 0, counts[rank.index] == results else {
      throw lengthError(
        procedure, "counts of \(total) in all were given with \(values) values and \(results) results")
    }
  }
}
