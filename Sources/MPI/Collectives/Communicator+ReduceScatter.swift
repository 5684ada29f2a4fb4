public import CMPI

extension Communicator {
  /// Combines arrays element by element and divides the result among the ranks, as evenly as possible.
  ///
  /// Collective; all ranks give arrays of the same length (`MPI_Reduce_scatter_block` where the length divides by the
  /// size, else `MPI_Reduce_scatter` with ``Blocks/even(_:among:)``).
  ///
  /// - Returns: This rank's part of the result.
  public final func reduceScatter<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> [Element] {
    guard size > 0, values.count % size != 0 else {
      return try filled(size > 0 ? values.count / size : 0) { (result: inout MutableSpan<Element>) throws(MPIError) in
        try values.withSpan { (span) throws(MPIError) in
          try reduceScatter(span, into: &result, reduction)
        }
      }
    }
    return try reduceScatter(values, counts: Blocks.even(values.count, among: size).counts, reduction)
  }

  /// Combines arrays element by element and divides the result by given counts (`MPI_Reduce_scatter`).
  ///
  /// Collective; all ranks give the same counts, one for each rank, whose sum is the length of the arrays.
  ///
  /// - Returns: This rank's part of the result.
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
    let wire = try blocks.wire(of: Element.self, in: values.count, procedure, self)
    let mine = blocks.counts.indices.contains(rank.index) ? blocks.counts[rank.index] : 0
    try values.withUnsafeMutableBufferPointer { (buffer) throws(MPIError) in
      try combine(procedure, reduction, nil, into: buffer) { out, incoming, type, operation, units in
        let counts = units == Element.unitsPerValue ? wire.counts : blocks.counts.map { Int64($0) }
        return cmpi_reduce_scatter(out, incoming, counts, type, operation, handle)
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
  @inlinable
  public final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Reduce_scatter_block"
    guard values.count == result.count &* size else {
      throw lengthError(procedure, "\(values.count) values were given for \(size) ranks with \(result.count) results")
    }
    let buffer = result.pointers
    try combine(procedure, reduction, values.pointers, into: buffer) { out, incoming, type, operation, units in
      cmpi_reduce_scatter_block(out, incoming, Int64(buffer.count) &* units, type, operation, handle)
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
  public final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, counts: [Int], into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Reduce_scatter"
    let blocks = Blocks(counts: counts)
    let wire = try blocks.wire(of: Element.self, in: values.count, procedure, self)
    guard blocks.total == values.count, size > 0, counts[rank.index] == result.count else {
      throw lengthError(
        procedure, "counts of \(blocks.total) in all were given with \(values.count) values and \(result.count) results"
      )
    }
    try combine(procedure, reduction, values.pointers, into: result.pointers) { out, incoming, type, operation, units in
      let counts = units == Element.unitsPerValue ? wire.counts : counts.map { Int64($0) }
      return cmpi_reduce_scatter(out, incoming, counts, type, operation, handle)
    }
  }
}
