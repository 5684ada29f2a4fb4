public import CMPI

extension Communicator {
  /// Gives one value of the root to all ranks (`MPI_Bcast`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - value: The value at the root; elsewhere it is not looked at and may be `nil`.
  ///   - root: Who gives it.
  /// - Returns: The root's value.
  /// - Throws: ``MPIError`` of class ``MPIError/rootBuffer`` at a root that gives `nil`.
  @inlinable
  public final func broadcast<Element: Datatype>(
    _ value: Element?, from root: Rank
  ) throws(MPIError) -> Element {
    if rank == root, value == nil { throw missingAtRoot("MPI_Bcast") }
    var failure: MPIError?
    let result = withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { memory -> Element? in
      if rank == root, let value { memory.initializeElement(at: 0, to: value) }
      do throws(MPIError) {
        try broadcast(UnsafeMutableRawPointer(memory.baseAddress), 1, Element.self, root)
      } catch {
        failure = error
        return nil
      }
      return memory[0]
    }
    guard let result else { throw failure! }
    return result
  }

  /// Gives an array of the root to all ranks, of whatever length it is.
  ///
  /// Collective; sends the length first (`MPI_Bcast` twice).
  ///
  /// - Parameters:
  ///   - values: The array at the root; elsewhere it is not looked at and may be `nil`.
  ///   - root: Who gives it.
  /// - Returns: The root's array.
  /// - Throws: ``MPIError`` of class ``MPIError/rootBuffer`` at a root that gives `nil`.
  @inlinable @inline(__always)
  public final func broadcast<Element: Datatype>(
    _ values: [Element]?, from root: Rank
  ) throws(MPIError) -> [Element] {
    guard rank != root else {
      guard let values else { throw missingAtRoot("MPI_Bcast") }
      _ = try broadcastLength(values.count, from: root)
      // The root's array is only read: no copy of it is made.
      try values.withUnsafeBufferPointer { (elements) throws(MPIError) in
        let data = UnsafeMutableRawPointer(mutating: elements.baseAddress)
        try broadcast(data, elements.count, Element.self, root)
      }
      return values
    }
    let count = try broadcastLength(0, from: root)
    return try filled(count) { (span: inout MutableSpan<Element>) throws(MPIError) in
      try broadcast(&span, from: root)
    }
  }

  /// Overwrites an array on all ranks with the root's (`MPI_Bcast`).
  ///
  /// Collective; all ranks give arrays of the same length, and name the same root.
  @inlinable
  public final func broadcast<Element: Datatype>(
    _ values: inout [Element], from root: Rank
  ) throws(MPIError) {
    try values.lend { (data, count) throws(MPIError) in try broadcast(data, count, Element.self, root) }
  }

  /// Overwrites a span on all ranks with the root's, without a copy (`MPI_Bcast`).
  ///
  /// Collective; all ranks give spans of the same length, and name the same root.
  @inlinable @inline(__always)
  public final func broadcast<Element: Datatype>(
    _ values: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) {
    try broadcast(values.rawPointer, values.count, Element.self, root)
  }

  @inlinable @inline(__always)
  final func broadcast<Element: Datatype>(
    _ data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, _ root: Rank
  ) throws(MPIError) {
    let wire = try WireCount(count, of: Element.self)
    let root = try root.root("MPI_Bcast", self)
    try check(cmpi_bcast(data, wire.count, wire.type, root, handle), "MPI_Bcast", self)
  }
}
