public import CMPI
public import Synchronization

/// A reduction's closure and what carries it through MPI.
///
/// MPI has one operation for all closures; its callback finds the closure by an attribute of the datatype, so there is no
/// limit to their number. The datatype of a closure that cannot throw is made once.
@usableFromInline
final class ReductionClosure<Element: Datatype>: @unchecked Sendable {
  /// `both[i] = left[i] ∘ both[i]` for a number of values, and the first error.
  ///
  /// Made where the closure is written, so that the loop is compiled for its element and with the closure inlined. The
  /// values are ``CheckedValue``s when the closure may throw.
  @usableFromInline
  typealias Loop = @Sendable (_ left: UnsafeRawPointer, _ both: UnsafeMutableRawPointer, _ count: Int) -> (any Error)?

  let isCommutative: Bool
  let loop: Loop
  @usableFromInline let mayThrow: Bool
  private let carrier = Mutex<ClosureCarrier?>(nil)
  /// The datatype of the carrier, once there is one: then everything is ready, and only the call is left to make.
  @usableFromInline let made = Atomic<UInt>(0)
  /// The same as a word of CMPI; 0 before.
  @inlinable @inline(__always)
  var readyType: UInt { made.load(ordering: .acquiring) }
  /// The operation of MPI, from then on.
  @exclusivity(unchecked) @usableFromInline final private(set) var readyOperation = cmpi_op_sum()

  @usableFromInline
  init(isCommutative: Bool, mayThrow: Bool, loop: @escaping Loop) {
    self.isCommutative = isCommutative
    self.mayThrow = mayThrow
    self.loop = loop
  }

  /// The operation of MPI that calls closures.
  @usableFromInline
  func operation(_ procedure: StaticString) throws(MPIError) -> CMPI_Op {
    var operation = cmpi_op_sum()
    try check(cmpi_op_closure(isCommutative, &operation), procedure)
    return operation
  }

  /// The datatype that carries a closure which cannot throw.
  @usableFromInline
  func plainType(_ procedure: StaticString) throws(MPIError) -> CMPI_Datatype {
    let made = readyType
    return made != 0 ? cmpi_type_from_word(made) : try makePlainType(procedure)
  }

  private func makePlainType(_ procedure: StaticString) throws(MPIError) -> CMPI_Datatype {
    try carrier.withLock { carrier throws(MPIError) in
      if let carrier { return carrier.type }
      let new = ClosureCarrier(loop)
      let value = try value(procedure)
      defer { if Element.unitsPerValue != 1 { cmpi_type_release(value) } }
      try new.make(from: value, of: MemoryLayout<Element>.size, procedure)
      carrier = new
      readyOperation = try operation(procedure)
      made.store(cmpi_type_word(new.type), ordering: .releasing)
      return new.type
    }
  }

  /// The carrier of one call of a closure that may throw: its values are checked values.
  @usableFromInline
  func checkedCarrier(_ procedure: StaticString) throws(MPIError) -> ClosureCarrier {
    let value = try value(procedure)
    defer { if Element.unitsPerValue != 1 { cmpi_type_release(value) } }
    let offsets = [0, Int64(MemoryLayout<CheckedValue<Element>>.offset(of: \.isFailed)!)]
    var pair = cmpi_type_null()
    let stride = Int64(MemoryLayout<CheckedValue<Element>>.stride)
    try check(cmpi_type_struct(2, offsets, [value, cmpi_bool()], stride, &pair), procedure)
    defer { cmpi_type_release(pair) }
    let new = ClosureCarrier(loop)
    try new.make(from: pair, of: MemoryLayout<CheckedValue<Element>>.size, procedure)
    return new
  }

  /// The datatype of one value, to be freed when it has several units.
  private func value(_ procedure: StaticString) throws(MPIError) -> CMPI_Datatype {
    var type = try Element.datatype.handle
    if Element.unitsPerValue != 1 {
      try check(cmpi_type_contiguous(Int64(Element.unitsPerValue), type, &type), procedure)
    }
    return type
  }
}

/// A datatype that carries a closure to the callback, and the errors back.
@usableFromInline
final class ClosureCarrier: @unchecked Sendable {
  private let loop: (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> (any Error)?
  private let closure: UnsafeMutablePointer<CMPI_Closure>
  @usableFromInline private(set) var type = cmpi_type_null()
  @usableFromInline private(set) var failure: (any Error)?

  init(_ loop: @escaping (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> (any Error)?) {
    self.loop = loop
    closure = .allocate(capacity: 1)
    closure.initialize(to: CMPI_Closure())
  }

  deinit {
    if !cmpi_type_is_null(type) { cmpi_type_release(type) }
    closure.deallocate()
  }

  /// Makes the datatype of one that has so many bytes in memory.
  func make(from value: CMPI_Datatype, of size: Int, _ procedure: StaticString) throws(MPIError) {
    closure.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    closure.pointee.combine = { context, left, both, count in
      Unmanaged<ClosureCarrier>.fromOpaque(context!)._withUnsafeGuaranteedRef { carrier in
        if let failure = carrier.loop(left!, both!, Int(count)) { carrier.failure = carrier.failure ?? failure }
      }
    }
    try check(cmpi_type_with_closure(value, Int64(size), closure, &type), procedure)
  }
}

/// A value on its way through a reduction, and whether the closure failed on what it was made of.
@frozen @usableFromInline
struct CheckedValue<Element: Datatype> {
  @usableFromInline var value: Element
  @usableFromInline var isFailed: Bool

  @inlinable
  init(_ value: Element) {
    self.value = value
    isFailed = false
  }
}
