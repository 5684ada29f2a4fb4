public import CMPI

/// A message or collective operation on its way, bound to the memory that it uses.
///
/// ```swift
/// let receiving = try world.startReceive(into: &ghost, from: left)
/// let sending = try world.startSend(edge.span, to: right)
/// computeInterior()
/// try sending.wait()
/// let status = try receiving.wait()
/// ```
///
/// Until the request is complete the compiler refuses every use of the memory that would race with MPI: reading or
/// changing what is being received, changing what is being sent, moving or freeing either. A request is waited for once;
/// it can be neither copied nor stored nor returned out of the scope of its memory.
///
/// One that nobody waits for is completed at its end of life: the deinitialiser waits. After MPI was finalised it does
/// nothing. Where an error is thrown past it and it does not complete, that error is told after 5 seconds, and ends the job
/// after 60 (`SWIFT_MPI_CHECK_TIMEOUT`).
@frozen
public struct Request: ~Copyable, ~Escapable {
  @usableFromInline var handle: CMPI_Request
  @usableFromInline var keeper: Kept?
  @usableFromInline var place: RequestPlace
  /// The outcome of a request that ``test()`` has found complete.
  @usableFromInline var status: CMPI_Status

  /// Takes over a request that MPI has just started; the caller binds it to its memory.
  @inlinable @inline(__always) @_lifetime(immortal)
  init(_ handle: CMPI_Request, _ place: RequestPlace, keeping keeper: RequestKeeper? = nil) {
    self.handle = handle
    self.place = place
    self.keeper = keeper.map { Kept($0) }
    status = CMPI_Status()
  }

  /// Takes over a request with what it keeps.
  @inlinable @inline(__always) @_lifetime(immortal)
  init(_ handle: CMPI_Request, _ place: RequestPlace, kept: Kept?) {
    self.handle = handle
    self.place = place
    keeper = kept
    status = CMPI_Status()
  }

  /// Takes over a request for which CMPI has kept memory, or has not.
  @inlinable @inline(__always) @_lifetime(immortal)
  init(_ handle: CMPI_Request, _ place: RequestPlace, keepingMemory memory: UnsafeMutableRawPointer?) {
    self.handle = handle
    self.place = place
    keeper = _slowPath(memory != nil) ? keeping(memory) : nil
    status = CMPI_Status()
  }

  @inlinable
  deinit { if _slowPath(!cmpi_request_is_null(handle) || keeper != nil) { completeForgotten(handle, keeper) } }

  /// Waits until the operation is complete and its memory may be used again (`MPI_Wait`). Local.
  ///
  /// - Returns: For a receive, where the message came from and how long it is; for others nothing of interest.
  /// - Throws: ``MPIError`` of class ``MPIError/truncate`` for a message longer than its buffer, ``MPIError/finalized``
  ///   when MPI ended before, and what else went wrong on the way.
  @inlinable @inline(__always) @discardableResult
  public consuming func wait() throws(MPIError) -> Status {
    let handle = handle
    let keeper = keeper
    let place = place
    let kept = status
    discard self
    // Known when the wait follows the start.
    if place.isComplete { return try completed(kept, keeper, place) }
    var code: CInt = 0
    let status = cmpi_waited(handle, &code)
    if _slowPath(code != 0) { throw requestFailure(code, "MPI_Wait", keeper, place) }
    if place.marks.contains(.keeps) {
      try keeper.unsafelyUnwrapped.finish()
    } else if let keeper {
      try keeper.finish()
    }
    return Status(status)
  }

  /// Looks whether the operation is complete, without waiting (`MPI_Test`). Local.
  ///
  /// The memory stays bound until the request's end: follow a result by `wait()`, which then returns at once.
  ///
  /// - Returns: The status once the operation is complete, `nil` before.
  @inlinable @discardableResult @_lifetime(self: copy self)
  public mutating func test() throws(MPIError) -> Status? {
    if cmpi_request_is_null(handle) { return Status(status) }
    // Copies: the address of a part of what does not escape cannot be taken.
    var (request, result) = (handle, status)
    var flag: CInt = 0
    let code = cmpi_test(&request, &flag, &result)
    if _slowPath(code != 0) {
      let kept = keeper
      // What the gate refuses stays pending; what the ranks do not agree on is left to MPI, with what is kept for it.
      if code > 0 || cmpi_is_refusal(code) {
        (handle, keeper) = (cmpi_request_null(), nil)
        place.marks.insert(.complete)
      }
      throw requestFailure(code, "MPI_Test", code > 0 ? kept : nil, place)
    }
    guard flag != 0 else { return nil }
    // Also where it is a persistent one, which MPI does not set to null.
    (handle, status) = (cmpi_request_null(), result)
    place.marks.insert(.complete)
    return Status(result)
  }

  /// Calls a receive off, unless its message is here already (`MPI_Cancel`, `MPI_Wait`, `MPI_Test_cancelled`). Local.
  ///
  /// - Returns: The status of a message that was received all the same; `nil` when the receive was cancelled and the
  ///   message, if one comes, is left for another receive.
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` for a send or a collective, which MPI cannot call off; the
  ///   request is completed then as by `wait()`.
  @inlinable @discardableResult
  public consuming func cancel() throws(MPIError) -> Status? {
    let handle = handle
    let keeper = keeper
    let place = place
    let kept = status
    discard self
    return try cancelRequest(handle, keeper, place, kept)
  }
}

/// What is known of a request for its error messages, and whether it can be cancelled.
@frozen @usableFromInline
struct RequestPlace {
  @usableFromInline let place: Place
  @usableFromInline var marks: RequestMarks

  @inlinable var rank: Int32 { place.rank }
  @inlinable var size: Int32 { place.size }

  @inlinable var isReceive: Bool { marks.contains(.receive) }
  /// Whether the request was found complete, and is null.
  @inlinable var isComplete: Bool { marks.contains(.complete) }

  @inlinable @inline(__always)
  init(_ communicator: Communicator, isReceive: Bool = false) {
    place = communicator.place
    marks = isReceive ? .receive : []
  }

  /// The place of a request under way.
  @inlinable @inline(__always)
  init(pending other: RequestPlace) {
    place = other.place
    marks = other.isReceive ? .receive : []
  }

  /// All but whether it is complete, in one word: no communicator is so large that a rank in it needs bit 30.
  @inlinable @inline(__always)
  var packed: UInt64 { place.word | (isReceive ? 1 &<< 30 : 0) }

  init(packed: UInt64) {
    // A negative number, of a communicator that has no rank yet, has all bits as they are.
    let isReceive = packed & (3 &<< 30) == 1 &<< 30
    place = Place(word: isReceive ? packed & ~(1 &<< 30) : packed)
    marks = isReceive ? .receive : []
  }

  /// That of no request.
  static var nowhere: RequestPlace { RequestPlace() }

  private init() { (place, marks) = (Place(rank: -1, size: -1), []) }

  /// An error of a request: a code of MPI, or of the gate.
  func failure(_ code: CInt, _ procedure: StaticString) -> MPIError { MPIError(code: code, procedure, place: self) }
}
