internal import CMPI

extension TopologyCommunicator {
  /// Gives every neighbour an array of its own and gets one from each, of any lengths.
  ///
  /// Collective; exchanges the lengths first (`MPI_Neighbor_alltoall`, then `MPI_Neighbor_alltoallv`).
  ///
  /// - Parameter arrays: One for each of the ``destinations``; nobody gets those where there is no process.
  /// - Returns: The arrays in the order of ``sources``, empty ones where there is no process.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when it is not one array for each destination.
  public final func neighborAllToAll<Element: Datatype>(_ arrays: [[Element]]) throws(MPIError) -> [[Element]] {
    guard arrays.count == destinations.count else {
      throw lengthError(
        "MPI_Neighbor_alltoallv", "\(arrays.count) arrays were given, with \(destinations.count) neighbours")
    }
    let outgoing = Blocks(counts: arrays.map(\.count))
    var counts = [Int](repeating: 0, count: sources.count)
    var span = counts.mutableSpan
    try outgoing.counts.withSpan { (given) throws(MPIError) in try neighborAllToAll(given, into: &span) }
    let incoming = Blocks(counts: counts)
    let values = Blocks.concatenated(arrays)
    let received = try filled(incoming.total) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try values.withSpan { (span) throws(MPIError) in
        try neighborAllToAll(span, outgoing, into: &result, incoming)
      }
    }
    return received.divided(into: incoming)
  }

  /// Gives every neighbour as many values and gets as many from each, without a copy (`MPI_Neighbor_alltoall`).
  ///
  /// Collective; all ranks give as many to each.
  ///
  /// - Parameters:
  ///   - values: As many for each of the ``destinations``, in their order.
  ///   - buffer: As many from each of the ``sources``; where there is no process they stay as they are.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when it is not as many for each.
  public final func neighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Neighbor_alltoall"
    let wire = try exchangedBlock(values.count, into: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    try neighborly(procedure) {
      cmpi_neighbor_alltoall($0, $1, out, into, wire.count, wire.type, handle, $2, $3)
    }
  }

  /// Exchanges blocks of different lengths with the neighbours, without a copy (`MPI_Neighbor_alltoallv`).
  ///
  /// Collective; what rank a sends to b is as long as what b expects from a.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which values go to each of the ``destinations``.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where those of each of the ``sources`` go.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` for blocks that are not one for each neighbour, or not inside.
  public final func neighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Neighbor_alltoallv"
    try enter(procedure, self)
    let type = try WireCount(1, of: Element.self).type
    let from = try side(outgoing, of: destinations, in: values.count, of: Element.self, procedure)
    let to = try side(incoming, of: sources, in: buffer.count, of: Element.self, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    try neighborly(procedure) {
      cmpi_neighbor_alltoallv(
        $0, $1, out, from.counts, from.offsets, into, to.counts, to.offsets, type, handle, $2, $3)
    }
  }

  /// Exchanges blocks with the neighbours, each in a layout of its own (`MPI_Neighbor_alltoallw`).
  ///
  /// Collective; what rank a sends to b has as many values as what b expects from a. Exchanges the edges of a block of a
  /// matrix in one call, without copies.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values go to each of the ``destinations``.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where those of each of the ``sources`` go.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` for blocks that are not one for each neighbour, or not inside; of
  ///   class ``MPIError/argument`` for an incoming layout that names a place twice.
  public final func neighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Neighbor_alltoallw"
    try enter(procedure, self)
    let from = try side(outgoing, of: destinations, in: values.count, procedure, isReceiving: false)
    let to = try side(incoming, of: sources, in: buffer.count, procedure, isReceiving: true)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    try neighborly(procedure) { way, neighbors, request, kept in
      withExtendedLifetime((outgoing, incoming)) {
        cmpi_neighbor_alltoallw(
          way, neighbors, out, from.counts, from.offsets, from.types, into, to.counts, to.offsets, to.types, handle,
          request, kept)
      }
    }
  }
}
