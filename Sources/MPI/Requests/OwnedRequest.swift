internal import CMPI

/// A message on its way that owns its memory, and gives it back at its end.
///
/// ```swift
/// final class Mailbox {
///   var sending: OwnedRequest<[Double]>?
///   func post(_ values: consuming [Double], to rank: Rank) throws {
///     if let previous = sending.take() { _ = try previous.wait() }
///     sending = try Communicator.world.startSend(owning: values, to: rank)
///   }
/// }
/// ```
///
/// Unlike a ``Request`` it is bound to nothing: it can be returned, stored, and moved to another task. It costs one
/// allocation. One that nobody waits for is completed at its end of life, and where the thread may not call MPI then, its
/// memory is never freed.
public struct OwnedRequest<Value>: ~Copyable {
  let operation: OwnedOperation<Value>

  init(_ operation: OwnedOperation<Value>) { self.operation = operation }

  deinit { operation.end() }

  /// Waits until the message has been sent or received, and gives what it owned or brought (`MPI_Wait`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/truncate`` for a message longer than asked for, and what else went wrong.
  public consuming func wait() throws(MPIError) -> Value {
    _ = try operation.advance(isWaiting: true, "MPI_Wait")
    return try operation.takeValue()
  }

  /// Waits, suspended, until the message has been sent or received, and gives what it owned or brought. Local.
  ///
  /// The cancellation of the task does nothing: see ``cancel()``.
  public nonisolated(nonsending) consuming func wait() async throws(MPIError) -> Value {
    try await operation.advanceToTheEnd()
    return try operation.takeValue()
  }

  /// Looks whether the message has been sent or received, without waiting (`MPI_Test`). Local.
  ///
  /// - Returns: Whether `wait()` would return at once.
  public mutating func test() throws(MPIError) -> Bool { try operation.advance(isWaiting: false, "MPI_Test") }

  /// Calls a receive off, unless its message is here already (`MPI_Cancel`). Local.
  ///
  /// - Returns: What was received all the same; `nil` when the receive was cancelled, and the message, if one comes, is
  ///   left for another receive.
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` for a send, which MPI cannot call off; it is completed then.
  public consuming func cancel() throws(MPIError) -> Value? { try operation.cancel() }
}

extension OwnedRequest: @unchecked Sendable where Value: Sendable {}

/// What an ``OwnedRequest`` owns: the message's memory, the request once there is one, and what to make of them.
final class OwnedOperation<Value> {
  /// How the message of a receive of unknown length is found, and received once it is there.
  struct Search {
    let communicator: Communicator
    let source: CInt
    let tag: CInt
    let take: (consuming MatchedMessage) throws(MPIError) -> CMPI_Request
  }

  typealias Finish = (CMPI_Status) throws(MPIError) -> Value

  private var handle: CMPI_Request
  private let place: RequestPlace
  private var search: Search?
  private var finish: Finish?
  private var status = CMPI_Status()

  /// A message that is on its way.
  init(_ handle: CMPI_Request, _ place: RequestPlace, _ finish: @escaping Finish) {
    self.handle = handle
    self.place = place
    self.finish = finish
  }

  /// A message that is still to be found.
  init(searching search: Search, _ place: RequestPlace, _ finish: @escaping Finish) {
    handle = cmpi_request_null()
    self.place = place
    self.search = search
    self.finish = finish
  }

  /// Goes on with it, to the end if told to wait; returns whether it is complete.
  func advance(isWaiting: Bool, _ procedure: StaticString) throws(MPIError) -> Bool {
    if let search {
      guard let message = try search.communicator.found(search.source, search.tag, isWaiting: isWaiting) else {
        return false
      }
      try take(message, search)
    }
    guard !cmpi_request_is_null(handle) else { return true }
    var flag: CInt = 1
    var code: CInt = 0
    if isWaiting { status = cmpi_waited(handle, &code) } else { code = cmpi_test(&handle, &flag, &status) }
    guard code == 0 else {
      // What the gate refuses stays pending.
      if code > 0 { (handle, finish) = (cmpi_request_null(), nil) }
      throw place.failure(code, procedure)
    }
    if flag != 0 { handle = cmpi_request_null() }
    return flag != 0
  }

  /// As ``advance(isWaiting:_:)``, suspended until it is complete.
  nonisolated(nonsending) func advanceToTheEnd() async throws(MPIError) {
    if let search {
      let message = try await search.communicator.found(search.source, search.tag, isCancellable: false)
      try take(message, search)
    }
    guard !cmpi_request_is_null(handle) else { return }
    let outcome = await completion(of: handle, isCancellable: false)
    status = outcome.status
    if outcome.code >= 0 { handle = cmpi_request_null() }
    guard outcome.code == 0 else {
      if outcome.code > 0 { finish = nil }
      throw place.failure(outcome.code, "MPI_Wait")
    }
  }

  /// Starts to receive the message that was found; it is gone if that fails.
  private func take(_ message: consuming MatchedMessage, _ search: Search) throws(MPIError) {
    self.search = nil
    do throws(MPIError) { handle = try search.take(message) } catch {
      finish = nil
      throw error
    }
  }

  /// What a complete one has brought; once.
  func takeValue() throws(MPIError) -> Value {
    guard let finish else { throw place.failure(cmpi_error_code(CInt(CMPI_CLASS_REQUEST.rawValue)), "MPI_Wait") }
    self.finish = nil
    return try finish(status)
  }

  func cancel() throws(MPIError) -> Value? {
    guard search == nil else { return nil }
    guard !cmpi_request_is_null(handle) else { return try takeValue() }
    let (handle, status) = (handle, status)
    self.handle = cmpi_request_null()
    guard let outcome = try cancelRequest(handle, nil, place, status) else {
      finish = nil
      return nil
    }
    self.status = outcome.raw
    return try takeValue()
  }

  /// The end of the owner's life: MPI must not use the memory any more when it is freed.
  func end() {
    guard !cmpi_request_is_null(handle), !cmpi_complete_forgotten(handle) else { return }
    _ = Unmanaged.passRetained(self)
  }
}
