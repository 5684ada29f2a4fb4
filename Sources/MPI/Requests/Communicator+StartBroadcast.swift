public import CMPI

extension Communicator {
  /// Starts to wait for all ranks: complete when every rank has started it (`MPI_Ibarrier`).
  ///
  /// Collective; does not wait.
  @inlinable @inline(__always) @_lifetime(immortal)
  public final func startBarrier() throws(MPIError) -> Request {
    try started("MPI_Ibarrier", cmpi_ibarrier(handle))
  }

  /// Starts to overwrite a span on all ranks with the root's (`MPI_Ibcast`).
  ///
  /// Collective; all ranks give spans of the same length, and name the same root. Nonblocking collectives are started in
  /// the same order on all ranks.
  ///
  /// - Parameters:
  ///   - values: At the root what is given, elsewhere where it goes; bound until the request is complete.
  ///   - root: Who gives it.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startBroadcast<Element: Datatype>(
    _ values: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> Request {
    let (data, count) = (values.rawPointer, values.count)
    return bound(try startBroadcast(data, count, Element.self, root), mutating: &values)
  }

  /// Starts to overwrite an array on all ranks with the root's (`MPI_Ibcast`).
  ///
  /// Collective; as ``startBroadcast(_:from:)-(MutableSpan<Element>,_)``.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startBroadcast<Element: Datatype>(
    _ values: inout [Element], from root: Rank
  ) throws(MPIError) -> Request {
    let (data, count) = values.lend { ($0, $1) }
    return bound(try startBroadcast(data, count, Element.self, root), mutating: &values)
  }

  @inlinable @inline(__always) @_lifetime(immortal)
  final func startBroadcast<Element: Datatype>(
    _ data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, _ root: Rank
  ) throws(MPIError) -> Request {
    let wire = try WireCount(count, of: Element.self)
    let root = try root.root("MPI_Ibcast", self)
    return try started("MPI_Ibcast", cmpi_ibcast(data, wire.count, wire.type, root, handle))
  }
}
