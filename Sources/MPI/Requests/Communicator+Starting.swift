public import CMPI

extension Communicator {
  /// The one road of all nonblocking collectives: takes over what was started, and keeps what CMPI says must be kept.
  @inlinable @inline(__always) @_lifetime(immortal)
  final func started(_ procedure: StaticString, _ outcome: CMPI_Started) throws(MPIError) -> Request {
    if _slowPath(outcome.code != 0) { throw startFailure(outcome.code, procedure) }
    return Request(outcome.request, RequestPlace(self), keepingMemory: outcome.kept)
  }

  /// The same of those that use counted memory of CMPI, such as the numbers of blocks, one owner of which the request is.
  @inlinable @inline(__always)
  final func started(
    _ procedure: StaticString, _ outcome: CMPI_Started, keeping numbers: UnsafePointer<CInt>
  ) throws(MPIError) -> StartedBlocks {
    if _slowPath(outcome.code != 0) { throw startFailure(outcome.code, procedure) }
    return StartedBlocks(outcome.request, Kept(numbers: numbers))
  }

  /// The same of a rank that has no blocks to keep.
  @inlinable @inline(__always)
  final func startedPlainly(_ procedure: StaticString, _ outcome: CMPI_Started) throws(MPIError) -> StartedBlocks {
    if _slowPath(outcome.code != 0) { throw startFailure(outcome.code, procedure) }
    return StartedBlocks(outcome.request)
  }

  /// The same of those that use two blocks, the second of which the outcome keeps already.
  @usableFromInline @inline(never)
  final func started(
    _ procedure: StaticString, _ outcome: CMPI_Started, keeping outgoing: Blocks, and incoming: Blocks
  ) throws(MPIError) -> StartedBlocks {
    if outcome.code != 0 { throw startFailure(outcome.code, procedure) }
    let keeper = outgoing.kept(with: incoming)
    cmpi_numbers_drop(incoming.narrow.counts)
    return StartedBlocks(outcome.request, keeper)
  }

  /// The same of those with counts for each rank.
  ///
  /// - Parameters:
  ///   - procedure: The MPI procedure.
  ///   - call: Starts it; fills the request, and what CMPI keeps for it.
  @_lifetime(immortal)
  final func started(
    _ procedure: StaticString,
    _ call: (UnsafeMutablePointer<CMPI_Request>, UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> CInt
  ) throws(MPIError) -> Request {
    var outcome = CMPI_Started()
    outcome.code = call(&outcome.request, &outcome.kept)
    return try started(procedure, outcome)
  }

  /// The one road of all nonblocking reductions, as ``combine(_:_:_:into:_:)`` is of the blocking ones.
  ///
  /// A closure lives until the request is complete. The values of one that may throw travel in memory of their own and are
  /// put into the result at the request's end.
  ///
  /// - Parameters:
  ///   - procedure: The MPI procedure.
  ///   - reduction: How two values become one.
  ///   - values: What this rank gives; `nil` when it gives what lies in `result`.
  ///   - result: Where the result goes; `nil` where this rank gets none.
  ///   - call: Starts it: outgoing, incoming, datatype, operation, units per value, request, what is kept.
  @inlinable @inline(__always) @_lifetime(immortal)
  final func startCombining<Element: Datatype>(
    _ procedure: StaticString, _ reduction: Reduction<Element>, _ values: UnsafeBufferPointer<Element>?,
    into result: UnsafeMutableBufferPointer<Element>?,
    _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op, Int64) -> CMPI_Started
  ) throws(MPIError) -> Request {
    if !_isPOD(Element.self) { throw notTrivial(Element.self) }
    if let closure = reduction.closure {
      return try startCombining(procedure, closure, values, into: result, call)
    }
    let outgoing = values == nil ? cmpi_in_place() : UnsafeRawPointer(values!.baseAddress)
    let outcome = call(
      outgoing, UnsafeMutableRawPointer(result?.baseAddress), try Element.datatype.handle, reduction.operation,
      Int64(Element.unitsPerValue))
    return try started(procedure, outcome)
  }

