public import MPI

extension Double: DotProductElement {
  /// The sum in double precision.
  public static func dotProductPart(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    precondition(x.count == y.count)
    return x.withReals { x, range in y.withReals { y, _ in realSum(StoredProducts(x: x, y: y), range) } }
  }

  /// Rounded products.
  public static func multiply(_ x: inout MutableSpan<Double>, by y: Span<Double>) {
    for index in x.indices { x[index] *= y[index] }
  }
}

extension Float: DotProductElement {
  /// The sum in double precision, in which the products are exact.
  public static func dotProductPart(_ x: Span<Float>, _ y: Span<Float>) -> Double {
    precondition(x.count == y.count)
    return x.withReals { x, range in y.withReals { y, _ in realSum(StoredProducts(x: x, y: y), range) } }
  }

  /// Products rounded to single precision.
  public static func multiply(_ x: inout MutableSpan<Float>, by y: Span<Float>) {
    for index in x.indices { x[index] *= y[index] }
  }
}
