public import CMPI

extension Communicator {
  /// Combines one value from every rank at the root (`MPI_Reduce`).
  ///
  /// Collective; all ranks give the same reduction and root.
  ///
  /// - Returns: At the root the combined value; elsewhere `nil`.
  @inlinable
  public final func reduce<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> Element? {
    var result = value
    try withUnsafePointer(to: value) { (outgoing) throws(MPIError) in
      try withUnsafeMutablePointer(to: &result) { (incoming) throws(MPIError) in
        try reduce(
          UnsafeBufferPointer(start: outgoing, count: 1), into: UnsafeMutableBufferPointer(start: incoming, count: 1),
          reduction, root)
      }
    }
    return rank == root ? result : nil
  }

  /// Combines arrays element by element at the root (`MPI_Reduce`).
  ///
  /// Collective; all ranks give arrays of the same length.
  ///
  /// - Returns: At the root the combined array; elsewhere `nil`.
  @inlinable @inline(__always)
  public final func reduce<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> [Element]? {
    guard rank == root else {
      var nothing = MutableSpan<Element>()
      try values.withSpan { (span) throws(MPIError) in
        try reduce(span, into: &nothing, reduction, to: root)
      }
      return nil
    }
    return try made(values.count) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in try reduce(given, into: result, reduction, root)
      }
    }
  }

  /// Combines arrays element by element in the root's (`MPI_Reduce` with `MPI_IN_PLACE`); the others stay as they are.
  ///
  /// Collective; all ranks give arrays of the same length.
  @inlinable @inline(__always)
  public final func reduce<Element: Datatype>(
    inPlace values: inout [Element], _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) {
    try values.withUnsafeMutableBufferPointer { (elements) throws(MPIError) in
      try reduce(rank == root ? nil : UnsafeBufferPointer(elements), into: elements, reduction, root)
    }
  }

  /// Combines spans element by element in the root's (`MPI_Reduce` with `MPI_IN_PLACE`); the others stay as they are.
  ///
  /// Collective; all ranks give spans of the same length.
  @inlinable @inline(__always)
  public final func reduce<Element: Datatype>(
    inPlace values: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) {
    let buffer = values.pointers
    try reduce(rank == root ? nil : UnsafeBufferPointer(buffer), into: buffer, reduction, root)
  }

  /// Combines spans element by element in the root's buffer, without a copy (`MPI_Reduce`).
  ///
  /// Collective; all ranks give spans of the same length.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - result: At the root where the result goes, as long as the values; elsewhere not looked at.
  ///   - reduction: How two values become one.
  ///   - root: Who gets the result.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root's two spans differ in length.
  @inlinable @inline(__always)
  public final func reduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) {
    if rank == root, values.count != result.count {
      throw lengthError("MPI_Reduce", "\(values.count) values were given and \(result.count) results asked for")
    }
    try reduce(values.pointers, into: result.pointers, reduction, root)
  }

  @inlinable @inline(__always)
  final func reduce<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ reduction: Reduction<Element>, _ root: Rank
  ) throws(MPIError) {
    let wireRoot = try root.root("MPI_Reduce", self)
    let count = values?.count ?? result.count
    try combine("MPI_Reduce", reduction, values, into: rank == root ? result : nil) {
      out, incoming, type, operation, units in
      cmpi_reduce(out, incoming, Int64(count) &* units, type, operation, wireRoot, handle)
    }
  }
}
