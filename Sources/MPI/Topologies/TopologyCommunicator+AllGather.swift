internal import CMPI

extension TopologyCommunicator {
  /// Gives one value to all neighbours, and gets one from each (`MPI_Neighbor_allgather`).
  ///
  /// Collective over the communicator.
  ///
  /// - Returns: The values in the order of ``sources``, `nil` where there is no process.
  public final func neighborAllGather<Element: Datatype>(_ value: Element) throws(MPIError) -> [Element?] {
    var received = [Element](repeating: value, count: sources.count)
    var span = received.mutableSpan
    try withUnsafePointer(to: value) { (value) throws(MPIError) in
      try neighborAllGather(UnsafeBufferPointer(start: value, count: 1).span, into: &span)
    }
    return zip(received, sources).map { $1 == .null ? nil : $0 }
  }

  /// Gives an array of any length to all neighbours, and gets one from each.
  ///
  /// Collective; exchanges the lengths first (`MPI_Neighbor_allgather`, then `MPI_Neighbor_allgatherv`).
  ///
  /// - Returns: The arrays in the order of ``sources``, empty ones where there is no process.
  public final func neighborAllGather<Element: Datatype>(_ values: [Element]) throws(MPIError) -> [[Element]] {
    let blocks = Blocks(counts: try neighborAllGather(values.count).map { $0 ?? 0 })
    let received = try filled(blocks.total) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try values.withSpan { (span) throws(MPIError) in
        try neighborAllGather(span, into: &result, blocks: blocks)
      }
    }
    return received.divided(into: blocks)
  }

  /// Gives a span to all neighbours, and gets one of the same length from each, without a copy (`MPI_Neighbor_allgather`).
  ///
  /// Collective; all neighbours give as many values.
  ///
  /// - Parameters:
  ///   - values: What all destinations get.
  ///   - buffer: Where the values go, in the order of ``sources``; where there is no process they stay as they are.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the buffer is not as many values for each source.
  public final func neighborAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Neighbor_allgather"
    let wire = try gatheredBlock(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    try neighborly(procedure) {
      cmpi_neighbor_allgather($0, $1, out, into, wire.count, wire.type, handle, $2, $3)
    }
  }

  /// Gives a span to all neighbours, and gets spans of other lengths, without a copy (`MPI_Neighbor_allgatherv`).
  ///
  /// Collective; each rank expects from a source what that gives.
  ///
  /// - Parameters:
  ///   - values: What all destinations get.
  ///   - buffer: Where the values go.
  ///   - blocks: Where those of each of the ``sources`` go in the buffer.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` for blocks that are not one for each source or not in the buffer,
  ///   of class ``MPIError/unsupported`` above 2³¹-1 elements on an MPI without large counts (Open MPI).
  public final func neighborAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Neighbor_allgatherv"
    try enter(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let incoming = try side(blocks, of: sources, in: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    try neighborly(procedure) {
      cmpi_neighbor_allgatherv(
        $0, $1, out, wire.count, into, incoming.counts, incoming.offsets, wire.type, handle, $2, $3)
    }
  }
}

extension Array {
  /// The parts of an array that was received in blocks.
  func divided(into blocks: Blocks) -> [[Element]] {
    zip(blocks.offsets, blocks.counts).map { Array(self[$0..<($0 + $1)]) }
  }
}
