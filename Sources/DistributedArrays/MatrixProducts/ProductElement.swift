public import MPI

/// An element whose matrices can be multiplied.
///
/// | elements | by |
/// |---|---|
/// | `Float`, `Double`, `Complex` of these | the BLAS that is installed, rounded as it rounds |
/// | integers | a blocked kernel of this library; sums and products wrap around, as NumPy's do |
public protocol ProductElement: ArithmeticDatatype, Numeric {
  /// Multiplies two matrices in this process's memory: result = alpha · left · right + beta · result. Local.
  ///
  /// With a beta of zero the result's memory is not read, and with no inner terms the operands' is not.
  ///
  /// - Parameters:
  ///   - product: The shapes, and what is done to the operands first. Rows of the result do not overlap.
  ///   - left: The left operand, row by row.
  ///   - right: The right operand, row by row.
  ///   - alpha: A factor of the product.
  ///   - result: Where the result goes, row by row.
  ///   - beta: A factor of what is there.
  static func multiply(
    _ product: LocalProduct, _ left: Span<Self>, _ right: Span<Self>, alpha: Self,
    into result: inout MutableSpan<Self>, beta: Self)

  /// Adds to each element of a span, multiplied by a factor, the one of another as long: x ← beta · x + y. Local.
  ///
  /// With a beta of zero x is not read.
  static func add(_ y: Span<Self>, to x: inout MutableSpan<Self>, beta: Self)

  /// How much longer the multiplication of two elements takes than that of two `Double`; about 1.
  static var multiplicationCost: Double { get }
}

extension ProductElement {
  /// That of as many bytes of `Double`.
  public static var multiplicationCost: Double { Double(MemoryLayout<Self>.stride) / 8 }
}
