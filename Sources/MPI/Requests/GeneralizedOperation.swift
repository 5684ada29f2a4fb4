internal import CMPI
internal import Synchronization

/// Something that is not MPI's, waited for as a request among others (MPI 5.0, §13.2).
///
/// ```swift
/// let reading = GeneralizedOperation()
/// var group = RequestGroup()
/// group.add(try reading.start(on: world))
/// group.add(try world.startReceive(into: &values, from: 1))
/// queue.async { read(); try? reading.complete() }
/// try group.waitAll()
/// ```
///
/// One that nobody completes is completed at its end of life.
public final class GeneralizedOperation: Sendable {
  private enum State {
    case new
    case started(UInt)
    case complete
  }

  private let state = Mutex(State.new)

  /// An operation that is not started.
  public init() {}

  deinit { try? complete() }

  /// Starts the operation's request (`MPI_Grequest_start`). Local; once.
  ///
  /// - Parameter communicator: Whose rank errors name.
  @_lifetime(immortal)
  public func start(on communicator: Communicator) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Grequest_start"
    try enter(procedure, communicator)
    var request = cmpi_request_null()
    var code: CInt = 0
    let isNew = state.withLock { state in
      guard case .new = state else { return false }
      code = cmpi_grequest_start(&request)
      if code == 0 { state = .started(cmpi_request_word(request)) }
      return true
    }
    guard isNew else {
      throw MPIError(MPIError.argument, procedure, communicator, message: "the operation was started already")
    }
    try check(code, procedure, communicator)
    return Request(request, RequestPlace(communicator))
  }

  /// Says that the operation is complete (`MPI_Grequest_complete`).
  ///
  /// Local; on any thread that may call MPI. More than once, or before the start, does nothing.
  public func complete() throws(MPIError) {
    let code = state.withLock { state -> CInt in
      guard case .started(let request) = state else { return 0 }
      let code = cmpi_grequest_complete(cmpi_request_from_word(request))
      if code == 0 { state = .complete }
      return code
    }
    try check(code, "MPI_Grequest_complete")
  }
}
