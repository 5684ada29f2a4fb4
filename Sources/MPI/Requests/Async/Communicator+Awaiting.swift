internal import CMPI
internal import Synchronization

/// Suspends the task until a request is complete.
///
/// - Returns: The code, and the status when it is 0.
nonisolated(nonsending) func completion(
  of handle: CMPI_Request, isCancellable: Bool
) async -> (code: CInt, status: CMPI_Status) {
  let operation = PendingOperation(handle, isCancellable: isCancellable)
  await operation.finished()
  return (operation.code, operation.status)
}

extension PendingOperation {
  /// Looks for a while on the caller's thread, then suspends until the engine has completed the operation.
  ///
  /// The cancellation of the task calls off a receive or a search, and lets everything else go on to its end.
  nonisolated(nonsending) func finished() async {
    let engine = ProgressEngine.shared
    if !Task.isCancelled, test(for: engine.patience) { return engine.note(waited: cmpi_now() - start) }
    guard Self.engineMayRun else { return await finishedByPolling() }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        self.continuation = continuation
        engine.submit(self)
      }
    } onCancel: {
      engine.cancel(self)
    }
    // The resumption alone orders the engine's thread before this one, but not so that a sanitizer could see it.
    precondition(isOver.load(ordering: .acquiring), "a task was resumed whose operation is not over")
  }

  /// Whether the engine's thread, or an executor that drives it, may call MPI.
  private static var engineMayRun: Bool {
    var level: CInt = 0
    return MPIExecutor.isRunning || (cmpi_query_thread(&level) == 0 && level == cmpi_thread_multiple())
  }

  /// Where only the task's own thread may call MPI: looks again and again, with sleeps in between.
  nonisolated(nonsending) private func finishedByPolling() async {
    var sleep: Int64 = 20_000
    while !test() {
      if Task.isCancelled, isCancellable, !isCancelling {
        isCancelling = callOff()
        if isCalledOff { return }
      }
      if Task.isCancelled { cmpi_yield() } else { try? await Task.sleep(nanoseconds: UInt64(sleep)) }
      sleep = min(sleep * 3 / 2, ProgressEngine.longestSleep)
    }
  }
}

extension Request {
  /// Waits, suspended, until the operation is complete and its memory may be used again (`MPI_Test` by the engine).
  ///
  /// In asynchronous code this is the wait that `await` means. When the task is cancelled, a receive whose message is not here
  /// is called off, on Open MPI as soon as no other thread is inside a call (<doc:KnownIssues>); everything else goes on to
  /// its end.
  ///
  /// - Throws: As the blocking wait, and ``MPIError`` of class ``MPIError/cancelled`` for a receive that was called off.
  @discardableResult
  public nonisolated(nonsending) consuming func wait() async throws(MPIError) -> Status {
    let (handle, keeper, place, status) = parts()
    if cmpi_request_is_null(handle) { return try completed(status, keeper, place) }
    let outcome = await completion(of: handle, isCancellable: place.isReceive)
    guard outcome.code == 0 else { throw requestFailure(outcome.code, "MPI_Wait", keeper, place) }
    try keeper?.finish()
    try place.throwIfCancelled(outcome.status)
    return Status(outcome.status)
  }
}

extension Request {
  /// The same request, which the cancellation of its task leaves alone.
  @_lifetime(immortal)
  consuming func uncancellable() -> Request {
    let (handle, keeper, place, status) = parts()
    return Request((handle, keeper, RequestPlace(place), status))
  }
}

extension RequestPlace {
  /// The same place, of something that is not called off.
  init(_ place: RequestPlace) {
    self.place = place.place
    marks = place.marks.subtracting(.receive)
  }

  /// Throws for a receive that was called off.
  func throwIfCancelled(_ status: CMPI_Status) throws(MPIError) {
    guard isReceive else { return }
    var flag: CInt = 0
    let code = withUnsafePointer(to: status) { cmpi_status_is_cancelled($0, &flag) }
    guard code == 0 else { throw failure(code, "MPI_Test_cancelled") }
    if flag != 0 { throw cancelled }
  }

  /// The error of a receive whose task was cancelled.
  var cancelled: MPIError {
    MPIError(
      MPIError.cancelled, "MPI_Cancel", place: self,
      message: "the task was cancelled before the message was here, and the receive with it")
  }
}

extension MPIError {
  /// A receive whose task was cancelled before its message came.
  public static let cancelled = Class(rawValue: "cancelled")
}
