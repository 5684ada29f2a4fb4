internal import CMPI

// What the neighbourhood collectives check before they call MPI, blocking, nonblocking and persistent ones alike.

/// Whether a collective is done, started, or prepared.
enum CollectiveWay: CInt {
  case now, start, make

  var wire: CInt { rawValue }
}

extension TopologyCommunicator {
  /// One side of a collective with a block for each neighbour, in a buffer of so many values.
  func side<Element: Datatype>(
    _ blocks: Blocks, of ranks: [Rank], in capacity: Int, of _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> (counts: [Int64], offsets: [Int64]) {
    guard blocks.counts.count == ranks.count, blocks.offsets.count == ranks.count else {
      throw lengthError(
        procedure,
        "\(blocks.counts.count) counts and \(blocks.offsets.count) offsets were given, with \(ranks.count) neighbours")
    }
    let wire = try blocks.wire(
      units: Element.unitsPerValue, in: capacity, of: "neighbour", procedure, self)
    return (wire.counts.map { Int64($0) }, wire.offsets.map { Int64($0) })
  }

  /// One side of an exchange of layouts.
  func side<Element: Datatype>(
    _ blocks: [LayoutBlock<Element>], of ranks: [Rank], in capacity: Int, _ procedure: StaticString, isReceiving: Bool
  ) throws(MPIError) -> (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) {
    guard blocks.count == ranks.count else {
      throw lengthError(procedure, "\(blocks.count) blocks were given, with \(ranks.count) neighbours")
    }
    return try wires(ofAny: blocks, in: capacity, procedure, isReceiving: isReceiving)
  }

  /// What one rank gives to all its neighbours: as many values as come from each.
  func gatheredBlock<Element: Datatype>(
    _ count: Int, into capacity: Int, of type: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> WireCount {
    try enter(procedure, self)
    let wire = try WireCount(count, of: type)
    guard capacity == count &* sources.count else {
      throw lengthError(
        procedure, "\(count) values from \(sources.count) neighbours do not fill a buffer of \(capacity)")
    }
    return wire
  }

  /// What goes to one neighbour, and comes from one.
  func exchangedBlock<Element: Datatype>(
    _ count: Int, into capacity: Int, of type: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> WireCount {
    try enter(procedure, self)
    let (given, taken) = (destinations.count, sources.count)
    // A rank that gives to nobody, or takes from nobody, knows the count from the other side.
    let each = given > 0 ? count / given : taken > 0 ? capacity / taken : 0
    guard count == each * given, capacity == each * taken else {
      throw lengthError(
        procedure,
        "\(count) values for \(given) neighbours and a buffer of \(capacity) for \(taken) are not as many for each")
    }
    return try WireCount(each, of: type)
  }

  /// Calls a neighbourhood collective that is done when it returns.
  func neighborly(
    _ procedure: StaticString,
    _ call: (CInt, CMPI_Neighbors, UnsafeMutablePointer<CMPI_Request>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?)
      -> CInt
  ) throws(MPIError) {
    let code = withExtendedLifetime(self) { call(CollectiveWay.now.wire, wireNeighbors, nil, nil) }
    if code > 0, cmpi_error_class(code) == CInt(CMPI_CLASS_UNSUPPORTED_OPERATION.rawValue) {
      throw MPIError(
        MPIError.unsupported, procedure, self,
        message: "this MPI cannot gather so many values from neighbours; `neighborAllToAll` with blocks can")
    }
    try check(code, procedure, self)
  }
}
