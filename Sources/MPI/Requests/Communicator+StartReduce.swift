public import CMPI

extension Communicator {
  /// Starts to combine spans element by element in the root's buffer (`MPI_Ireduce`).
  ///
  /// Collective; all ranks give spans of the same length, the same reduction and root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - result: At the root where the result goes, as long as the values; elsewhere not looked at.
  ///   - reduction: How two values become one; the error of a closure is that of the wait.
  ///   - root: Who gets the result.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root's two spans differ in length.
  @inlinable @inline(__always) @_lifetime(copy values, &result)
  public final func startReduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> Request {
    if rank == root, values.count != result.count {
      throw lengthError("MPI_Ireduce", "\(values.count) values were given and \(result.count) results asked for")
    }
    let request = try startReduce(values.pointers, into: result.pointers, reduction, root)
    return bound(bound(request, copying: values), mutating: &result)
  }

  /// Starts to combine spans element by element in the root's (`MPI_Ireduce` with `MPI_IN_PLACE`); the others stay.
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startReduce<Element: Datatype>(
    inPlace values: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> Request {
    let buffer = values.pointers
    let given = rank == root ? nil : UnsafeBufferPointer(buffer)
    return bound(try startReduce(given, into: buffer, reduction, root), mutating: &values)
  }

  @inlinable @inline(__always) @_lifetime(immortal)
  final func startReduce<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>, _ root: Rank
  ) throws(MPIError) -> Request {
    let wireRoot = try root.root("MPI_Ireduce", self)
    let count = Int64(values?.count ?? result.count)
    return try startCombining("MPI_Ireduce", reduction, values, into: rank == root ? result : nil) {
      cmpi_ireduce($0, $1, count &* $4, $2, $3, wireRoot, handle)
    }
  }

  /// Starts to combine spans element by element into another one on all ranks (`MPI_Iallreduce`).
  ///
  /// Collective; all ranks give spans of the same length, and the same reduction.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - result: Where the result goes.
  ///   - reduction: How two values become one; the error of a closure is that of the wait.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @inlinable @inline(__always) @_lifetime(copy values, &result)
  public final func startAllReduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try requireSameLength(values.count, result.count, "MPI_Iallreduce")
    let request = try startAllReduce(values.pointers, into: result.pointers, reduction)
    return bound(bound(request, copying: values), mutating: &result)
  }

  /// Starts to combine spans element by element, in place, on all ranks (`MPI_Iallreduce` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startAllReduce<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    bound(try startAllReduce(nil, into: values.pointers, reduction), mutating: &values)
  }

  /// Starts to combine arrays element by element, in place, on all ranks (`MPI_Iallreduce` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give arrays of the same length.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startAllReduce<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    bound(try startAllReduce(nil, into: values.storage, reduction), mutating: &values)
  }

  @inlinable @inline(__always) @_lifetime(immortal)
  final func startAllReduce<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    try startCombining("MPI_Iallreduce", reduction, values, into: result) {
      cmpi_iallreduce($0, $1, Int64(result.count) &* $4, $2, $3, handle)
    }
  }
}
