public import CMPI

extension Communicator {
  /// Gives every rank an array of its own and gets one from every rank, of any lengths.
  ///
  /// Collective; exchanges the lengths first (`MPI_Alltoall`, then `MPI_Alltoallv`).
  ///
  /// - Parameter arrays: One array for each rank.
  /// - Returns: The array from each rank.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when it is not one array for each rank.
  @inlinable
  public final func allToAll<Element: Datatype>(_ arrays: [[Element]]) throws(MPIError) -> [[Element]] {
    guard arrays.count == size else {
      throw lengthError("MPI_Alltoallv", "\(arrays.count) arrays were given, in a communicator of \(size)")
    }
    let outgoing = Blocks(counts: arrays.map(\.count))
    let incoming = Blocks(counts: try allToAll(outgoing.counts))
    let values = Blocks.concatenated(arrays)
    let received = try filled(incoming.total) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try values.withSpan { (span) throws(MPIError) in
        try allToAll(span, outgoing, into: &result, incoming)
      }
    }
    return (0..<size).map { rank in
      Array(received[incoming.offsets[rank]..<(incoming.offsets[rank] + incoming.counts[rank])])
    }
  }

  /// Gives every rank as many values, and gets as many from every rank (`MPI_Alltoall`).
  ///
  /// Collective; all ranks give as many.
  ///
  /// - Parameter values: Size × count values, those for rank r at r × count.
  /// - Returns: Size × count values, those from rank r at r × count.
  @inlinable @inline(__always)
  public final func allToAll<Element: Datatype>(_ values: [Element]) throws(MPIError) -> [Element] {
    try made(values.count) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in
        try allToAll(given.baseAddress, into: result.baseAddress, given.count, Element.self)
      }
    }
  }

  /// Gives every rank as many values, and gets as many from every rank, without a copy (`MPI_Alltoall`).
  ///
  /// Collective; all ranks give as many.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the spans differ in length or do not divide by the size.
  @inlinable @inline(__always)
  public final func allToAll<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) {
    guard buffer.count == values.count else {
      throw lengthError("MPI_Alltoall", "\(values.count) values were given and \(buffer.count) asked for")
    }
    try allToAll(values.rawPointer, into: buffer.rawPointer, values.count, Element.self)
  }

  @inlinable @inline(__always)
  final func allToAll<Element: Datatype>(
    _ given: UnsafeRawPointer?, into data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type
  ) throws(MPIError) {
    try callInParts(data, count, Element.self, "MPI_Alltoall") { data, part, handle in
      cmpi_alltoall(given, part.count, part.type, data, part.count, part.type, handle)
    }
  }

  /// Replaces what every rank gives by what it gets (`MPI_Alltoall` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks give as many.
  @inlinable @inline(__always)
  public final func allToAll<Element: Datatype>(inPlace buffer: inout MutableSpan<Element>) throws(MPIError) {
    try allToAll(inPlace: buffer.rawPointer, buffer.count, Element.self)
  }

  /// Replaces what every rank gives by what it gets; as `allToAll(inPlace:)`.
  @inlinable @inline(__always)
  public final func allToAll<Element: Datatype>(inPlace buffer: inout [Element]) throws(MPIError) {
    try buffer.lend { (data, count) throws(MPIError) in try allToAll(inPlace: data, count, Element.self) }
  }

  @inlinable @inline(__always)
  final func allToAll<Element: Datatype>(
    inPlace data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type
  ) throws(MPIError) {
    try callInParts(data, count, Element.self, "MPI_Alltoall") { data, part, handle in
      cmpi_alltoall(cmpi_in_place(), 0, part.type, data, part.count, part.type, handle)
    }
  }

  /// Exchanges blocks of different lengths among all ranks, without a copy (`MPI_Alltoallv`).
  ///
  /// Collective; what rank a sends to b is as long as what b expects from a.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which values go to which rank.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where each rank's values go.
  @inlinable @inline(__always)
  public final func allToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Alltoallv"
    let type = try Element.datatype.handle
    let (given, taken) = (values.rawPointer, buffer.rawPointer)
    if _fastPath(cmpi_is_classic(0, storedSize)) {
      let code = outgoing.lendNarrow(of: Element.self, in: values.count, self) { outCounts, outOffsets in
        incoming.lendNarrow(of: Element.self, in: buffer.count, self) { inCounts, inOffsets in
          cmpi_alltoallv_classic(given, outCounts, outOffsets, taken, inCounts, inOffsets, type, handle)
        }
      }
      if let code { return try check(code, procedure, self) }
    }
    try enter(procedure, self)
    let out = try outgoing.wire(of: Element.self, in: values.count, procedure, self)
    let into = try incoming.wire(of: Element.self, in: buffer.count, procedure, self)
    let code = out.lend { outCounts, outOffsets in
      into.lend { inCounts, inOffsets in
        cmpi_alltoallv(given, outCounts, outOffsets, type, taken, inCounts, inOffsets, type, handle)
      }
    }
    try check(code, procedure, self)
  }
}
