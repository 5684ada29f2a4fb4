// The reductions of spans and in place, suspended meanwhile: each starts its nonblocking twin and waits for it. A collective
// that has begun goes on when its task is cancelled.

extension Communicator {
  /// Combines spans element by element in the root's result, suspended meanwhile (`MPI_Ireduce`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) {
    if rank == root { try requireSameLength(values.count, result.count, "MPI_Ireduce") }
    try await combined(values.pointers, into: result.pointers) { (given, result) throws(MPIError) in
      try self.startReduce(given, into: result, reduction, root).parts()
    }
  }

  /// Combines spans element by element in the root's, suspended meanwhile (`MPI_Ireduce`); the others stay. Collective.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    inPlace values: inout MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) {
    let buffer = values.pointers
    try await combined(rank == root ? nil : UnsafeBufferPointer(buffer), into: buffer) {
      (given, result) throws(MPIError) in
      try self.startReduce(given, into: result, reduction, root).parts()
    }
  }

  /// Combines arrays element by element in the root's, suspended meanwhile (`MPI_Ireduce`); the others stay. Collective.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    inPlace values: inout [Element], _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    var span = owned.buffer.writing
    try await reduce(inPlace: &span, reduction, to: root)
  }

  /// Combines spans element by element into another one on all ranks, suspended meanwhile (`MPI_Iallreduce`). Collective.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    try requireSameLength(values.count, result.count, "MPI_Iallreduce")
    try await combined(values.pointers, into: result.pointers) { (given, result) throws(MPIError) in
      try self.startAllReduce(given, into: result, reduction).parts()
    }
  }

  /// Combines spans element by element, in place, on all ranks, suspended meanwhile (`MPI_Iallreduce`). Collective.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    try await combined(nil, into: values.pointers) { (given, result) throws(MPIError) in
      try self.startAllReduce(given, into: result, reduction).parts()
    }
  }

  /// Combines spans of the ranks up to this one into another one, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    try requireSameLength(values.count, result.count, "MPI_Iscan")
    try await combined(values.pointers, into: result.pointers) { (given, result) throws(MPIError) in
      try self.startScan(given, into: result, reduction).parts()
    }
  }

  /// Combines spans of the ranks up to this one, in place, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    try await combined(nil, into: values.pointers) { (given, result) throws(MPIError) in
      try self.startScan(given, into: result, reduction).parts()
    }
  }

  /// Combines arrays of the ranks up to this one, in place, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    var span = owned.buffer.writing
    try await scan(&span, reduction)
  }

  /// Combines spans of the ranks before this one into another one, suspended meanwhile (`MPI_Iexscan`). Rank 0's stays as
  /// it was. Collective.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: Span<Element>, into result: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    try requireSameLength(values.count, result.count, "MPI_Iexscan")
    try await combined(values.pointers, into: result.pointers) { (given, result) throws(MPIError) in
      try self.startExclusiveScan(given, into: result, reduction).parts()
    }
  }

  /// Combines spans of the ranks before this one, in place, suspended meanwhile (`MPI_Iexscan`). Rank 0's stays as it was.
  /// Collective.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: inout MutableSpan<Element>, _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    try await combined(nil, into: values.pointers) { (given, result) throws(MPIError) in
      try self.startExclusiveScan(given, into: result, reduction).parts()
    }
  }

  /// Combines arrays of the ranks before this one, in place, suspended meanwhile (`MPI_Iexscan`). Rank 0's stays as it was.
  /// Collective.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    var span = owned.buffer.writing
    try await exclusiveScan(&span, reduction)
  }
}
