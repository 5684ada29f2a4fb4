public import MPI

extension Double: DotProductElement {
  /// The sum in double precision.
  public static func dotProductPart(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    precondition(x.count == y.count)
    let (xBytes, yBytes) = (x.bytes, y.bytes)
    return pairwiseSum(0..<x.count, blockLength: 4096) { range in
      var sum0 = SIMD8<Double>.zero
      var sum1 = SIMD8<Double>.zero
      var index = range.lowerBound
      while index &+ 16 <= range.upperBound {
        sum0 += xBytes.doubles(at: index) * yBytes.doubles(at: index)
        sum1 += xBytes.doubles(at: index &+ 8) * yBytes.doubles(at: index &+ 8)
        index &+= 16
      }
      var sum = (sum0 + sum1).sum()
      while index < range.upperBound {
        sum += x[index] * y[index]
        index &+= 1
      }
      return sum
    }
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
    let (xBytes, yBytes) = (x.bytes, y.bytes)
    return pairwiseSum(0..<x.count, blockLength: 4096) { range in
      var sum0 = SIMD8<Double>.zero
      var sum1 = SIMD8<Double>.zero
      var index = range.lowerBound
      while index &+ 16 <= range.upperBound {
        sum0 += xBytes.floats(at: index) * yBytes.floats(at: index)
        sum1 += xBytes.floats(at: index &+ 8) * yBytes.floats(at: index &+ 8)
        index &+= 16
      }
      var sum = (sum0 + sum1).sum()
      while index < range.upperBound {
        sum += Double(x[index]) * Double(y[index])
        index &+= 1
      }
      return sum
    }
  }

  /// Products rounded to single precision.
  public static func multiply(_ x: inout MutableSpan<Float>, by y: Span<Float>) {
    for index in x.indices { x[index] *= y[index] }
  }
}
