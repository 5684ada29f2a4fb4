internal import CMPI

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
  @_lifetime(copy values, &result)
  public final func startReduceScatter<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ireduce_scatter_block"
    guard values.count == result.count &* size else {
      throw lengthError(procedure, "\(values.count) values were given for \(size) ranks with \(result.count) results")
    }
    let buffer = result.pointers
    let request = try startCombining(procedure, reduction, values.pointers, into: buffer) {
      cmpi_ireduce_scatter_block($0, $1, Int64(buffer.count) &* $4, $2, $3, handle, $5, $6)
    }
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
    let blocks = Blocks(counts: counts)
    let wire = try blocks.wire(of: Element.self, in: values.count, procedure, self)
    guard blocks.total == values.count, size > 0, counts[rank.index] == result.count else {
      throw lengthError(
        procedure, "counts of \(blocks.total) in all were given with \(values.count) values and \(result.count) results"
      )
    }
    let request = try startCombining(procedure, reduction, values.pointers, into: result.pointers) {
      let counts = $4 == Element.unitsPerValue ? wire.counts : counts.map { Int64($0) }
      return cmpi_ireduce_scatter($0, $1, counts, $2, $3, handle, $5, $6)
    }
    return bound(bound(request, copying: values), mutating: &result)
  }
}
