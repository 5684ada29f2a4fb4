internal import CMPI

// What the collectives that are started or prepared check of their arguments, and how MPI is told them.

extension Communicator {
  /// As many values from each rank to the root.
  @inlinable @inline(__always)
  final func gathered<Element: Datatype>(
    _ given: Int, into room: Int, of _: Element.Type, to root: Rank, _ procedure: StaticString
  ) throws(MPIError) -> (wire: WireCount, root: CInt) {
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(given, of: Element.self)
    if rank == root, room != given &* size {
      throw lengthError(procedure, "\(given) values from each of \(size) ranks do not fill \(room)")
    }
    return (wire, wireRoot)
  }

  /// A block of each rank to the root.
  final func gathered<Element: Datatype>(
    _ given: Int, into room: Int, blocks: Blocks?, of _: Element.Type, to root: Rank, _ procedure: StaticString
  ) throws(MPIError) -> (wire: WireCount, incoming: Blocks.Wire, root: CInt) {
    try enter(procedure, self)
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(given, of: Element.self)
    guard rank == root else { return (wire, Blocks.none, wireRoot) }
    guard let blocks else { throw missingAtRoot(procedure) }
    let incoming = try blocks.wire(of: Element.self, in: room, procedure, self)
    if blocks.counts[root.index] != given {
      throw lengthError(
        procedure, "the root gives \(given) values and its own block has \(blocks.counts[root.index])")
    }
    return (wire, incoming, wireRoot)
  }

  /// As many values of the root to each rank.
  @inlinable @inline(__always)
  final func scattered<Element: Datatype>(
    _ given: Int, into room: Int, of _: Element.Type, from root: Rank, _ procedure: StaticString
  ) throws(MPIError) -> (wire: WireCount, root: CInt) {
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(room, of: Element.self)
    if rank == root, given != room &* size {
      throw lengthError(procedure, "\(given) values were given for \(size) ranks with buffers of \(room)")
    }
    return (wire, wireRoot)
  }

  /// A block of the root's to each rank.
  final func scattered<Element: Datatype>(
    _ given: Int, blocks: Blocks?, into room: Int, of _: Element.Type, from root: Rank, _ procedure: StaticString
  ) throws(MPIError) -> (wire: WireCount, outgoing: Blocks.Wire, root: CInt) {
    try enter(procedure, self)
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(room, of: Element.self)
    guard rank == root else { return (wire, Blocks.none, wireRoot) }
    guard let blocks else { throw missingAtRoot(procedure) }
    let outgoing = try blocks.wire(of: Element.self, in: given, procedure, self)
    if blocks.counts[root.index] > room {
      throw lengthError(
        procedure, "the root's own block has \(blocks.counts[root.index]) values and its buffer \(room)")
    }
    return (wire, outgoing, wireRoot)
  }

  /// As many values from each rank to all.
  @inlinable @inline(__always)
  final func allGathered<Element: Datatype>(
    _ given: Int, into room: Int, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> WireCount {
    let wire = try WireCount(given, of: Element.self)
    guard room == given &* size else {
      throw lengthError(procedure, "\(given) values from \(size) ranks do not fill a buffer of \(room)")
    }
    return wire
  }

  /// A block of each rank to all.
  final func allGathered<Element: Datatype>(
    _ given: Int, into room: Int, blocks: Blocks, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> (wire: WireCount, incoming: Blocks.Wire) {
    try enter(procedure, self)
    let wire = try WireCount(given, of: Element.self)
    let incoming = try blocks.wire(of: Element.self, in: room, procedure, self)
    guard blocks.counts[rank.index] == given else {
      throw lengthError(procedure, "this rank gives \(given) values and its block has \(blocks.counts[rank.index])")
    }
    return (wire, incoming)
  }

  /// As many values from each rank to each.
  @inlinable @inline(__always)
  final func exchanged<Element: Datatype>(
    _ given: Int, into room: Int, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> WireCount {
    let wire = try WireCount(try part(of: given, procedure), of: Element.self)
    guard room == given else {
      throw lengthError(procedure, "\(given) values were given and \(room) asked for")
    }
    return wire
  }

  /// A block from each rank to each.
  final func exchanged<Element: Datatype>(
    _ given: Int, _ outgoing: Blocks, into room: Int, _ incoming: Blocks, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> (type: CMPI_Datatype, outgoing: Blocks.Wire, incoming: Blocks.Wire) {
    try enter(procedure, self)
    let type = try WireCount(1, of: Element.self).type
    return (
      type, try outgoing.wire(of: Element.self, in: given, procedure, self),
      try incoming.wire(of: Element.self, in: room, procedure, self)
    )
  }

  /// In place: the count of one rank's part, where the buffer holds those of all, else of the buffer.
  @inlinable @inline(__always)
  final func inPlace<Element: Datatype>(
    _ count: Int, isWhole: Bool = true, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> WireCount {
    try WireCount(isWhole ? try part(of: count, procedure) : count, of: Element.self)
  }

  /// The results of a reduce-scatter with given counts, which are one for each rank.
  final func scattered<Element: Datatype>(
    _ given: Int, counts: [Int], into room: Int, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> Blocks.Wire {
    try requireCounts(counts, given, room, procedure)
    return Blocks.Wire(counts, units: Element.unitsPerValue)
  }

  /// The results of a reduce-scatter in equal parts.
  @inlinable @inline(__always)
  final func requireParts(_ given: Int, _ room: Int, _ procedure: StaticString) throws(MPIError) {
    guard given == room &* size else {
      throw lengthError(procedure, "\(given) values were given for \(size) ranks with \(room) results")
    }
  }

  @inlinable @inline(__always)
  final func requireSameLength(_ given: Int, _ asked: Int, _ procedure: StaticString) throws(MPIError) {
    guard given == asked else {
      throw lengthError(procedure, "\(given) values were given and \(asked) results asked for")
    }
  }
}
