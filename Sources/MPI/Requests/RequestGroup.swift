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
  /// The requests, null once they are complete; see `makeRoom`.
  @usableFromInline var handles: UnsafeMutablePointer<CMPI_Request>
  /// What is known of each.
  @usableFromInline var marks: UnsafeMutablePointer<RequestMarks>
  /// How many requests there is room for.
  @usableFromInline var capacity = 0
  @usableFromInline var storedCount = 0
  /// Where the first one comes from, and all that are not in ``exceptions``.
  @usableFromInline var place: RequestPlace
  /// What is particular about some requests, by number.
  var exceptions: [Int: RequestException]?
  /// The errors of those that failed, by number.
  var failures: [Int: MPIError]?
  /// How many of them are known to be complete.
  var completeCount = 0
  /// How many at the start are known to be complete, without being marked so.
  var completeStart = 0

  /// A group of no requests.
  @_lifetime(immortal)
  public init() {
    // Never used: there is room for none.
    handles = UnsafeMutablePointer(bitPattern: MemoryLayout<CMPI_Request>.alignment)!
    marks = UnsafeMutablePointer(bitPattern: MemoryLayout<RequestMarks>.alignment)!
    place = .nowhere
  }

  deinit {
    if completeCount < count {
      for index in 0..<count where !isComplete(index) {
        completeForgotten(handles[index], exceptions?[index]?.keeper)
      }
    }
    if capacity > 0 { cmpi_room_give(statuses) }
  }

  /// How many requests were added.
  public var count: Int { storedCount }

  /// How many of them are not known to be complete.
  public var pendingCount: Int { count - completeCount }

  /// Makes room for requests, so that adding them allocates nothing.
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ count: Int) {
    if count > capacity { makeRoom(count) }
  }

  /// Takes a request over, with what it is bound to.
  ///
  /// - Returns: Its number in the group.
  @inlinable @discardableResult @_lifetime(self: copy self, copy request)
  public mutating func add(_ request: consuming Request) -> Int {
    let number = storedCount
    if _slowPath(number == capacity) { makeRoom(2 * number + 4) }
    let (handle, keeper, place, status) = request.parts()
    (handles + number).initialize(to: handle)
    (marks + number).initialize(to: place.marks)
    storedCount = number &+ 1
    if _slowPath(keeper != nil || place.isComplete || !place.isSame(as: self.place)) {
      noteException(number, keeper, place, status)
    }
    return number
  }

  /// Notes what is particular about a request; one that `test` has found complete keeps what it was told.
  @usableFromInline @inline(never) @_lifetime(self: copy self)
  mutating func noteException(
    _ index: Int, _ keeper: Kept?, _ place: RequestPlace, _ status: CMPI_Status
  ) {
    if index == 0 { self.place = place }
    if keeper != nil || !place.isSame(as: self.place) {
      let exception = RequestException(keeper: keeper, place: place)
      exceptions = (exceptions ?? [:]).merging([index: exception]) { $1 }
    }
    guard place.isComplete else { return }
    marks[index].remove(.complete)
    settle(index, 0, "MPI_Wait", status)
  }

  /// Where a request comes from.
  func place(of index: Int) -> RequestPlace {
    var place = exceptions?[index]?.place ?? place
    place.marks = marks[index]
    return place
  }

  /// Notes that a request is complete, with its code and what is left to do.
  @_lifetime(self: copy self)
  mutating func settle(_ index: Int, _ code: CInt, _ procedure: StaticString, _ status: CMPI_Status) {
    guard !isComplete(index) else { return }
    handles[index] = cmpi_request_null()
    marks[index].insert(.complete)
    completeCount += 1
    statuses[index] = status
    let keeper = exceptions?[index]?.keeper
    do throws(MPIError) {
      guard code == 0 else { throw requestFailure(code, procedure, keeper, place(of: index)) }
      try keeper?.finish()
    } catch {
      fail(index, error)
    }
  }

  /// Notes the error of a request that is complete.
  @_lifetime(self: copy self)
  mutating func fail(_ index: Int, _ error: MPIError) { failures = (failures ?? [:]).merging([index: error]) { $1 } }

  /// Whether a request is known to be complete.
  func isComplete(_ index: Int) -> Bool { index < completeStart || marks[index].contains(.complete) }

  /// The outcome of a request; `nil` when it is not known to be complete.
  func outcome(_ index: Int) -> Result<Status, MPIError>? {
    guard isComplete(index) else { return nil }
    return failures?[index].map { .failure($0) } ?? .success(Status(statuses[index]))
  }

  /// The first error of all requests, which are complete.
  func throwFirst() throws(MPIError) {
    if let first = failures?.min(by: { $0.key < $1.key }) { throw first.value }
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
  /// Given away by ``RequestGroup/waitAny()`` or one of its relatives.
  static var reported: Self { Self(rawValue: 4) }
}

/// What is particular about a request of a group: what it keeps, or that it comes from elsewhere than the first one.
struct RequestException {
  let keeper: Kept?
  let place: RequestPlace
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
