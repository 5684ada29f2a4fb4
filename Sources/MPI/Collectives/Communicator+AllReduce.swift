public import CMPI

extension Communicator {
  /// Combines one value from every rank and gives the result to all of them (`MPI_Allreduce`).
  ///
  /// Collective: every rank calls it, with the same reduction.
  ///
  /// - Parameters:
  ///   - value: This rank's contribution.
  ///   - reduction: How two values become one.
  /// - Returns: The combined value, the same on every rank.
  /// - Throws: ``MPIError`` if the library reports a failure, or with the error of a reduction's closure.
  @inlinable
  public final func allReduce<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Element {
    var result = value
    try withUnsafePointer(to: value) { (outgoing) throws(MPIError) in
      try withUnsafeMutablePointer(to: &result) { (incoming) throws(MPIError) in
        try allReduce(
          UnsafeBufferPointer(start: outgoing, count: 1), into: UnsafeMutableBufferPointer(start: incoming, count: 1),
          reduction)
      }
    }
    return result
  }

  /// Combines arrays element by element and gives the result to all ranks (`MPI_Allreduce`).
  ///
  /// Collective; all ranks give arrays of the same length.
  @inlinable
  public final func allReduce<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> [Element] {
    try made(values.count) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in try allReduce(given, into: result, reduction) }
    }
  }

  /// Combines arrays element by element, in place, on all ranks (`MPI_Allreduce` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give arrays of the same length.
  @inlinable
  public final func allReduce<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try values.withUnsafeMutableBufferPointer { (elements) throws(MPIError) in
      try allReduce(nil, into: elements, reduction)
    }
  }

  /// Combines spans element by element, in place, on all ranks (`MPI_Allreduce` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always)
  public final func allReduce<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try allReduce(nil, into: values.pointers, reduction)
  }

  /// Combines spans element by element into another one, on all ranks, without a copy (`MPI_Allreduce`).
  ///
  /// Collective; all ranks give spans of the same length.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @inlinable @inline(__always)
  public final func allReduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    guard values.count == result.count else {
      throw lengthError("MPI_Allreduce", "\(values.count) values were given and \(result.count) results asked for")
    }
    try allReduce(values.pointers, into: result.pointers, reduction)
  }

  @inlinable @inline(__always)
  final func allReduce<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try combine("MPI_Allreduce", reduction, values, into: result) { out, incoming, type, operation, units in
      cmpi_allreduce(out, incoming, Int64(result.count) &* units, type, operation, handle)
    }
  }
}
