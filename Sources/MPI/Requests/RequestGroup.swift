public import CMPI

/// Any number of requests, waited for together or as they are completed, each bound to its memory as before.
///
/// ```swift
/// var group = RequestGroup()
/// var pieces = ghosts.mutableSpan.chunks(of: width)
/// for neighbour in neighbours {
///   group.add(try world.startReceive(into: pieces.next()!, from: neighbour))
///   group.add(try world.startSend(edge.span, to: neighbour))
/// }
/// computeInterior()
/// try group.waitAll()
/// ```
///
/// Requests have numbers from 0 in the order in which they were added. All memory stays bound until the group's end, whose
/// deinitialiser waits for what is still pending. Adding costs amortised O(1), with no allocation for each.
public struct RequestGroup: ~Copyable, ~Escapable {
  /// The requests.
  @usableFromInline var room: RequestRoom
  /// What is particular about some requests: its owner is the group.
  @usableFromInline var noted: Unmanaged<RequestNotes>?
  /// How many of them are known to be complete.
  @usableFromInline var completeCount: Int
  /// How many at the start are known to be complete, without being marked so.
  @usableFromInline var completeStart: Int
  /// How many have marks.
  @usableFromInline var markedCount: Int

  /// A group of no requests.
  @inlinable @_lifetime(immortal)
  public init() {
    room = RequestRoom()
    noted = nil
    completeCount = 0
    completeStart = 0
    markedCount = 0
  }

  deinit {
    if _slowPath(completeCount < count) {
      for index in 0..<count where !isComplete(index) {
        completeForgotten(handles[index], notes?.keepers[index])
      }
    }
    if room.limit != room.start { cmpi_room_give(room.start) }
    if let noted { noted.release() }
  }

  /// The requests, null once they are complete.
  @inlinable @inline(__always)
  var handles: UnsafeMutablePointer<CMPI_Request> { room.start }

  /// What is particular about some requests.
  var notes: RequestNotes? { noted?.takeUnretainedValue() }

  /// How many requests were added.
  @inlinable
  public var count: Int { room.count }

  /// How many of them are not known to be complete.
  public var pendingCount: Int { count - completeCount }

  /// Makes room for requests, so that adding them allocates nothing.
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ count: Int) {
    if count > room.capacity { room = RequestRoom(count, with: room) }
  }

  /// Takes a request over, with what it is bound to.
  ///
  /// - Returns: Its number in the group.
  @inlinable @inline(__always) @discardableResult @_lifetime(self: copy self, copy request)
  public mutating func add(_ request: consuming Request) -> Int {
    // By values, here and back: what does not lie in memory for the sake of a call is counted in registers.
    if _slowPath(room.next == room.limit) { room = RequestRoom(2 * room.count + 4, with: room) }
    let (handle, keeper, place, status) = request.parts()
    let slot = room.next
    slot.initialize(to: handle)
    room.placeSlot(of: slot).initialize(to: place.packed)
    room.next = slot + 1
    let number = RequestRoom.distance(room.start, slot)
    if _slowPath(keeper != nil || place.isComplete) { note(number, keeper, isComplete: place.isComplete, status) }
    return number
  }

  /// Notes what is particular about a request; one that `test` has found complete keeps what it was told.
  @usableFromInline @inline(never) @_lifetime(self: copy self)
  mutating func note(_ index: Int, _ keeper: Kept?, isComplete: Bool, _ status: CMPI_Status) {
    if let keeper { takeNotes().keepers[index] = keeper }
    if isComplete { settle(index, 0, "MPI_Wait", status) }
  }

  /// The notes, from now on.
  @_lifetime(self: copy self)
  mutating func takeNotes() -> RequestNotes {
    if let notes { return notes }
    let new = RequestNotes()
    noted = Unmanaged.passRetained(new)
    return new
  }

  /// Where a request comes from.
  func place(of index: Int) -> RequestPlace { RequestPlace(packed: room.places[index]) }

  /// Where the first one comes from.
  var place: RequestPlace { count > 0 ? place(of: 0) : .nowhere }

  /// Notes that a request is complete, with its code and what is left to do.
  @_lifetime(self: copy self)
  mutating func settle(_ index: Int, _ code: CInt, _ procedure: StaticString, _ status: CMPI_Status) {
    guard !isComplete(index) else { return }
    handles[index] = cmpi_request_null()
    mark(index, .complete)
    completeCount += 1
    let statuses = room.statuses
    statuses[index] = status
    let keeper = notes?.keepers[index]
    do throws(MPIError) {
      guard code == 0 else { throw requestFailure(code, procedure, keeper, place(of: index)) }
      try keeper?.finish()
    } catch {
      fail(index, error)
    }
  }

  /// Notes the error of a request that is complete.
  @_lifetime(self: copy self)
  mutating func fail(_ index: Int, _ error: MPIError) { takeNotes().failures[index] = error }

  /// Whether a request is known to be complete.
  func isComplete(_ index: Int) -> Bool { index < completeStart || marks(of: index).contains(.complete) }

  /// What is known of a request.
  func marks(of index: Int) -> RequestMarks { index < markedCount ? room.marks[index] : [] }

  /// Notes what is known of a request; most groups have none of which anything is.
  @_lifetime(self: copy self)
  mutating func mark(_ index: Int, _ mark: RequestMarks) {
    let marks = room.marks
    if index >= markedCount {
      (marks + markedCount).update(repeating: [], count: count - markedCount)
      markedCount = count
    }
    marks[index].insert(mark)
  }

  /// The outcome of a request; `nil` when it is not known to be complete.
  func outcome(_ index: Int) -> Result<Status, MPIError>? {
    guard isComplete(index) else { return nil }
    return notes?.failures[index].map { .failure($0) } ?? .success(Status(room.statuses[index]))
  }

  /// The first error of all requests, which are complete.
  func throwFirst() throws(MPIError) {
    if let first = notes?.failures.min(by: { $0.key < $1.key }) { throw first.value }
  }
}

/// What is known of every request, and of those of a group.
@frozen @usableFromInline
struct RequestMarks: OptionSet {
  @usableFromInline var rawValue: UInt8

  @inlinable @inline(__always)
  init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable static var receive: Self { Self(rawValue: 1) }
  @inlinable static var complete: Self { Self(rawValue: 2) }
  /// Of one that is not complete: it keeps something, which need not be asked.
  @inlinable static var keeps: Self { Self(rawValue: 8) }
  /// Given away by ``RequestGroup/waitAny()`` or one of its relatives.
  static var reported: Self { Self(rawValue: 4) }
}

/// What is particular about some requests of a group, by number.
@usableFromInline
final class RequestNotes {
  /// What they keep.
  var keepers: [Int: Kept] = [:]
  /// The errors of those that failed.
  var failures: [Int: MPIError] = [:]
}

/// What a request consists of.
@usableFromInline
typealias RequestParts = (CMPI_Request, Kept?, RequestPlace, CMPI_Status)

extension Request {
  /// What the request consists of; who takes it completes it.
  @inlinable @inline(__always)
  consuming func parts() -> RequestParts {
    let parts = (handle, keeper, place, status)
    discard self
    return parts
  }

  /// The request of its parts.
  @_lifetime(immortal)
  init(_ parts: RequestParts) {
    (handle, keeper, place, status) = parts
  }
}

/// The end of one request of a ``RequestGroup``.
public struct Completion: Sendable {
  /// The number of the request in its group.
  public let index: Int

  /// Its status, or what went wrong with it.
  public let result: Result<Status, MPIError>

  /// Its status; throws what went wrong with it.
  public var status: Status { get throws(MPIError) { try result.get() } }
}