  /// The same for a closure.
  @usableFromInline @inline(never) @_lifetime(immortal)
  final func startCombining<Element: Datatype>(
    _ procedure: StaticString, _ closure: ReductionClosure<Element>, _ values: UnsafeBufferPointer<Element>?,
    into result: UnsafeMutableBufferPointer<Element>?,
    _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op, Int64) -> CMPI_Started
  ) throws(MPIError) -> Request {
    try enter(procedure, self)
    let operation = try closure.operation(procedure)
    if closure.mayThrow {
      let travelling = try TravellingValues(closure, values ?? UnsafeBufferPointer(result!), result, procedure, self)
      let into = result == nil ? nil : UnsafeMutableRawPointer(travelling.incoming.baseAddress)
      let outcome = call(travelling.outgoing.baseAddress, into, travelling.carrier.type, operation, 1)
      if outcome.code != 0 { throw startFailure(outcome.code, procedure) }
      let keeper = RequestKeeper(memory: outcome.kept) { () throws(MPIError) in try travelling.arrive() }
      return Request(outcome.request, RequestPlace(self), keeping: keeper)
    }
    let incoming = UnsafeMutableRawPointer(result?.baseAddress)
    let outgoing = values == nil ? cmpi_in_place() : UnsafeRawPointer(values!.baseAddress)
    let type = try closure.plainType(procedure)
    let outcome = call(outgoing, incoming, type, operation, 1)
    if outcome.code != 0 { throw startFailure(outcome.code, procedure) }
    return Request(outcome.request, RequestPlace(self), keeping: RequestKeeper(memory: outcome.kept, closure))
  }

  /// The error of a start that failed, which says why where this MPI cannot.
  @usableFromInline @inline(never)
  final func startFailure(_ code: CInt, _ procedure: StaticString) -> MPIError {
    let error = failure(code, procedure, self)
    guard error.errorClass == MPIError.unsupported else { return error }
    return MPIError(
      MPIError.unsupported, procedure, self,
      message: "this MPI does not start it with these counts or this reduction; the blocking call does it")
  }
}

/// What the ways of starting a collective with blocks, the fast one and the others, give: always with something that is
/// kept, so that nobody has to ask.
@frozen @usableFromInline
struct StartedBlocks {
  @usableFromInline let handle: CMPI_Request
  @usableFromInline let kept: Kept

  @inlinable @inline(__always)
  init(_ handle: CMPI_Request, _ kept: Kept) { (self.handle, self.kept) = (handle, kept) }

  /// That of a start which keeps nothing.
  @inlinable @inline(__always)
  init(_ handle: CMPI_Request) { self.init(handle, Kept(numbers: cmpi_numbers_of_none())) }

  /// That of a request, which is not complete yet.
  init(_ request: consuming Request) {
    let (handle, keeper, _, _) = request.parts()
    self.init(handle, keeper ?? Kept(RequestKeeper()))
  }
}

extension Request {
  @inlinable @inline(__always) @_lifetime(immortal)
  init(_ started: StartedBlocks, _ place: RequestPlace) {
    var place = place
    place.marks.insert(.keeps)
    self.init(started.handle, place, kept: started.kept)
  }
}

/// The values of one nonblocking reduction by a closure that may throw, on their way.
private final class TravellingValues<Element: Datatype> {
  let outgoing: UnsafeMutableBufferPointer<CheckedValue<Element>>
  let incoming: UnsafeMutableBufferPointer<CheckedValue<Element>>
  let carrier: ClosureCarrier
  private let closure: ReductionClosure<Element>
  private let result: UnsafeMutableBufferPointer<Element>?
  private let procedure: StaticString
  private let communicator: Communicator

  init(
    _ closure: ReductionClosure<Element>, _ values: UnsafeBufferPointer<Element>,
    _ result: UnsafeMutableBufferPointer<Element>?, _ procedure: StaticString, _ communicator: Communicator
  ) throws(MPIError) {
    carrier = try closure.checkedCarrier(procedure)
    outgoing = .allocate(capacity: values.count)
    _ = outgoing.initialize(from: values.lazy.map { CheckedValue($0) })
    // What MPI leaves undefined, as rank 0's result of an exclusive scan, stays as it was.
    incoming = .allocate(capacity: result?.count ?? 0)
    if let result { _ = incoming.initialize(from: result.lazy.map { CheckedValue($0) }) }
    self.closure = closure
    self.result = result
    self.procedure = procedure
    self.communicator = communicator
  }

  deinit {
    outgoing.deallocate()
    incoming.deallocate()
  }

  /// Puts what has arrived into the result, or throws what the closure threw here or elsewhere.
  func arrive() throws(MPIError) {
    if let failure = carrier.failure { throw closure.closureError(failure, procedure, communicator) }
    guard let result else { return }
    for value in incoming where value.isFailed { throw closure.closureError(nil, procedure, communicator) }
    for index in result.indices { result[index] = incoming[index].value }
  }
}
