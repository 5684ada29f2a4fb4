public import MPI

/// An element to compute with: `Float`, `Double`, `Complex` of these, and all integers.
///
/// No operation traps: sums and products of integers wrap around as NumPy's do, and an integer divided by zero is zero.
public protocol ArrayElement: DotProductElement, Numeric {
  /// The type of an average.
  associatedtype Mean: Sendable

  /// a + b.
  static func added(_ a: Self, _ b: Self) -> Self
  /// a - b.
  static func subtracted(_ a: Self, _ b: Self) -> Self
  /// a · b.
  static func multiplied(_ a: Self, _ b: Self) -> Self
  /// a ÷ b.
  static func divided(_ a: Self, _ b: Self) -> Self

  /// The sum of some elements, as the part of one rank in a sum over all: see ``DotProductElement``.
  static func sumPart(_ x: Span<Self>) -> DotProductPart

  /// The same of the elements that a kernel computes, of which there is one at least.
  static func sumPart<Kernel: ElementKernel<Self>>(of kernel: Kernel, _ range: Range<Int>) -> DotProductPart

  /// The part of a rank that has no elements.
  static var emptyPart: DotProductPart { get }

  /// Two parts of one rank, added.
  static func combined(_ a: DotProductPart, _ b: DotProductPart) -> DotProductPart

  /// The part that stands for a sum in double precision, of which numbers without imaginary parts have the real one;
  /// `nil` for elements whose sums are exact.
  static func roundedPart(_ real: Double, _ imaginary: Double) -> DotProductPart?

  /// A sum divided by the number of its terms.
  static func mean(_ sum: DotProduct, of count: Int) -> Mean

  /// The sum of the magnitudes of some elements.
  static func magnitudeSum(_ x: Span<Self>) -> Double

  /// The sum of the squares of the magnitudes of some elements, each multiplied by a factor first.
  static func squareSum(_ x: Span<Self>, scaledBy factor: Double) -> Double

  /// The same of the elements that a kernel computes, of which there is one at least.
  static func squareSum<Kernel: ElementKernel<Self>>(
    of kernel: Kernel, _ range: Range<Int>, scaledBy factor: Double
  ) -> Double

  /// The largest magnitude of some elements; NaN if one is NaN, 0 if there are none.
  static func largestMagnitude(_ x: Span<Self>) -> Double

  /// How several ranks' sums become one.
  static var sumReduction: Reduction<Self> { get }

  /// How several ranks' products become one.
  static var productReduction: Reduction<Self> { get }
}

extension ArrayElement where DotProductPart: AdditiveArithmetic {
  /// Zero.
  @inlinable
  public static var emptyPart: DotProductPart { .zero }

  /// The sum.
  @inlinable
  public static func combined(_ a: DotProductPart, _ b: DotProductPart) -> DotProductPart { a + b }
}

extension ArrayElement where DotProductPart == Double {
  /// The real part.
  public static func roundedPart(_ real: Double, _ imaginary: Double) -> Double? { real }
}

extension ArrayElement {
  /// The sum, block by block.
  @inlinable
  public static func sumPart<Kernel: ElementKernel<Self>>(of kernel: Kernel, _ range: Range<Int>) -> DotProductPart {
    kernel.reduce(range, { combined($0, $1) }, { sumPart($0) })
  }

  /// The sum of the squares, block by block.
  @inlinable
  public static func squareSum<Kernel: ElementKernel<Self>>(
    of kernel: Kernel, _ range: Range<Int>, scaledBy factor: Double
  ) -> Double {
    kernel.reduce(range, +) { squareSum($0, scaledBy: factor) }
  }

  /// The sum of MPI.
  public static var sumReduction: Reduction<Self> { .sum }

  /// The product of MPI.
  public static var productReduction: Reduction<Self> { .product }
}

/// An element that can be compared: `Float`, `Double`, and all integers.
public protocol OrderedArrayElement: ArrayElement, OrderedDatatype, Comparable {
  /// A number that is greater for greater elements; neither the least nor the greatest one for floating-point numbers,
  /// which leaves these for what is not a number.
  var orderKey: UInt64 { get }

  /// The element with a key.
  init(orderKey: UInt64)

  /// The least of some elements, at least one; one that is not a number if there is one.
  static func minimum(_ x: Span<Self>) -> Self

  /// The greatest of some elements, at least one; one that is not a number if there is one.
  static func maximum(_ x: Span<Self>) -> Self
}

extension OrderedArrayElement {
  /// Whether this is no number, and so neither less nor greater than any.
  @inlinable
  var isUnordered: Bool { self != self }
}
