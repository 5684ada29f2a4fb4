public import CMPI

extension ReductionClosure {
  /// Runs one collective with this closure.
  ///
  /// - Parameters:
  ///   - values: What this rank gives; `nil` when it gives what lies in `result`.
  ///   - result: Where the result goes; `nil` where this rank gets none.
  ///   - call: The collective: outgoing, incoming, datatype, operation; units are whole values.
  @inlinable
  func reduce(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>?,
    _ procedure: StaticString, _ communicator: Communicator,
    _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op) -> CInt
  ) throws(MPIError) {
    let operation = try operation(procedure)
    if mayThrow {
      return try reduceChecked(
        values ?? UnsafeBufferPointer(result!), into: result, procedure, communicator, operation, call)
    }
    let type = try plainType(procedure)
    let outgoing = values == nil ? cmpi_in_place() : UnsafeRawPointer(values!.baseAddress)
    let code = withExtendedLifetime(self) {
      call(outgoing, UnsafeMutableRawPointer(result?.baseAddress), type, operation)
    }
    try check(code, procedure, communicator)
  }

  /// The same for a closure that may throw: each value travels with a flag that says whether it did on the way, so that
  /// every rank that gets a result built on a failure throws.
  @inlinable
  func reduceChecked(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>?,
    _ procedure: StaticString, _ communicator: Communicator, _ operation: CMPI_Op,
    _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op) -> CInt
  ) throws(MPIError) {
    let carrier = try checkedCarrier(procedure)
    let outgoing = UnsafeMutablePointer<CheckedValue<Element>>.allocate(capacity: values.count)
    defer { outgoing.deallocate() }
    for index in values.indices { (outgoing + index).initialize(to: CheckedValue(values[index])) }
    // What MPI leaves undefined, as rank 0's result of an exclusive scan, stays as it was.
    let resultCount = result?.count ?? 0
    let incoming = UnsafeMutablePointer<CheckedValue<Element>>.allocate(capacity: resultCount)
    defer { incoming.deallocate() }
    for index in 0..<resultCount { (incoming + index).initialize(to: CheckedValue(result![index])) }

    let code = withExtendedLifetime(carrier) { call(outgoing, result == nil ? nil : incoming, carrier.type, operation) }
    try check(code, procedure, communicator)
    if let failure = carrier.failure { throw closureError(failure, procedure, communicator) }
    for index in 0..<resultCount where incoming[index].isFailed { throw closureError(nil, procedure, communicator) }
    for index in 0..<resultCount { result![index] = incoming[index].value }
  }

  @usableFromInline @inline(never)
  func closureError(_ failure: (any Error)?, _ procedure: StaticString, _ communicator: Communicator) -> MPIError {
    MPIError(
      MPIError.closure, procedure.description, communicator,
      "the closure of the reduction threw an error" + (failure == nil ? " on another rank" : ""), underlying: failure)
  }
}
