// The reductions of spans and in place, suspended meanwhile: each starts its nonblocking twin and waits for it. A collective
// that has begun goes on when its task is cancelled.

extension Communicator {
  /// Combines spans element by element in the root's result, suspended meanwhile (`MPI_Ireduce`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) {
    let request = try startReduce(values, into: &result, reduction, to: root)
    try await request.wait()
  }

  /// Combines spans element by element in the root's, suspended meanwhile (`MPI_Ireduce`); the others stay. Collective.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    inPlace values: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) {
    let request = try startReduce(inPlace: &values, reduction, to: root)
    try await request.wait()
  }

  /// Combines arrays element by element in the root's, suspended meanwhile (`MPI_Ireduce`); the others stay. Collective.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    inPlace values: inout [Element], _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    var span = owned.buffer.writing
    let request = try startReduce(inPlace: &span, reduction, to: root)
    try await request.wait()
  }

  /// Combines spans element by element into another one on all ranks, suspended meanwhile (`MPI_Iallreduce`). Collective.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startAllReduce(values, into: &result, reduction)
    try await request.wait()
  }

  /// Combines spans element by element, in place, on all ranks, suspended meanwhile (`MPI_Iallreduce`). Collective.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startAllReduce(&values, reduction)
    try await request.wait()
  }

  /// Combines spans of the ranks up to this one into another one, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startScan(values, into: &result, reduction)
    try await request.wait()
  }

  /// Combines spans of the ranks up to this one, in place, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startScan(&values, reduction)
    try await request.wait()
  }

  /// Combines arrays of the ranks up to this one, in place, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    let request = try startScan(nil, into: owned.buffer, reduction)
    try await request.wait()
  }

  /// Combines spans of the ranks before this one into another one, suspended meanwhile (`MPI_Iexscan`). Rank 0's stays as
  /// it was. Collective.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startExclusiveScan(values, into: &result, reduction)
    try await request.wait()
  }

  /// Combines spans of the ranks before this one, in place, suspended meanwhile (`MPI_Iexscan`). Rank 0's stays as it was.
  /// Collective.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let request = try startExclusiveScan(&values, reduction)
    try await request.wait()
  }

  /// Combines arrays of the ranks before this one, in place, suspended meanwhile (`MPI_Iexscan`). Rank 0's stays as it was.
  /// Collective.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    let request = try startExclusiveScan(nil, into: owned.buffer, reduction)
    try await request.wait()
  }
}
