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
  var handles: [CMPI_Request] = []
  var entries: [Entry] = []

  /// What is known of one request, and its outcome once it is complete.
  struct Entry {
    var keeper: Unmanaged<RequestKeeper>?
    var place: RequestPlace
    var outcome: Result<Status, MPIError>?
    /// Whether ``RequestGroup/waitAny()`` and its relatives have given the outcome away.
    var isReported = false
  }

  /// A group of no requests.
  @_lifetime(immortal)
  public init() {}

  deinit {
    for (handle, entry) in zip(handles, entries) where entry.outcome == nil { completeForgotten(handle, entry.keeper) }
  }

  /// How many requests were added.
  public var count: Int { handles.count }

  /// How many of them are not known to be complete.
  public var pendingCount: Int { entries.count { $0.outcome == nil } }

  /// Makes room for requests, so that adding them allocates nothing.
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ count: Int) {
    handles.reserveCapacity(count)
    entries.reserveCapacity(count)
  }

  /// Takes a request over, with what it is bound to.
  ///
  /// - Returns: Its number in the group.
  @discardableResult @_lifetime(self: copy self, copy request)
  public mutating func add(_ request: consuming Request) -> Int {
    let (handle, keeper, place, status) = request.parts()
    // One that `test` has found complete keeps what it was told.
    let isComplete = cmpi_request_is_null(handle)
    handles.append(handle)
    entries.append(Entry(keeper: isComplete ? nil : keeper, place: place))
    if isComplete { entries[entries.count - 1].outcome = Self.outcome(0, "MPI_Wait", status, keeper, place) }
    return handles.count - 1
  }

  /// The outcome of one request that MPI has completed.
  static func outcome(
    _ code: CInt, _ procedure: StaticString, _ status: CMPI_Status, _ keeper: Unmanaged<RequestKeeper>?,
    _ place: RequestPlace
  ) -> Result<Status, MPIError> {
    Result { () throws(MPIError) in
      guard code == 0 else { throw requestFailure(code, procedure, keeper, place) }
      try keeper?.finish(place)
      return Status(status)
    }
  }

  /// Notes that a request is complete.
  @_lifetime(self: copy self)
  mutating func settle(_ index: Int, _ code: CInt, _ procedure: StaticString, _ status: CMPI_Status) {
    let entry = entries[index]
    guard entry.outcome == nil else { return }
    handles[index] = cmpi_request_null()
    entries[index].keeper = nil
    entries[index].outcome = Self.outcome(code, procedure, status, entry.keeper, entry.place)
  }
}

/// What a request consists of.
@usableFromInline
typealias RequestParts = (CMPI_Request, Unmanaged<RequestKeeper>?, RequestPlace, CMPI_Status)

extension Request {
  /// What the request consists of; who takes it completes it.
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
