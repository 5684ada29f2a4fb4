public import CMPI

/// What a persistent request is beside its memory.
@frozen @usableFromInline
struct PersistentParts {
  /// What starts the nonblocking twin of a collective, where MPI has no persistent one that works.
  @usableFromInline typealias Twin = () throws(MPIError) -> RequestParts

  /// The request; null where the twin is started.
  @usableFromInline var handle: CMPI_Request
  @usableFromInline let place: RequestPlace
  /// What must live as long as the request: a closure, arrays of counts, layouts.
  @usableFromInline let keeper: RequestKeeper?
  @usableFromInline let twin: Twin?

  init(_ handle: CMPI_Request, _ place: RequestPlace, keeping keeper: RequestKeeper? = nil, twin: Twin? = nil) {
    self.handle = handle
    self.place = place
    self.keeper = keeper
    self.twin = twin
  }

  /// Starts a round; the caller binds it to the memory.
  @inlinable @inline(__always) @_lifetime(immortal)
  func start() throws(MPIError) -> Request {
    // Apart from what both have, so that nothing of it has to be put together.
    let request: CMPI_Request
    let kept: Kept?
    if _slowPath(twin != nil) {
      (request, kept) = try startTwin()
    } else {
      var started = handle
      let code = cmpi_start(&started)
      if _slowPath(code != 0) { throw startError(code) }
      (request, kept) = (started, nil)
    }
    return Request(request, RequestPlace(pending: place), kept: kept)
  }

  /// What was started is not complete yet.
  @usableFromInline @inline(never)
  func startTwin() throws(MPIError) -> (CMPI_Request, Kept?) {
    let (request, kept, _, _) = try twin!()
    return (request, kept)
  }

  @usableFromInline @inline(never)
  func startError(_ code: CInt) -> MPIError { place.failure(code, "MPI_Start") }

  /// Starts a round of many (`MPI_Startall`). Collectives that this MPI cannot prepare are started first, one by one.
  ///
  /// What was started before an error is completed before it is thrown.
  @_lifetime(immortal)
  static func startAll(_ all: [PersistentParts]) throws(MPIError) -> RequestGroup {
    var started: [RequestParts?] = []
    started.reserveCapacity(all.count)
    var handles: [CMPI_Request] = []
    var failure: MPIError?
    for parts in all where failure == nil {
      guard let twin = parts.twin else {
        handles.append(parts.handle)
        started.append(nil)
        continue
      }
      do throws(MPIError) { started.append(try twin()) } catch { failure = error }
    }
    if failure == nil, let place = all.first?.place, !handles.isEmpty {
      let code = cmpi_startall(CInt(handles.count), &handles)
      if code != 0 { failure = place.failure(code, "MPI_Startall") }
    }
    var group = RequestGroup()
    group.reserveCapacity(all.count)
    for (parts, request) in zip(all, started) {
      if let request {
        group.add(Request(request))
      } else if failure == nil {
        group.add(Request(parts.handle, RequestPlace(pending: parts.place)))
      }
    }
    // What was started completes at the end of its group.
    if let failure { throw failure }
    return group
  }

  /// Frees the request, between rounds.
  @usableFromInline
  func release() { cmpi_request_release(handle) }

  /// Whoever was given it releases it.
  mutating func take() -> PersistentParts {
    let taken = self
    handle = cmpi_request_null()
    return taken
  }
}
