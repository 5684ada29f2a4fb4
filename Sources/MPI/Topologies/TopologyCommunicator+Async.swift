// The neighbourhood collectives, suspended meanwhile: as the blocking ones.

extension TopologyCommunicator {
  /// Gives one value to all neighbours, and gets one from each, suspended meanwhile (`MPI_Ineighbor_allgather`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllGather<Element: Datatype>(
    _ value: Element
  ) async throws(MPIError) -> [Element?] {
    let own = OwnedArray([value])
    var received = [Element](repeating: value, count: sources.count)
    var span = received.mutableSpan
    let request = try startNeighborAllGather(own.span, into: &span)
    try await request.wait()
    withExtendedLifetime(own) {}
    return zip(received, sources).map { $1 == .null ? nil : $0 }
  }

  /// Gives an array of any length to all neighbours, and gets one from each, suspended meanwhile
  /// (`MPI_Ineighbor_allgather`, then `MPI_Ineighbor_allgatherv`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllGather<Element: Datatype>(
    _ values: [Element]
  ) async throws(MPIError) -> [[Element]] {
    let blocks = Blocks(counts: try await neighborAllGather(values.count).map { $0 ?? 0 })
    let own = OwnedArray(values)
    var received = OwnedArray<Element>(count: blocks.total).take()
    var span = received.mutableSpan
    let request = try startNeighborAllGather(own.span, into: &span, blocks: blocks)
    try await request.wait()
    withExtendedLifetime(own) {}
    return received.divided(into: blocks)
  }

  /// Gives every neighbour an array of its own and gets one from each, suspended meanwhile (`MPI_Ineighbor_alltoall`, then
  /// `MPI_Ineighbor_alltoallv`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllToAll<Element: Datatype>(
    _ arrays: [[Element]]
  ) async throws(MPIError) -> [[Element]] {
    guard arrays.count == destinations.count else {
      throw lengthError(
        "MPI_Ineighbor_alltoallv", "\(arrays.count) arrays were given, with \(destinations.count) neighbours")
    }
    let outgoing = Blocks(counts: arrays.map(\.count))
    let given = OwnedArray(outgoing.counts)
    var counts = [Int](repeating: 0, count: sources.count)
    var countSpan = counts.mutableSpan
    let exchange = try startNeighborAllToAll(given.span, into: &countSpan)
    try await exchange.wait()
    withExtendedLifetime(given) {}
    let incoming = Blocks(counts: counts)
    let own = OwnedArray(Blocks.concatenated(arrays))
    var received = OwnedArray<Element>(count: incoming.total).take()
    var span = received.mutableSpan
    let request = try startNeighborAllToAll(own.span, outgoing, into: &span, incoming)
    try await request.wait()
    withExtendedLifetime(own) {}
    return received.divided(into: incoming)
  }

  /// Gives a span to all neighbours, and gets one of the same length from each, suspended meanwhile
  /// (`MPI_Ineighbor_allgather`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) async throws(MPIError) {
    let request = try startNeighborAllGather(values, into: &buffer)
    try await request.wait()
  }

  /// Gives every neighbour as many values and gets as many from each, suspended meanwhile (`MPI_Ineighbor_alltoall`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) async throws(MPIError) {
    let request = try startNeighborAllToAll(values, into: &buffer)
    try await request.wait()
  }

  /// Exchanges blocks of different lengths with the neighbours, suspended meanwhile (`MPI_Ineighbor_alltoallv`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) async throws(MPIError) {
    let request = try startNeighborAllToAll(values, outgoing, into: &buffer, incoming)
    try await request.wait()
  }

  /// Exchanges blocks with the neighbours, each in a layout of its own, suspended meanwhile (`MPI_Ineighbor_alltoallw`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func neighborAllToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) async throws(MPIError) {
    let request = try startNeighborAllToAll(values, outgoing, into: &buffer, incoming)
    try await request.wait()
  }
}
