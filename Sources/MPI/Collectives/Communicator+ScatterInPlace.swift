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
    try scatter(inPlace: buffer.rawPointer, buffer.count, Element.self, root)
  }

  /// Divides the root's array; as `scatter(inPlace:from:)`.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(inPlace buffer: inout [Element], from root: Rank) throws(MPIError) {
    try buffer.lend { (data, count) throws(MPIError) in try scatter(inPlace: data, count, Element.self, root) }
  }

  @inlinable @inline(__always)
  final func scatter<Element: Datatype>(
    inPlace data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, _ root: Rank
  ) throws(MPIError) {
    try callInParts(data, count, Element.self, at: root, "MPI_Scatter") { data, part, root, handle in
      let keep = UnsafeMutableRawPointer(mutating: cmpi_in_place())
      return cmpi_scatter(data, part.count, part.type, keep, 0, part.type, root, handle)
    } elsewhere: { data, part, root, handle in
      cmpi_scatter(nil, 0, part.type, data, part.count, part.type, root, handle)
    }
  }
}
