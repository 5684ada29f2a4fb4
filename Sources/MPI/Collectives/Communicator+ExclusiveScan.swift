public import CMPI

extension Communicator {
  /// Combines one value from each of the ranks before this one (`MPI_Exscan`).
  ///
  /// Collective: every rank calls it, with the same reduction.
  ///
  /// - Returns: The combined value of the ranks before this one; `nil` on rank 0.
  @inlinable
  public final func exclusiveScan<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Element? {
    var result = value
    try withUnsafePointer(to: value) { (outgoing) throws(MPIError) in
      try withUnsafeMutablePointer(to: &result) { (incoming) throws(MPIError) in
        try exclusiveScan(
          UnsafeBufferPointer(start: outgoing, count: 1), into: UnsafeMutableBufferPointer(start: incoming, count: 1),
          reduction)
      }
    }
    return rank.index == 0 ? nil : result
  }

  /// Combines arrays of the ranks before this one, element by element (`MPI_Exscan`).
  ///
  /// Collective; all ranks give arrays of the same length.
  ///
  /// - Returns: The combined array of the ranks before this one; `nil` on rank 0.
  @inlinable @inline(__always)
  public final func exclusiveScan<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> [Element]? {
    guard rank.index != 0 else {
      try exclusiveScanAtFirst(values, reduction)
      return nil
    }
    return try made(values.count) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in
        try exclusiveScan(given, into: result, reduction)
      }
    }
  }

  /// Rank 0 gets nothing from MPI, which may take its memory to work in all the same.
  @inlinable @inline(__always)
  final func exclusiveScanAtFirst<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) {
    let outcome = withUnsafeTemporaryAllocation(of: Element.self, capacity: values.count) { memory in
      Result { () throws(MPIError) in
        try values.withUnsafeBufferPointer { (given) throws(MPIError) in
          try exclusiveScan(given, into: memory, reduction)
        }
      }
    }
    try outcome.get()
  }

  /// Combines arrays of the ranks before this one, in place (`MPI_Exscan` with `MPI_IN_PLACE`). Rank 0's stays as it was.
  ///
  /// Collective; all ranks give arrays of the same length.
  @inlinable
  public final func exclusiveScan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try values.withUnsafeMutableBufferPointer { (elements) throws(MPIError) in
      try exclusiveScan(nil, into: elements, reduction)
    }
  }

  /// Combines spans of the ranks before this one, in place (`MPI_Exscan` with `MPI_IN_PLACE`). Rank 0's stays as it was.
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always)
  public final func exclusiveScan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try exclusiveScan(nil, into: values.pointers, reduction)
  }

  /// Combines spans of the ranks before this one into another one, without a copy (`MPI_Exscan`). Rank 0's stays as it was.
  ///
  /// Collective; all ranks give spans of the same length.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @inlinable @inline(__always)
  public final func exclusiveScan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) {
    guard values.count == result.count else {
      throw lengthError("MPI_Exscan", "\(values.count) values were given and \(result.count) results asked for")
    }
    try exclusiveScan(values.pointers, into: result.pointers, reduction)
  }

  @inlinable @inline(__always)
  final func exclusiveScan<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) {
    try combine("MPI_Exscan", reduction, values, into: result) { out, incoming, type, operation, units in
      cmpi_exscan(out, incoming, Int64(result.count) &* units, type, operation, handle)
    }
  }
}
