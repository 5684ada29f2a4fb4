public import ComplexModule
public import DistributedArrays
public import MPI
public import MPIComplex
public import RealModule

/// An element that the programs with matrices can read, multiply and check.
public protocol MatrixElement: ProductElement, NumPyElement {
  /// The type in which products are computed again for the check.
  associatedtype Check: CheckNumber

  /// The element in that type.
  var check: Check { get }

  /// How much two sums of so many terms, of which one is this type's own, may differ in units of the terms' magnitudes.
  static func tolerance(terms: Int) -> Double

  /// Operations of real numbers in one product that is added to a sum.
  static var operationsPerTerm: Int { get }

  /// A number of a sequence of random ones: 0 ..< 1, or small integers.
  static func random(_ sequence: IndexedRandom, at index: Int) -> Self
}

/// A number in which a check is computed.
public protocol CheckNumber: ArithmeticDatatype, Equatable {
  /// Nothing.
  static var zero: Self { get }
  /// One.
  static var one: Self { get }
  /// Adds a product.
  mutating func add(_ a: Self, _ b: Self)
  /// Adds a number.
  mutating func add(_ other: Self)
  /// How large it is; 0 for integers, which are compared exactly.
  var size: Double { get }
  /// How far it is from a number that is rounded to so many bytes; infinite for integers that are not the same.
  func distance(to other: Self, bytes: Int) -> Double
}

extension Double: CheckNumber {
  /// One.
  public static var one: Double { 1 }
  /// Rounded.
  public mutating func add(_ a: Double, _ b: Double) { self += a * b }
  /// Rounded.
  public mutating func add(_ other: Double) { self += other }
  /// The magnitude.
  public var size: Double { abs(self) }
  /// The difference; 0 for two that are not finite in the same way.
  public func distance(to other: Double, bytes: Int) -> Double {
    self == other || isNaN && other.isNaN ? 0 : isFinite && other.isFinite ? abs(self - other) : .infinity
  }
}

extension Complex: CheckNumber where RealType == Double {
  /// One.
  public static var one: Complex { 1 }
  /// Rounded.
  public mutating func add(_ a: Complex, _ b: Complex) { self += a * b }
  /// Rounded.
  public mutating func add(_ other: Complex) { self += other }
  /// The sum of the parts' magnitudes.
  public var size: Double { abs(real) + abs(imaginary) }
  /// The sum of the parts' differences.
  public func distance(to other: Complex, bytes: Int) -> Double {
    if !isFinite && !other.isFinite { return 0 }
    return real.distance(to: other.real, bytes: 8) + imaginary.distance(to: other.imaginary, bytes: 8)
  }
}

extension UInt64: CheckNumber {
  /// One.
  public static var one: UInt64 { 1 }
  /// Wraps around.
  public mutating func add(_ a: UInt64, _ b: UInt64) { self &+= a &* b }
  /// Wraps around.
  public mutating func add(_ other: UInt64) { self &+= other }
  /// Not needed.
  public var size: Double { 0 }
  /// Whether the bits are the same that the element has.
  public func distance(to other: UInt64, bytes: Int) -> Double {
    (self ^ other) & (bytes == 8 ? .max : 1 << UInt64(8 * bytes) - 1) == 0 ? 0 : .infinity
  }
}

extension MatrixElement where Self: BinaryFloatingPoint {
  /// In double precision.
  public var check: Double { Double(self) }
  /// So many roundings, and as many of the check's own.
  public static func tolerance(terms: Int) -> Double { Double(2 * terms + 16) * Double(Self.ulpOfOne) }
  /// A product and a sum.
  public static var operationsPerTerm: Int { 2 }
  /// Evenly distributed.
  public static func random(_ sequence: IndexedRandom, at index: Int) -> Self { sequence.uniform(at: index) }
}

extension MatrixElement where Self: FixedWidthInteger {
  /// With the sign extended.
  public var check: UInt64 { UInt64(truncatingIfNeeded: self) }
  /// None.
  public static func tolerance(terms: Int) -> Double { 0 }
  /// A product and a sum.
  public static var operationsPerTerm: Int { 2 }
  /// From 0 to 99.
  public static func random(_ sequence: IndexedRandom, at index: Int) -> Self {
    Self(truncatingIfNeeded: sequence.bits(at: index) % 100)
  }
}

extension Float: MatrixElement {}
extension Double: MatrixElement {}
extension Int8: MatrixElement {}
extension Int16: MatrixElement {}
extension Int32: MatrixElement {}
extension Int64: MatrixElement {}
extension UInt8: MatrixElement {}
extension UInt16: MatrixElement {}
extension UInt32: MatrixElement {}
extension UInt64: MatrixElement {}

extension Complex: MatrixElement where RealType: ComplexDatatypeComponent & NumPyElement & BinaryFloatingPoint {
  /// In double precision.
  public var check: Complex<Double> { Complex<Double>(Double(real), Double(imaginary)) }
  /// As for real numbers, four products at a time.
  public static func tolerance(terms: Int) -> Double { Double(4 * terms + 16) * Double(RealType.ulpOfOne) }
  /// Four products and four sums.
  public static var operationsPerTerm: Int { 8 }
  /// Both parts evenly distributed.
  public static func random(_ sequence: IndexedRandom, at index: Int) -> Self {
    Complex(sequence.uniform(at: 2 * index), sequence.uniform(at: 2 * index + 1))
  }
}

/// The Swift type of a kind of elements; nil for those that are not multiplied.
public func matrixElementType(_ kind: NumPyElementKind) -> (any MatrixElement.Type)? {
  kind.elementType as? any MatrixElement.Type
}
