import ComplexModule
import DistributedArrays
import ExampleSupport
import MPI
import MPIComplex

/// An element that this program can multiply, check and print.
protocol ProgramElement: ArrayElement {
  /// Checks a dot product by an independent computation, and says how.
  ///
  /// Collective.
  ///
  /// - Returns: What was compared, and how near it came.
  /// - Throws: On all ranks, agreed, if the sum is wrong.
  static func verify(
    _ sum: DotProduct, _ x: DistributedVector<Self>, _ y: DistributedVector<Self>
  ) throws -> String

  /// Whether a number is the product of two others, as NumPy computes it.
  static func isProduct(_ product: Self, of x: Self, _ y: Self) -> Bool

  /// The sum as JSON.
  static func json(_ sum: DotProduct) -> JSONValue
}

/// The Swift type of a kind of elements; nil for those without a dot product.
func elementType(_ kind: NumPyElementKind) -> (any ProgramElement.Type)? {
  switch kind {
  case .bool: nil
  case .int8: Int8.self
  case .int16: Int16.self
  case .int32: Int32.self
  case .int64: Int64.self
  case .uint8: UInt8.self
  case .uint16: UInt16.self
  case .uint32: UInt32.self
  case .uint64: UInt64.self
  case .float32: Float.self
  case .float64: Double.self
  case .complex64: Complex<Float>.self
  case .complex128: Complex<Double>.self
  }
}

extension Float: ProgramElement {
  static func isProduct(_ product: Float, of x: Float, _ y: Float) -> Bool {
    // The product is exact in double precision, and rounded once.
    same(product, Float(Double(x) * Double(y)))
  }
}

extension Double: ProgramElement {
  static func isProduct(_ product: Double, of x: Double, _ y: Double) -> Bool { same(product, x * y) }
}

extension Complex: ProgramElement where RealType: ComplexDatatypeComponent & ReferenceTerm {
  static func isProduct(_ product: Complex, of x: Complex, _ y: Complex) -> Bool {
    same(product.real, x.real * y.real - x.imaginary * y.imaginary)
      && same(product.imaginary, x.real * y.imaginary + x.imaginary * y.real)
  }
}

extension Int8: ProgramElement {}
extension Int16: ProgramElement {}
extension Int32: ProgramElement {}
extension Int64: ProgramElement {}
extension UInt8: ProgramElement {}
extension UInt16: ProgramElement {}
extension UInt32: ProgramElement {}
extension UInt64: ProgramElement {}

/// Whether two numbers are equal, or both no numbers.
private func same<Number: FloatingPoint>(_ a: Number, _ b: Number) -> Bool { a == b || a.isNaN && b.isNaN }
