internal import CMPI

extension Communicator {
  /// The one road of all persistent collectives: prepares one, and keeps what must live as long as it.
  ///
  /// Where this MPI has none, or a broken one (MPICH 4.0), for counts that it cannot be told, and for closures that may
  /// throw, each round starts the nonblocking twin.
  ///
  /// - Parameters:
  ///   - procedure: The MPI procedure.
  ///   - kept: A closure or layouts.
  ///   - isUnsupported: Whether to start the twin in any case.
  ///   - call: Prepares it; fills the request, and what CMPI keeps for it.
  ///   - twin: Starts the nonblocking collective.
  final func prepared(
    _ procedure: StaticString, keeping kept: AnyObject? = nil, isUnsupported: Bool = false,
    _ call: (UnsafeMutablePointer<CMPI_Request>, UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> CInt,
    twin: @escaping PersistentParts.Twin
  ) throws(MPIError) -> PersistentParts {
    try enter(procedure, self)
    let unsupported = CInt(CMPI_CLASS_UNSUPPORTED_OPERATION.rawValue)
    var request = cmpi_request_null()
    var memory: UnsafeMutableRawPointer?
    let code = isUnsupported ? cmpi_error_code(unsupported) : call(&request, &memory)
    guard code != 0 else {
      let isPlain = memory == nil && kept == nil
      let keeper = isPlain ? nil : RequestKeeper(memory: memory, kept)
      return PersistentParts(request, RequestPlace(self), keeping: keeper)
    }
    guard code > 0, cmpi_error_class(code) == unsupported else { throw failure(code, procedure, self) }
    return PersistentParts(cmpi_request_null(), RequestPlace(self), twin: twin)
  }

  /// The road of the reductions, whose call also gets the units, their datatype and the operation.
  final func prepared<Element: Datatype>(
    _ procedure: StaticString, _ count: Int, _ reduction: Reduction<Element>,
    _ call: (
      Int64, CMPI_Datatype, CMPI_Op, UnsafeMutablePointer<CMPI_Request>, UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> CInt,
    twin: @escaping PersistentParts.Twin
  ) throws(MPIError) -> PersistentParts {
    try enter(procedure, self)
    var wire = try WireCount(count, of: Element.self)
    var operation = reduction.operation
    let mayThrow = reduction.closure?.mayThrow ?? false
    if let closure = reduction.closure, !mayThrow {
      wire = WireCount(count, try closure.plainType(procedure))
      operation = try closure.operation(procedure)
    }
    return try prepared(
      procedure, keeping: reduction.closure, isUnsupported: mayThrow,
      { call(wire.count, wire.type, operation, $0, $1) }, twin: twin)
  }

  /// The reductions that give every rank as many values as it has given.
  ///
  /// - Parameters:
  ///   - procedure: The MPI procedure.
  ///   - values: What this rank gives; `nil` when it gives what lies in `result`.
  ///   - result: Where the result goes.
  ///   - reduction: How two values become one.
  ///   - call: Prepares it: outgoing, incoming, and what `cmpi_allreduce_init` and its kind have.
  ///   - twin: Starts the nonblocking collective.
  final func prepared<Element: Datatype>(
    _ procedure: StaticString, _ values: UnsafeMutableBufferPointer<Element>?,
    into result: UnsafeMutableBufferPointer<Element>, _ reduction: Reduction<Element>,
    _ call: (
      UnsafeRawPointer?, UnsafeMutableRawPointer?, Int64, CMPI_Datatype, CMPI_Op, CMPI_Comm,
      UnsafeMutablePointer<CMPI_Request>, UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> CInt,
    twin:
      @escaping (UnsafeBufferPointer<Element>?, UnsafeMutableBufferPointer<Element>) throws(MPIError) -> RequestParts
  ) throws(MPIError) -> PersistentParts {
    let outgoing = values == nil ? cmpi_in_place() : UnsafeRawPointer(values!.raw)
    return try prepared(procedure, result.count, reduction) {
      call(outgoing, result.raw, $0, $1, $2, handle, $3, $4)
    } twin: { () throws(MPIError) in
      try twin(values.map { UnsafeBufferPointer($0) }, result)
    }
  }
}

extension UnsafeMutableBufferPointer where Element: Datatype {
  /// What is read, for the length of one call.
  var reading: Span<Element> {
    @_lifetime(immortal)
    get { unbound(Span(_unsafeElements: UnsafeBufferPointer(self))) }
  }

  /// What is written, for the length of one call.
  @inlinable
  var writing: MutableSpan<Element> {
    @inline(__always) @_lifetime(immortal)
    get { unbound(MutableSpan(_unsafeElements: self)) }
  }

  var raw: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(baseAddress) }
}
