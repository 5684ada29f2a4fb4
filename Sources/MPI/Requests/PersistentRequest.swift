internal import CMPI

/// A message or collective operation that is prepared once and run any number of times, over the same memory.
///
/// ```swift
/// var halo = try world.makeReceive(into: &ghost, from: left)
/// for _ in 0..<steps {
///   let round = try halo.start()
///   computeInterior()
///   try round.wait()
///   halo.withValues { ghost in computeEdge(ghost) }
/// }
/// ```
///
/// The memory belongs to the persistent request until its end, and is reached through ``withValues(_:)`` between rounds.
/// During a round, which is a ``Request``, the persistent request itself cannot be used: the compiler sees to both.
public struct PersistentRequest<Element: Datatype>: ~Copyable, ~Escapable {
  /// What starts the nonblocking twin of a collective, where MPI has no persistent one that works.
  typealias Twin = (UnsafeMutableBufferPointer<Element>) throws(MPIError) -> RequestParts

  private var handle: CMPI_Request
  private let twin: Twin?
  private let place: RequestPlace
  /// The closure of a reduction.
  private let kept: AnyObject?
  private var values: MutableSpan<Element>

  @_lifetime(copy values)
  init(
    _ handle: CMPI_Request, _ place: RequestPlace, _ values: consuming MutableSpan<Element>, _ kept: AnyObject? = nil,
    twin: Twin? = nil
  ) {
    self.handle = handle
    self.place = place
    self.kept = kept
    self.values = values
    self.twin = twin
  }

  deinit { cmpi_request_release(handle) }

  /// Starts a round (`MPI_Start`, or the nonblocking collective where this MPI has no persistent one that works).
  ///
  /// Local for a message; for a collective all ranks start it, in the same order as others. Does not wait.
  ///
  /// - Returns: The round on its way.
  @_lifetime(&self)
  public mutating func start() throws(MPIError) -> Request {
    if let twin { return bound(Request(try twin(values.pointers)), mutating: &self) }
    var request = handle
    let code = cmpi_start(&request)
    if code != 0 { throw place.failure(code, "MPI_Start") }
    return bound(Request(request, place), mutating: &self)
  }

  /// Lends the memory, to be filled before a round or read after it.
  @_lifetime(self: copy self)
  public mutating func withValues<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(&values)
  }
}

extension PersistentRequest {
  /// What it consists of; who takes it releases it.
  consuming func parts() -> (CMPI_Request, Twin?, RequestPlace, AnyObject?, UnsafeMutableBufferPointer<Element>) {
    let parts = (handle, twin, place, kept, values.pointers)
    handle = cmpi_request_null()
    return parts
  }
}
