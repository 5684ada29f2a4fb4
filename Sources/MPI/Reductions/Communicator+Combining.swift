public import CMPI

extension Communicator {
  /// The one road of all reductions: predefined ones straight to MPI, closures through their callback.
  ///
  /// - Parameters:
  ///   - procedure: The MPI procedure.
  ///   - reduction: How two values become one.
  ///   - values: What this rank gives; `nil` when it gives what lies in `result`.
  ///   - result: Where the result goes; `nil` where this rank gets none.
  ///   - call: The collective: outgoing, incoming, datatype, operation, units per value.
  @inlinable @inline(__always)
  final func combine<Element: Datatype>(
    _ procedure: StaticString, _ reduction: Reduction<Element>, _ values: UnsafeBufferPointer<Element>?,
    into result: UnsafeMutableBufferPointer<Element>?,
    _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op, Int64) -> CInt
  ) throws(MPIError) {
    if !_isPOD(Element.self) { throw notTrivial(Element.self) }
    let outgoing = values == nil ? cmpi_in_place() : UnsafeRawPointer(values!.baseAddress)
    let incoming = UnsafeMutableRawPointer(result?.baseAddress)
    if reduction.closure == nil {
      let type = try Element.datatype.handle
      let code = call(outgoing, incoming, type, reduction.operation, Int64(Element.unitsPerValue))
      return try check(code, procedure, self)
    }
    let made = reduction.closure!.readyType
    if _slowPath(made == 0) {
      return try combineFirst(procedure, reduction, values, into: result) { call($0, $1, $2, $3, 1) }
    }
    let code = withExtendedLifetime(reduction) {
      call(outgoing, incoming, cmpi_type_from_word(made), reduction.closure!.readyOperation, 1)
    }
    try check(code, procedure, self)
  }

  /// The same of a closure that MPI does not know yet, or that may throw.
  @inlinable @inline(never)
  final func combineFirst<Element: Datatype>(
    _ procedure: StaticString, _ reduction: Reduction<Element>, _ values: UnsafeBufferPointer<Element>?,
    into result: UnsafeMutableBufferPointer<Element>?,
    _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op) -> CInt
  ) throws(MPIError) {
    try enter(procedure, self)
    try reduction.closure!.reduce(values, into: result, procedure, self, call)
  }

  /// The error of two buffers of one call whose lengths do not fit.
  @usableFromInline @inline(never)
  final func lengthError(_ procedure: StaticString, _ message: @autoclosure () -> String) -> MPIError {
    closedGateError(procedure, self) ?? MPIError(MPIError.length, procedure, self, message: message())
  }

  /// The error of a root that gives nothing.
  @usableFromInline @inline(never)
  final func missingAtRoot(_ procedure: StaticString) -> MPIError {
    closedGateError(procedure, self)
      ?? MPIError(
        MPIError.rootBuffer, procedure, self,
        message: "this rank is the root and gave nil; the root gives the value, the others nil")
  }

  /// One array made by a call that fills it.
  @inlinable @inline(__always)
  final func filled<Element: Datatype>(
    _ count: Int, _ fill: (inout MutableSpan<Element>) throws(MPIError) -> Void
  ) throws(MPIError) -> [Element] {
    try made(count) { (elements: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      // The memory is filled by MPI, which only writes.
      var span = MutableSpan(_unsafeElements: elements)
      try fill(&span)
    }
  }

  /// The same by a call that takes pointers, for which nothing of them is checked.
  @inlinable @inline(__always)
  final func made<Element: Datatype>(
    _ count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) throws(MPIError) -> Void
  ) throws(MPIError) -> [Element] {
    // What is not trivial is refused by the call, which leaves nothing behind that could be destroyed.
    if !_isPOD(Element.self) { throw notTrivial(Element.self) }
    #if compiler(>=6.3) && compiler(<6.4)
      // As an array literal is made, which these compilers do by two functions of the standard library. What it has for
      // everybody takes up to five times as many instructions: `init(unsafeUninitializedCapacity:)` looks up the type of
      // the storage at each call, and `append(addingCapacity:)` asks how much was allocated.
      let (values, storage): ([Element], _) = _allocateUninitializedArray(count._builtinWordValue)
      try fill(UnsafeMutableBufferPointer(start: UnsafeMutablePointer<Element>(storage), count: count))
      return _finalizeUninitializedArray(values)
    #elseif compiler(>=6.3)
      var values: [Element] = []
      values.reserveCapacity(count)
      try values.append(addingCapacity: count) { (output: inout OutputSpan<Element>) throws(MPIError) in
        try output.withUnsafeMutableBufferPointer { (buffer, initialized) throws(MPIError) in
          try fill(UnsafeMutableBufferPointer(start: buffer.baseAddress, count: count))
          initialized = count
        }
      }
      return values
    #else
      return try madeAtOnce(count, fill)
    #endif
  }

  #if compiler(<6.3)
    @inlinable @inline(__always)
    final func madeAtOnce<Element: Datatype>(
      _ count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) throws(MPIError) -> Void
    ) throws(MPIError) -> [Element] {
      var failure: MPIError?
      let values = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        do throws(MPIError) {
          try fill(UnsafeMutableBufferPointer(start: buffer.baseAddress, count: count))
          initialized = count
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      return values
    }
  #endif
}

extension Span where Element: Datatype {
  /// The values, for the length of one call that keeps the span.
  @inlinable @inline(__always)
  var pointers: UnsafeBufferPointer<Element> { withUnsafeBufferPointer { $0 } }
}

extension MutableSpan where Element: Datatype {
  /// The values, for the length of one call that keeps the span.
  @inlinable @inline(__always)
  var pointers: UnsafeMutableBufferPointer<Element> {
    mutating get { withUnsafeMutableBufferPointer { $0 } }
  }
}
