internal import CMPI

// The collectives that work in place, suspended meanwhile: on a span, which is the call's until it returns, and on an array,
// which is taken out of its variable and put back. A collective that has begun goes on when its task is cancelled.

extension Communicator {
  /// Overwrites a span on all ranks with the root's, suspended meanwhile (`MPI_Ibcast`). Collective; as the blocking call.
  public nonisolated(nonsending) final func broadcast<Element: Datatype>(
    _ values: inout MutableSpan<Element>, from root: Rank
  ) async throws(MPIError) {
    let request = try startBroadcast(&values, from: root)
    try await request.wait()
  }

  /// Collects the ranks' values in the root's buffer, where its own lie, suspended meanwhile (`MPI_Igather`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>, to root: Rank
  ) async throws(MPIError) {
    let request = try startGather(inPlace: &buffer, to: root)
    try await request.wait()
  }

  /// Collects the ranks' values in the root's array, where its own lie, suspended meanwhile (`MPI_Igather`). Collective.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    inPlace buffer: inout [Element], to root: Rank
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    var span = owned.buffer.writing
    let request = try startGather(inPlace: &span, to: root)
    try await request.wait()
  }

  /// Divides the root's buffer, whose own part stays where it is, suspended meanwhile (`MPI_Iscatter`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>, from root: Rank
  ) async throws(MPIError) {
    let request = try startScatter(inPlace: &buffer, from: root)
    try await request.wait()
  }

  /// Divides the root's array, whose own part stays where it is, suspended meanwhile (`MPI_Iscatter`). Collective.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    inPlace buffer: inout [Element], from root: Rank
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    var span = owned.buffer.writing
    let request = try startScatter(inPlace: &span, from: root)
    try await request.wait()
  }

  /// Completes a buffer in which each rank's own values lie, suspended meanwhile (`MPI_Iallgather`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>
  ) async throws(MPIError) {
    let request = try startAllGather(inPlace: &buffer)
    try await request.wait()
  }

  /// Completes an array in which each rank's own values lie, suspended meanwhile (`MPI_Iallgather`). Collective.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    inPlace buffer: inout [Element]
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    var span = owned.buffer.writing
    let request = try startAllGather(inPlace: &span)
    try await request.wait()
  }

  /// Replaces what every rank gives by what it gets, suspended meanwhile (`MPI_Ialltoall`).
  ///
  /// Collective; as the blocking call.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>
  ) async throws(MPIError) {
    let request = try startAllToAll(inPlace: &buffer)
    try await request.wait()
  }

  /// Replaces what every rank gives by what it gets, suspended meanwhile (`MPI_Ialltoall`). Collective.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    inPlace buffer: inout [Element]
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    var span = owned.buffer.writing
    let request = try startAllToAll(inPlace: &span)
    try await request.wait()
  }
}
