internal import CMPI
internal import Synchronization

/// What a task waits for while it is suspended: a request, or a message that is still to be found; ``PendingGroup`` for
/// many requests.
///
/// Only the thread that drives the engine touches it between ``ProgressEngine/submit(_:)`` and the resumption of the task;
/// ``ProgressEngine`` guards the rest with its lock.
class PendingOperation: @unchecked Sendable {
  /// The request; null for a search and a group.
  final var request = cmpi_request_null()
  /// Where and what to look for.
  final var search: Search?

  // The outcome.
  final var code: CInt = 0
  final var status = CMPI_Status()
  final var message = cmpi_message_null()
  /// Whether a search was called off.
  final var isCalledOff = false

  /// Whether MPI can call it off: a receive or a search.
  final let isCancellable: Bool
  final var continuation: UnsafeContinuation<Void, Never>?
  final let start = cmpi_now()
  /// Set when the outcome is there, before the task is resumed.
  final let isOver = Atomic<Bool>(false)

  // Guarded by the engine's lock.
  final var wantsCancellation = false
  final var isCancelling = false

  struct Search {
    var communicator: CMPI_Comm
    var source: CInt
    var tag: CInt
    /// Whether the message is set aside for its receiver, or left where it is.
    var takes: Bool
  }

  init(_ request: CMPI_Request, isCancellable: Bool) {
    self.request = request
    self.isCancellable = isCancellable
  }

  init(searching search: Search, isCancellable: Bool = true) {
    self.search = search
    self.isCancellable = isCancellable
  }

  /// One that a subclass tests.
  init() { isCancellable = true }

  /// Whether the engine tests the request together with others; otherwise it calls ``test()``.
  var isOneRequest: Bool { search == nil }

  /// Calls a search off at once; asks MPI to call off a receive, whose request is complete then.
  ///
  /// - Returns: Whether that was done: not while other threads are inside MPI, where it needs to be alone.
  func callOff() -> Bool {
    guard search == nil else {
      isCalledOff = true
      return true
    }
    return Self.callOff(1, &request)
  }

  /// Asks MPI to call off receives, one after the other in memory; null ones are none.
  final class func callOff(_ count: Int, _ receives: UnsafeMutablePointer<CMPI_Request>) -> Bool {
    // A failure shows when the request is tested.
    var code: CInt = 0
    return cmpi_cancel_when_alone(CInt(count), receives, &code)
  }

  /// Looks whether it is complete; true also for a failure.
  func test() -> Bool {
    var flag: CInt = 0
    if let search {
      guard !cmpi_gate_is_closed() || cmpi_gate_ask() == 0 else {
        code = -cmpi_gate_ask()
        return true
      }
      code =
        search.takes
        ? cmpi_improbe(search.source, search.tag, search.communicator, &flag, &message, &status)
        : cmpi_iprobe(search.source, search.tag, search.communicator, &flag, &status)
    } else {
      code = cmpi_test(&request, &flag, &status)
    }
    return code != 0 || flag != 0
  }

  /// Looks for some time, on the caller's thread: what comes soon need not be waited for.
  final func test(for nanoseconds: Int64) -> Bool {
    if test() { return true }
    while cmpi_now() - start < nanoseconds { if test() { return true } }
    return false
  }
}
