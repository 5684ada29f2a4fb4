internal import CMPI

extension RequestGroup {
  /// Waits, suspended, for all requests (`MPI_Testsome` by the engine). Local.
  ///
  /// When the task is cancelled, the receives whose messages are not here are called off; everything else goes on to its
  /// end, so that all memory may be used again afterwards.
  ///
  /// - Returns: The statuses, by number.
  /// - Throws: The first error, when all requests are complete, of class ``MPIError/cancelled`` for a receive that was called
  ///   off; ``results`` has the outcome of each.
  @discardableResult @_lifetime(self: copy self)
  public nonisolated(nonsending) mutating func waitAll() async throws(MPIError) -> [Status] {
    try await advance(needsAll: true)
    try throwFirst()
    return allStatuses()
  }

  /// Waits, suspended, until one request is complete that was not reported yet (`MPI_Testsome` by the engine). Local.
  ///
  /// The cancellation of the task calls off all receives whose messages are not here: they are reported as such.
  ///
  /// - Returns: Which one, with its status or its error; `nil` when all were reported.
  @_lifetime(self: copy self)
  public nonisolated(nonsending) mutating func waitAny() async throws(MPIError) -> Completion? {
    if let ready = takeUnreported() { return ready }
    try await advance(needsAll: false)
    return takeUnreported()
  }

  /// Waits, suspended, until at least one request is complete that was not reported yet (`MPI_Testsome` by the engine).
  /// Local.
  ///
  /// The cancellation of the task calls off all receives whose messages are not here: they are reported as such.
  ///
  /// - Returns: All that are complete by then, each once; empty when all were reported.
  @_lifetime(self: copy self)
  public nonisolated(nonsending) mutating func waitSome() async throws(MPIError) -> [Completion] {
    var completions: [Completion] = []
    while let ready = takeUnreported() { completions.append(ready) }
    guard completions.isEmpty else { return completions }
    try await advance(needsAll: false)
    while let ready = takeUnreported() { completions.append(ready) }
    return completions
  }

  /// Waits, suspended, for what is pending, and notes what came of it.
  @_lifetime(self: copy self)
  private nonisolated(nonsending) mutating func advance(needsAll: Bool) async throws(MPIError) {
    guard pendingCount > 0 else { return }
    forgetStart()
    let operation = PendingGroup(
      Array(UnsafeBufferPointer(start: handles, count: count)), (0..<count).map { place(of: $0) },
      needsAll: needsAll)
    await operation.finished()
    // Also before an error is thrown: what is complete must not be waited for again.
    for (index, code, status) in operation.outcomes {
      let place = place(of: index)
      settle(index, code, "MPI_Testsome", status)
      guard code == 0 else { continue }
      do throws(MPIError) { try place.throwIfCancelled(status) } catch { fail(index, error) }
    }
    guard operation.code == 0 else { throw place.failure(operation.code, "MPI_Testsome") }
  }
}
