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
