public import MPI

extension DotProductElement where Self: FixedWidthInteger, DotProductPart == SIMD8<Int64>, DotProduct == Int128 {
  /// The exact sum, as six digits of 32 bits.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  public static func dotProductPart(_ x: Span<Self>, _ y: Span<Self>) -> SIMD8<Int64> {
    precondition(x.count == y.count)
    var sum = ExactSum()
    if Self.bitWidth <= 32 {
      // A product has at most 64 bits: no number of them that fits in memory overflows 128.
      var total: Int128 = 0
      for index in x.indices {
        total &+= Int128(truncatingIfNeeded: x[index]) &* Int128(truncatingIfNeeded: y[index])
      }
      sum.high = total >> 64
      sum.low = UInt128(UInt64(truncatingIfNeeded: total))
    } else {
      for index in x.indices {
        let product = x[index].multipliedFullWidth(by: y[index])
        sum.high &+= Int128(truncatingIfNeeded: product.high)
        sum.low &+= UInt128(truncatingIfNeeded: product.low)
      }
    }
    return sum.lanes
  }

  /// The exact sum, unless it needs more than 128 bits.
  public static func dotProduct(_ part: SIMD8<Int64>) -> Int128? { ExactSum.value(of: part) }

  /// Products that wrap around, as NumPy's do.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  public static func multiply(_ x: inout MutableSpan<Self>, by y: Span<Self>) {
    for index in x.indices { x[index] = x[index] &* y[index] }
  }
}

extension Int8: DotProductElement {}
extension Int16: DotProductElement {}
extension Int32: DotProductElement {}
extension Int64: DotProductElement {}
extension Int: DotProductElement {}
extension UInt8: DotProductElement {}
extension UInt16: DotProductElement {}
extension UInt32: DotProductElement {}
extension UInt64: DotProductElement {}
extension UInt: DotProductElement {}
