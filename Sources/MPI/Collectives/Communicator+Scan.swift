public import CMPI

extension Communicator {
  /// Combines one value from each of the ranks up to this one (`MPI_Scan`).
  ///
  /// Collective: every rank calls it, with the same reduction.
  ///
  /// - Returns: The combined value of the ranks up to this one.
  @inlinable
  public final func scan<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Element {
    var result = value
    try withUnsafePointer(to: value) { (outgoing) throws(MPIError) in
      try withUnsafeMutablePointer(to: &result) { (incoming) throws(MPIError) in
        try scan(
          UnsafeBufferPointer(start: outgoing, count: 1), into: UnsafeMutableBufferPointer(start: incoming, count: 1),
          reduction)
      }
    }
    return result
  }

  /// Combines arrays of the ranks up to this one, element by element (`MPI_Scan`).
  ///
  /// Collective; all ranks give arrays of the same length.
  ///
  /// - Returns: The combined array of the ranks up to this one.
  @inlinable
  public final func scan<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> [Element] {
    try made(values.count) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in try scan(given, into: result, reduction) }
    }
  }

  /// Combines arrays of the ranks up to this one, in place (`MPI_Scan` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give arrays of the same length.
  @inlinable
  public final func scan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try values.withUnsafeMutableBufferPointer { (elements) throws(MPIError) in
      try scan(nil, into: elements, reduction)
    }
  }

  /// Combines spans of the ranks up to this one, in place (`MPI_Scan` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always)
  public final func scan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try scan(nil, into: values.pointers, reduction)
  }

  /// Combines spans of the ranks up to this one into another one, without a copy (`MPI_Scan`).
  ///
  /// Collective; all ranks give spans of the same length.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @inlinable @inline(__always)
  public final func scan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    guard values.count == result.count else {
      throw lengthError("MPI_Scan", "\(values.count) values were given and \(result.count) results asked for")
    }
    try scan(values.pointers, into: result.pointers, reduction)
  }

  @inlinable @inline(__always)
  final func scan<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try combine("MPI_Scan", reduction, values, into: result) { out, incoming, type, operation, units in
      cmpi_scan(out, incoming, Int64(result.count) &* units, type, operation, handle)
    }
  }
}
