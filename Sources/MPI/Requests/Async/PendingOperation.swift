internal import CMPI

/// What a task waits for while it is suspended: a request, or a message that is still to be found.
///
/// Only the thread that drives the engine touches it between ``ProgressEngine/submit(_:)`` and the resumption of the task;
/// ``ProgressEngine`` guards the rest with its lock.
final class PendingOperation: @unchecked Sendable {
  /// The request; null for a search.
  var request = cmpi_request_null()
  /// Where and what to look for.
  var search: Search?

  // The outcome.
  var code: CInt = 0
  var status = CMPI_Status()
  var message = cmpi_message_null()
  /// Whether a search was called off.
  var isCalledOff = false

  /// Whether MPI can call it off: a receive or a search.
  let isCancellable: Bool
  var continuation: UnsafeContinuation<Void, Never>?
  let start = cmpi_now()

  // Guarded by the engine's lock.
  var wantsCancellation = false
  var isCancelling = false

  struct Search {
    var communicator: CMPI_Comm
    var source: CInt
    var tag: CInt
  }

  init(_ request: CMPI_Request, isCancellable: Bool) {
    self.request = request
    self.isCancellable = isCancellable
  }

  init(searching search: Search) {
    self.search = search
    isCancellable = true
  }

  /// Looks whether it is complete; true also for a failure.
  func test() -> Bool {
    var flag: CInt = 0
    if let search {
      guard !cmpi_gate_is_closed() || cmpi_gate_ask() == 0 else {
        code = -cmpi_gate_ask()
        return true
      }
      code = cmpi_improbe(search.source, search.tag, search.communicator, &flag, &message, &status)
    } else {
      code = cmpi_test(&request, &flag, &status)
    }
    return code != 0 || flag != 0
  }

  /// Looks for some time, on the caller's thread: what comes soon need not be waited for.
  func test(for nanoseconds: Int64) -> Bool {
    if test() { return true }
    while cmpi_now() - start < nanoseconds { if test() { return true } }
    return false
  }
}
