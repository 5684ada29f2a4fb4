// The collectives between spans, without a copy: each starts its nonblocking twin and waits for it, suspended. The spans are
// the call's until it returns, also when its task is cancelled: a collective that has begun goes on.

extension Communicator {
  /// Collects spans of the same length from all ranks in the root's buffer, suspended meanwhile (`MPI_Igather`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, to root: Rank
  ) async throws(MPIError) {
    let request = try startGather(values, into: &buffer, to: root)
    try await request.wait()
  }

  /// Collects spans of different lengths from all ranks in the root's buffer, suspended meanwhile (`MPI_Igatherv`).
  ///
  /// Collective; as the blocking call. Elsewhere than at the root the blocks may be `nil`.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks?, to root: Rank
  ) async throws(MPIError) {
    let request = try startGather(values, into: &buffer, blocks: blocks, to: root)
    try await request.wait()
  }

  /// Divides a span of the root into parts of the same length, suspended meanwhile (`MPI_Iscatter`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, from root: Rank
  ) async throws(MPIError) {
    let request = try startScatter(values, into: &buffer, from: root)
    try await request.wait()
  }

  /// Divides a span of the root into parts of different lengths, suspended meanwhile (`MPI_Iscatterv`).
  ///
  /// Collective; as the blocking call. Elsewhere than at the root the blocks may be `nil`.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks?, into buffer: inout MutableSpan<Element>, from root: Rank
  ) async throws(MPIError) {
    let request = try startScatter(values, blocks: blocks, into: &buffer, from: root)
    try await request.wait()
  }

  /// Collects spans of the same length from all ranks on all ranks, suspended meanwhile (`MPI_Iallgather`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) async throws(MPIError) {
    let request = try startAllGather(values, into: &buffer)
    try await request.wait()
  }

  /// Collects spans of different lengths from all ranks on all ranks, suspended meanwhile (`MPI_Iallgatherv`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks
  ) async throws(MPIError) {
    let request = try startAllGather(values, into: &buffer, blocks: blocks)
    try await request.wait()
  }

  /// Gives every rank a part of a span, and gets one from every rank, suspended meanwhile (`MPI_Ialltoall`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>
  ) async throws(MPIError) {
    let request = try startAllToAll(values, into: &buffer)
    try await request.wait()
  }

  /// Gives every rank a block of a span, and gets one from every rank, suspended meanwhile (`MPI_Ialltoallv`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: Blocks, into buffer: inout MutableSpan<Element>, _ incoming: Blocks
  ) async throws(MPIError) {
    let request = try startAllToAll(values, outgoing, into: &buffer, incoming)
    try await request.wait()
  }

  /// Combines spans element by element and divides the result into equal parts, suspended meanwhile
  /// (`MPI_Ireduce_scatter_block`).
  ///
  /// Collective; as the blocking call.
  ///
  /// - Throws: Also ``MPIError`` of class ``MPIError/unsupported`` where the MPI cannot start it, see
  ///   ``startReduceScatter(_:into:_:)``.
  public nonisolated(nonsending) final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startReduceScatter(values, into: &result, reduction)
    try await request.wait()
  }

  /// Combines spans element by element and divides the result by given counts, suspended meanwhile (`MPI_Ireduce_scatter`).
  ///
  /// Collective; as the blocking call.
  ///
  /// - Throws: As ``startReduceScatter(_:counts:into:_:)``.
  public nonisolated(nonsending) final func reduceScatter<Element: Datatype>(
    _ values: Span<Element>, counts: [Int], into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startReduceScatter(values, counts: counts, into: &result, reduction)
    try await request.wait()
  }
}
