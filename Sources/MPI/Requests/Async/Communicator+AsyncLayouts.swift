// Layouts, suspended meanwhile: each starts its nonblocking twin and waits for it.

extension Communicator {
  /// Sends the values that a layout picks from memory, suspended until the memory may be used again (`MPI_Isend` and its
  /// modes, with a derived datatype). Local; as the blocking call.
  public nonisolated(nonsending) final func send<Element: Datatype>(
    _ values: Span<Element>, as layout: Layout<Element>, count: Int = 1, to destination: Rank, tag: Int = 0,
    mode: SendMode = .standard
  ) async throws(MPIError) {
    let request = try startSend(values, as: layout, count: count, to: destination, tag: tag, mode: mode)
    try await request.wait()
  }

  /// Sends the values that a layout picks from an array, suspended until it is sent. Local; as the blocking call.
  public nonisolated(nonsending) final func send<Element: Datatype>(
    _ values: [Element], as layout: Layout<Element>, count: Int = 1, to destination: Rank, tag: Int = 0,
    mode: SendMode = .standard
  ) async throws(MPIError) {
    let owned = OwnedArray(values)
    let request = try startSend(owned.span, as: layout, count: count, to: destination, tag: tag, mode: mode)
    try await request.wait()
    withExtendedLifetime(owned) {}
  }

  /// Receives values into the places that a layout picks in memory, suspended until they are there (`MPI_Improbe` and
  /// `MPI_Imrecv` with a derived datatype).
  ///
  /// Local. The cancellation of the task calls the receive off; a message that comes later is left for another one.
  @discardableResult
  public nonisolated(nonsending) final func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1,
    from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Imrecv", self, isReceiving: true)
    return try await receive(wire, into: buffer.rawPointer, source, tag)
  }

  /// Receives values into the places that a layout picks in an array, suspended until they are there. Local; as
  /// `receive(into:as:count:from:tag:)`.
  @discardableResult
  public nonisolated(nonsending) final func receive<Element: Datatype>(
    into buffer: inout [Element], as layout: Layout<Element>, count: Int = 1, from source: some SourceSelector,
    tag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    let wire = try layout.wire(count, in: owned.count, "MPI_Imrecv", self, isReceiving: true)
    return try await receive(wire, into: owned.writeAddress, source, tag)
  }

  /// Overwrites the places that a layout picks with the root's values, suspended meanwhile (`MPI_Ibcast` with a derived
  /// datatype). Collective; as the blocking call.
  public nonisolated(nonsending) final func broadcast<Element: Datatype>(
    _ buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1, from root: Rank
  ) async throws(MPIError) {
    let request = try startBroadcast(&buffer, as: layout, count: count, from: root)
    try await request.wait()
  }

  /// Collects one item of a layout from every rank at the root, suspended meanwhile (`MPI_Igather` with derived
  /// datatypes). Collective; as the blocking call.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, to root: Rank
  ) async throws(MPIError) {
    let request = try startGather(values, as: outgoing, into: &buffer, as: incoming, to: root)
    try await request.wait()
  }

  /// Collects one item of a layout from every rank on all ranks, suspended meanwhile (`MPI_Iallgather` with derived
  /// datatypes). Collective; as the blocking call.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>
  ) async throws(MPIError) {
    let request = try startAllGather(values, as: outgoing, into: &buffer, as: incoming)
    try await request.wait()
  }

  /// Gives every rank one item of a layout of the root's memory, suspended meanwhile (`MPI_Iscatter` with derived
  /// datatypes). Collective; as the blocking call.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, from root: Rank
  ) async throws(MPIError) {
    let request = try startScatter(values, as: outgoing, into: &buffer, as: incoming, from: root)
    try await request.wait()
  }

  /// Exchanges blocks among all ranks, each in a layout of its own, suspended meanwhile (`MPI_Ialltoallw`). Collective; as
  /// the blocking call.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) async throws(MPIError) {
    let request = try startAllToAll(values, outgoing, into: &buffer, incoming)
    try await request.wait()
  }
}
