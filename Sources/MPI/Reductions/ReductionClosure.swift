public import CMPI

/// A value on its way through a reduction by a closure, and whether the closure failed on what it was made of.
struct Checked<Element: Datatype> {
  var value: Element
  var isFailed: Bool
}

/// A reduction's closure and what carries it through MPI.
///
/// MPI has one operation for all closures; it finds the closure by an attribute of the datatype, so there is no limit to
/// their number. Each value travels with a flag that says whether the closure failed on the way to it.
@usableFromInline
final class ReductionClosure<Element: Datatype>: Sendable {
  let isCommutative: Bool
  let combine: @Sendable (Element, Element) throws -> Element

  init(isCommutative: Bool, _ combine: @escaping @Sendable (Element, Element) throws -> Element) {
    self.isCommutative = isCommutative
    self.combine = combine
  }
}

/// One call of a collective with a closure: what the callback finds.
private final class ClosureCall<Element: Datatype> {
  let combine: @Sendable (Element, Element) throws -> Element
  var failure: (any Error)?

  init(_ combine: @escaping @Sendable (Element, Element) throws -> Element) { self.combine = combine }

  func combine(_ left: UnsafeRawPointer, _ both: UnsafeMutableRawPointer, _ count: Int) {
    let left = left.assumingMemoryBound(to: Checked<Element>.self)
    let both = both.assumingMemoryBound(to: Checked<Element>.self)
    for index in 0..<count {
      guard !left[index].isFailed, !both[index].isFailed else {
        both[index].isFailed = true
        continue
      }
      do {
        both[index].value = try combine(left[index].value, both[index].value)
      } catch {
        both[index].isFailed = true
        failure = failure ?? error
      }
    }
  }
}

/// The callback's way from C back to the closure of any element type.
private class AnyClosureCall {
  let run: (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
  init(_ run: @escaping (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void) { self.run = run }
}

extension ReductionClosure {
  /// Runs one collective with this closure.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - result: Where the result goes; `nil` where this rank gets none.
  ///   - call: The collective, on checked values.
  @usableFromInline
  func reduce(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>?,
    _ procedure: StaticString, _ communicator: Communicator,
    _ call: (UnsafeRawPointer, UnsafeMutableRawPointer?, CMPI_Datatype, CMPI_Op) -> CInt
  ) throws(MPIError) {
    let state = ClosureCall(combine)
    let bridge = AnyClosureCall { state.combine($0, $1, $2) }
    let outgoing = UnsafeMutableBufferPointer<Checked<Element>>.allocate(capacity: values.count)
    let incoming = result.map { UnsafeMutableBufferPointer<Checked<Element>>.allocate(capacity: $0.count) }
    let closure = UnsafeMutablePointer<CMPI_Closure>.allocate(capacity: 1)
    defer {
      outgoing.deallocate()
      incoming?.deallocate()
      closure.deallocate()
    }
    _ = outgoing.initialize(from: values.lazy.map { Checked(value: $0, isFailed: false) })
    // What MPI leaves undefined (rank 0 of an exclusive scan) stays as it was.
    if let incoming, let result {
      _ = incoming.initialize(from: result.lazy.map { Checked(value: $0, isFailed: false) })
    }
    closure.initialize(
      to: CMPI_Closure(
        combine: { context, left, both, count in
          Unmanaged<AnyClosureCall>.fromOpaque(context!).takeUnretainedValue().run(left!, both!, Int(count))
        }, context: Unmanaged.passUnretained(bridge).toOpaque()))

    let type = try checkedType(carrying: closure, procedure)
    defer { cmpi_type_release(type) }
    var operation = cmpi_op_sum()
    try check(cmpi_op_closure(isCommutative, &operation), procedure, communicator)
    let code = withExtendedLifetime(bridge) {
      call(
        UnsafeRawPointer(outgoing.baseAddress!), incoming.map { UnsafeMutableRawPointer($0.baseAddress!) }, type,
        operation)
    }
    try check(code, procedure, communicator)

    if let failure = state.failure {
      throw MPIError(
        MPIError.closure, procedure.description, communicator, "the closure of the reduction threw an error",
        underlying: failure)
    }
    guard let incoming, let result else { return }
    guard !incoming.contains(where: \.isFailed) else {
      throw MPIError(
        MPIError.closure, procedure.description, communicator,
        "the closure of the reduction threw an error on another rank")
    }
    for index in incoming.indices { result[index] = incoming[index].value }
  }

  /// The datatype of a checked value, which carries the closure.
  private func checkedType(
    carrying closure: UnsafeMutablePointer<CMPI_Closure>, _ procedure: StaticString
  ) throws(MPIError) -> CMPI_Datatype {
    var unit = try Element.datatype.handle
    var temporary: [CMPI_Datatype] = []
    defer { for type in temporary { cmpi_type_release(type) } }
    if Element.unitsPerValue != 1 {
      try check(cmpi_type_contiguous(Int64(Element.unitsPerValue), unit, &unit), procedure)
      temporary.append(unit)
    }
    let offsets = [0, Int64(MemoryLayout<Checked<Element>>.offset(of: \.isFailed)!)]
    var pair = cmpi_type_null()
    let stride = Int64(MemoryLayout<Checked<Element>>.stride)
    try check(cmpi_type_struct(2, offsets, [unit, cmpi_bool()], stride, &pair), procedure)
    temporary.append(pair)
    var carrier = cmpi_type_null()
    try check(cmpi_type_with_closure(pair, closure, &carrier), procedure)
    return carrier
  }
}
