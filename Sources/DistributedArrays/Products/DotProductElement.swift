public import MPI

/// An element whose products can be summed over the ranks.
///
/// | elements | products | sum |
/// |---|---|---|
/// | `Float` | exact, in `Double` | in `Double` |
/// | `Double` | rounded | in `Double` |
/// | `Complex` of these | as above, for each of four products | as above, for the two parts |
/// | integers | exact | exact, in `Int128` |
///
/// Rounded sums are made of blocks with several running sums of 256 terms each, and the blocks' sums are added in pairs:
/// for n elements on a rank the error is below (280 + log₂ n) · 2⁻⁵³ times the sum of the products' magnitudes. A NaN or
/// an infinity among the products makes the sum what it makes any other.
public protocol DotProductElement: ArithmeticDatatype, NumPyElement {
  /// The type of the sum.
  associatedtype DotProduct: Equatable, Sendable

  /// What one rank contributes: parts of several ranks are added by `MPI_SUM`.
  associatedtype DotProductPart: ArithmeticDatatype

  /// The sum of the products of the elements of two spans of the same length.
  static func dotProductPart(_ x: Span<Self>, _ y: Span<Self>) -> DotProductPart

  /// The sum that a part, or the sum of some, stands for; `nil` if it is too large.
  static func dotProduct(_ part: DotProductPart) -> DotProduct?

  /// Multiplies each element of a span by the element of another span of the same length, in place.
  static func multiply(_ x: inout MutableSpan<Self>, by y: Span<Self>)
}

extension DotProductElement where DotProduct == DotProductPart {
  /// The part itself.
  @inlinable
  public static func dotProduct(_ part: DotProductPart) -> DotProduct? { part }
}
