public import CMPI

// Collectives in which each rank has an equal part.

extension Communicator {
  /// Calls with a root and as many values as each rank has.
  ///
  /// - Parameter call: The collective: the values of one rank, the root, the communicator.
  @inlinable @inline(__always)
  final func callAtRoot<Element: Datatype>(
    _ root: Rank, _ count: Int, _: Element.Type, _ procedure: StaticString,
    _ call: (WireCount, CInt, CMPI_Comm) -> CInt
  ) throws(MPIError) {
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(count, of: Element.self)
    try check(call(wire, wireRoot, handle), procedure, self)
  }

  /// Calls with the part of one rank, where every rank has a buffer of all parts.
  ///
  /// - Parameter call: The collective: the buffer, one part, the communicator.
  @inlinable @inline(__always)
  final func callInParts<Element: Datatype>(
    _ data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, _ procedure: StaticString,
    _ call: (UnsafeMutableRawPointer?, WireCount, CMPI_Comm) -> CInt
  ) throws(MPIError) {
    // A quotient that goes straight to MPI is a whole one, as no other is so small: one comparison is enough for both.
    let each = Int(bitPattern: division.quotient(of: count))
    guard _fastPath(cmpi_is_short(Int64(each))) else {
      return try callInAnyParts(data, count, Element.self, procedure, call)
    }
    try check(call(data, try WireCount(each, of: Element.self), handle), procedure, self)
  }

  /// The same with parts of any length, and what is wrong with a buffer that does not divide.
  @inlinable @inline(never)
  final func callInAnyParts<Element: Datatype>(
    _ data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, _ procedure: StaticString,
    _ call: (UnsafeMutableRawPointer?, WireCount, CMPI_Comm) -> CInt
  ) throws(MPIError) {
    let part = try WireCount(try part(of: count, procedure), of: Element.self)
    try check(call(data, part, handle), procedure, self)
  }

  /// The same where the root has the whole buffer, and the others have one part each.
  ///
  /// - Parameters:
  ///   - call: The collective at the root: the buffer, one part, the root, the communicator.
  ///   - callElsewhere: That of the others.
  @inlinable @inline(__always)
  final func callInParts<Element: Datatype>(
    _ data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, at root: Rank, _ procedure: StaticString,
    _ call: (UnsafeMutableRawPointer?, WireCount, CInt, CMPI_Comm) -> CInt,
    elsewhere callElsewhere: (UnsafeMutableRawPointer?, WireCount, CInt, CMPI_Comm) -> CInt
  ) throws(MPIError) {
    guard rank == root else {
      return try callAtRoot(root, count, Element.self, procedure) { part, root, handle in
        callElsewhere(data, part, root, handle)
      }
    }
    let wireRoot = try root.root(procedure, self)
    try callInParts(data, count, Element.self, procedure) { data, part, handle in call(data, part, wireRoot, handle) }
  }
}
