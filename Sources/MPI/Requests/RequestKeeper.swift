public import CMPI

/// What a request needs beside the caller's memory until it is complete: arrays of counts, the closure of a reduction.
///
/// Most requests have none.
@usableFromInline
class RequestKeeper {
  /// What CMPI keeps for the call: arrays of counts, datatypes.
  private let memory: UnsafeMutableRawPointer?
  /// What must live as long as the request.
  private let kept: AnyObject?
  /// What is left to do once the request is complete.
  private let completion: (() throws(MPIError) -> Void)?

  init(
    memory: UnsafeMutableRawPointer? = nil, _ kept: AnyObject? = nil,
    completion: (() throws(MPIError) -> Void)? = nil
  ) {
    self.memory = memory
    self.kept = kept
    self.completion = completion
  }

  deinit { cmpi_kept_release(memory) }

  final func complete() throws(MPIError) { try completion?() }
}

/// Two things that are kept as one.
final class KeptPair {
  private let first: AnyObject?
  private let second: AnyObject?

  init(_ first: AnyObject?, _ second: AnyObject?) { (self.first, self.second) = (first, second) }
}

/// What keeps memory of CMPI until the end of its request.
@usableFromInline @inline(never)
func keeping(_ memory: UnsafeMutableRawPointer?) -> Kept { Kept(RequestKeeper(memory: memory)) }

/// What one request keeps, as one owner of it: the numbers of ``Blocks``, or numbers that keep a ``RequestKeeper``.
@frozen @usableFromInline
struct Kept {
  @usableFromInline let numbers: UnsafePointer<CInt>

  @usableFromInline @inline(never)
  init(_ keeper: RequestKeeper) {
    guard let numbers = cmpi_numbers_make(0, Unmanaged.passRetained(keeper).toOpaque()) else {
      preconditionFailure("no memory for what a request keeps")
    }
    self.numbers = UnsafePointer(numbers)
  }

  /// Takes over what is one owner of the numbers.
  @inlinable @inline(__always)
  init(numbers: UnsafePointer<CInt>) { self.numbers = numbers }

  /// Does what is left to do after completion, and lets go.
  @inlinable @inline(__always)
  func finish() throws(MPIError) {
    if _slowPath(cmpi_numbers_leave(numbers)) { try finishLast() }
  }

  @usableFromInline @inline(never)
  func finishLast() throws(MPIError) { try taken()?.complete() }

  /// Lets go of what failed.
  func release() {
    if cmpi_numbers_leave(numbers) { _ = taken() }
  }

  /// What the numbers keep, which have no owner any more.
  private func taken() -> RequestKeeper? {
    let object = cmpi_numbers_object(numbers)
    cmpi_numbers_free(numbers)
    return object.map { Unmanaged<RequestKeeper>.fromOpaque($0).takeRetainedValue() }
  }
}

/// The end of a request that nobody waited for. What MPI may still use, because this thread may not wait, is never freed.
@usableFromInline @inline(never)
func completeForgotten(_ handle: CMPI_Request, _ keeper: Kept?) {
  guard cmpi_request_is_null(handle) || cmpi_complete_forgotten(handle) else { return }
  try? keeper?.finish()
}

/// The outcome of a request that was complete before it was waited for.
@usableFromInline @inline(never)
func completed(
  _ status: CMPI_Status, _ keeper: Kept?, _ place: RequestPlace
) throws(MPIError) -> Status {
  try keeper?.finish()
  return Status(status)
}

/// The error of a request; one that is refused by the gate stays pending, and is never completed.
@usableFromInline @inline(never)
func requestFailure(
  _ code: CInt, _ procedure: StaticString, _ keeper: Kept?, _ place: RequestPlace
) -> MPIError {
  if code > 0 { keeper?.release() }
  return place.failure(code, procedure)
}

@usableFromInline @inline(never)
func cancelRequest(
  _ handle: CMPI_Request, _ keeper: Kept?, _ place: RequestPlace, _ status: CMPI_Status
) throws(MPIError) -> Status? {
  if cmpi_request_is_null(handle) { return try completed(status, keeper, place) }
  var handle = handle
  let cancellation = place.isReceive ? cmpi_cancel(&handle) : 0
  var code: CInt = 0
  var status = cmpi_waited(handle, &code)
  if code != 0 { throw requestFailure(code, "MPI_Cancel", keeper, place) }
  try keeper?.finish()
  if cancellation != 0 { throw place.failure(cancellation, "MPI_Cancel") }
  guard place.isReceive else {
    throw MPIError(
      MPIError.unsupported, "MPI_Cancel", place: place,
      message: "only a receive can be cancelled; the operation was completed instead")
  }
  var flag: CInt = 0
  let testing = cmpi_status_is_cancelled(&status, &flag)
  if testing != 0 { throw place.failure(testing, "MPI_Test_cancelled") }
  return flag != 0 ? nil : Status(status)
}
