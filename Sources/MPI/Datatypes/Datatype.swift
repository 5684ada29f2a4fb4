public import CMPI

/// A type whose values travel in messages as they lie in memory.
///
/// Conforming are all fixed-width integers, `Int`, `UInt`, `Float`, `Double`, `Float80` where there is one, `Bool`, SIMD
/// vectors and inline arrays of these, ``Located``, and with the product `MPIComplex` complex numbers. A struct of your
/// own conforms through ``StructDatatype``.
///
/// A conforming type holds no references. The protocol cannot refine `BitwiseCopyable` because complex numbers do not
/// conform to that in swift-numerics 1.1, so the first call with a type that holds references throws instead.
public protocol Datatype: Sendable {
  /// The MPI datatype of one unit.
  ///
  /// - Throws: ``MPIError`` when the datatype cannot be made.
  static var datatype: DatatypeHandle { get throws(MPIError) }

  /// How many units in a row make one value; 1 but for vectors.
  static var unitsPerValue: Int { get }
}

extension Datatype {
  /// One unit for each value.
  @inlinable
  public static var unitsPerValue: Int { 1 }
}

/// A datatype that MPI knows.
@frozen
public struct DatatypeHandle: @unchecked Sendable {
  @usableFromInline let handle: CMPI_Datatype

  @inlinable
  init(_ handle: CMPI_Datatype) { self.handle = handle }
}

/// A number of values as MPI counts them.
@frozen @usableFromInline
struct WireCount {
  @usableFromInline let type: CMPI_Datatype
  @usableFromInline let count: Int64

  @inlinable @inline(__always)
  init<Element: Datatype>(_ count: Int, of _: Element.Type) throws(MPIError) {
    // Known when the code is specialised: no instruction is left of it.
    if !_isPOD(Element.self) { throw notTrivial(Element.self) }
    type = try Element.datatype.handle
    self.count = Int64(count &* Element.unitsPerValue)
  }
}

@usableFromInline @inline(never)
func notTrivial(_ type: Any.Type) -> MPIError {
  MPIError(MPIError.type, "datatype", nil, message: "\(type) holds references, which mean nothing on another rank")
}
