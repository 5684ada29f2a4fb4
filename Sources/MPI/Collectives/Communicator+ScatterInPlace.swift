public import CMPI

extension Communicator {
  /// Divides the root's buffer, whose own part stays where it is (`MPI_Scatter` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values; elsewhere where the count values of this rank go.
  ///   - root: Who gives them.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Scatter"
    let wireRoot = try root.root(procedure, self)
    guard rank == root else {
      let wire = try WireCount(buffer.count, of: Element.self)
      return try check(
        cmpi_scatter(nil, 0, wire.type, buffer.rawPointer, wire.count, wire.type, wireRoot, handle), procedure, self)
    }
    let wire = try WireCount(try part(of: buffer.count, procedure), of: Element.self)
    let keep = UnsafeMutableRawPointer(mutating: cmpi_in_place())
    try check(
      cmpi_scatter(buffer.rawPointer, wire.count, wire.type, keep, 0, wire.type, wireRoot, handle), procedure, self)
  }

  /// Divides the root's array; as `scatter(inPlace:from:)`.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(inPlace buffer: inout [Element], from root: Rank) throws(MPIError) {
    try buffer.withUnsafeMutableBufferPointer { (elements) throws(MPIError) in
      var span = elements.mutableSpan
      try scatter(inPlace: &span, from: root)
    }
  }
}
