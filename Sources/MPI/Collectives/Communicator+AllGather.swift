public import CMPI

extension Communicator {
  /// Collects one value from every rank on all ranks (`MPI_Allgather`).
  ///
  /// Collective.
  ///
  /// - Returns: The values, by rank.
  @inlinable
  public final func allGather<Element: Datatype>(_ value: Element) throws(MPIError) -> [Element] {
    try made(size) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try withUnsafePointer(to: value) { (value) throws(MPIError) in
        try allGather(value, 1, into: result.baseAddress, Element.self)
      }
    }
  }

  /// Collects arrays of any lengths from all ranks on all ranks.
  ///
  /// Collective; gathers the lengths first (`MPI_Allgather`, then the same where all are equal, else `MPI_Allgatherv`).
  ///
  /// - Returns: The arrays, one after the other by rank.
  @inlinable @inline(__always)
  public final func allGather<Element: Datatype>(_ values: [Element]) throws(MPIError) -> [Element] {
    let all = try allGatherLengths(values.count)
    defer { release(all) }
    guard _fastPath(all.isEven) else { return try allGathered(values, blocks(of: all)) }
    return try made(values.count &* size) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in
        try allGather(given.baseAddress, given.count, into: result.baseAddress, Element.self)
      }
    }
  }

  /// The arrays of lengths that all ranks know.
  @inlinable @inline(never)
  final func allGathered<Element: Datatype>(_ values: [Element], _ blocks: Blocks) throws(MPIError) -> [Element] {
    try filled(blocks.total) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try values.withSpan { (span) throws(MPIError) in try allGather(span, into: &result, blocks: blocks) }
    }
  }

  /// Collects spans of the same length from all ranks on all ranks, without a copy (`MPI_Allgather`).
  ///
  /// Collective; all ranks give as many values.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the buffer is not size × count values.
  @inlinable @inline(__always)
  public final func allGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) {
    guard buffer.count == values.count &* size else {
      throw lengthError(
        "MPI_Allgather", "\(values.count) values from \(size) ranks do not fill a buffer of \(buffer.count)")
    }
    try allGather(values.rawPointer, values.count, into: buffer.rawPointer, Element.self)
  }

  @inlinable @inline(__always)
  final func allGather<Element: Datatype>(
    _ given: UnsafeRawPointer?, _ count: Int, into data: UnsafeMutableRawPointer?, _: Element.Type
  ) throws(MPIError) {
    let wire = try WireCount(count, of: Element.self)
    try check(cmpi_allgather(given, wire.count, wire.type, data, wire.count, wire.type, handle), "MPI_Allgather", self)
  }

  /// Collects spans of different lengths from all ranks on all ranks, without a copy (`MPI_Allgatherv`).
  ///
  /// Collective; all ranks give the same counts.
  ///
  /// - Parameters:
  ///   - values: What this rank gives; as long as its block.
  ///   - buffer: Where all values go.
  ///   - blocks: Where each rank's values go in the buffer.
  @inlinable @inline(__always)
  public final func allGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Allgatherv"
    let wire = try WireCount(values.count, of: Element.self)
    let (given, into) = (values.rawPointer, buffer.rawPointer)
    if _fastPath(cmpi_is_short(wire.count)) {
      let count = CInt(truncatingIfNeeded: wire.count)
      let code = blocks.lendNarrow(of: Element.self, in: buffer.count, self) { counts, offsets in
        counts[Int(storedRank)] == count
          ? cmpi_allgatherv_classic(given, count, into, counts, offsets, wire.type, handle) : nil
      }
      if let code { return try check(code, procedure, self) }
    }
    try allGatherWide(values, into: &buffer, blocks)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @inlinable @inline(never)
  final func allGatherWide<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, _ blocks: Blocks
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Allgatherv"
    try enter(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let (given, into) = (values.rawPointer, buffer.rawPointer)
    let incoming = try blocks.wire(of: Element.self, in: buffer.count, procedure, self)
    guard blocks.counts[rank.index] == values.count else {
      throw lengthError(
        procedure, "this rank gives \(values.count) values and its block has \(blocks.counts[rank.index])")
    }
    let code = incoming.lend { counts, offsets in
      cmpi_allgatherv(given, wire.count, wire.type, into, counts, offsets, wire.type, handle)
    }
    try check(code, procedure, self)
  }

  /// Completes a buffer in which each rank's own values lie in place (`MPI_Allgather` with `MPI_IN_PLACE`).
  ///
  /// Collective.
  ///
  /// - Parameter buffer: Size × count values, this rank's at rank × count.
  @inlinable @inline(__always)
  public final func allGather<Element: Datatype>(inPlace buffer: inout MutableSpan<Element>) throws(MPIError) {
    try allGather(inPlace: buffer.rawPointer, buffer.count, Element.self)
  }

  /// Completes an array in which each rank's own values lie in place; as `allGather(inPlace:)`.
  @inlinable @inline(__always)
  public final func allGather<Element: Datatype>(inPlace buffer: inout [Element]) throws(MPIError) {
    try buffer.lend { (data, count) throws(MPIError) in try allGather(inPlace: data, count, Element.self) }
  }

  @inlinable @inline(__always)
  final func allGather<Element: Datatype>(
    inPlace data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type
  ) throws(MPIError) {
    try callInParts(data, count, Element.self, "MPI_Allgather") { data, part, handle in
      cmpi_allgather(cmpi_in_place(), 0, part.type, data, part.count, part.type, handle)
    }
  }
}
