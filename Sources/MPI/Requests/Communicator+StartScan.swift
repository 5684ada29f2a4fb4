public import CMPI

extension Communicator {
  /// Starts to combine spans of the ranks up to this one into another one (`MPI_Iscan`).
  ///
  /// Collective; all ranks give spans of the same length, and the same reduction.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @inlinable @inline(__always) @_lifetime(copy values, &result)
  public final func startScan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try requireSameLength(values.count, result.count, "MPI_Iscan")
    let request = try startScan(values.pointers, into: result.pointers, reduction)
    return bound(bound(request, copying: values), mutating: &result)
  }

  /// Starts to combine spans of the ranks up to this one, in place (`MPI_Iscan` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startScan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    bound(try startScan(nil, into: values.pointers, reduction), mutating: &values)
  }

  /// Starts to combine spans of the ranks before this one into another one (`MPI_Iexscan`). Rank 0's stays as it was.
  ///
  /// Collective; all ranks give spans of the same length.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @inlinable @inline(__always) @_lifetime(copy values, &result)
  public final func startExclusiveScan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try requireSameLength(values.count, result.count, "MPI_Iexscan")
    let request = try startExclusiveScan(values.pointers, into: result.pointers, reduction)
    return bound(bound(request, copying: values), mutating: &result)
  }

  /// Starts to combine spans of the ranks before this one, in place (`MPI_Iexscan`). Rank 0's stays as it was.
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startExclusiveScan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    bound(try startExclusiveScan(nil, into: values.pointers, reduction), mutating: &values)
  }

  @inlinable @inline(__always) @_lifetime(immortal)
  final func startScan<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try startCombining("MPI_Iscan", reduction, values, into: result) {
      cmpi_iscan($0, $1, Int64(result.count) &* $4, $2, $3, handle)
    }
  }

  @inlinable @inline(__always) @_lifetime(immortal)
  final func startExclusiveScan<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try startCombining("MPI_Iexscan", reduction, values, into: result) {
      cmpi_iexscan($0, $1, Int64(result.count) &* $4, $2, $3, handle)
    }
  }
}
