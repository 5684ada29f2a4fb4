public import MPI

extension ArrayElement where Self: FixedWidthInteger, DotProductPart == SIMD8<Int64>, DotProduct == Int128 {
  /// a + b, wrapping around.
  @inlinable @inline(__always)
  public static func added(_ a: Self, _ b: Self) -> Self { a &+ b }
  /// a - b, wrapping around.
  @inlinable @inline(__always)
  public static func subtracted(_ a: Self, _ b: Self) -> Self { a &- b }
  /// a · b, wrapping around.
  @inlinable @inline(__always)
  public static func multiplied(_ a: Self, _ b: Self) -> Self { a &* b }
  /// a ÷ b, towards zero; zero where b is zero.
  @inlinable @inline(__always)
  public static func divided(_ a: Self, _ b: Self) -> Self {
    b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
  }

  /// The exact sum, as six digits of 32 bits.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  @_specialize(where Self == UInt8)
  public static func sumPart(_ x: Span<Self>) -> SIMD8<Int64> {
    // The halves of fewer than 2³¹ elements do not overflow.
    var sum = ExactSum()
    var start = 0
    while start < x.count {
      let end = Swift.min(start + 1 << 30, x.count)
      var high: Int64 = 0
      var low: UInt64 = 0
      for index in start..<end {
        let value = x[index]
        high &+= Int64(truncatingIfNeeded: Self.bitWidth > 32 ? value >> 32 : value < 0 ? -1 : 0)
        low &+= UInt64(truncatingIfNeeded: value) & 0xFFFF_FFFF
      }
      let total = Int128(high) << 32 + Int128(low)
      sum.high &+= total >> 64
      sum.low &+= UInt128(UInt64(truncatingIfNeeded: total))
      start = end
    }
    return sum.lanes
  }

  /// Zero.
  @inlinable
  public static var emptyPart: SIMD8<Int64> { .zero }

  /// The sum of the digits, which have room for 2³¹ of them.
  @inlinable
  public static func combined(_ a: SIMD8<Int64>, _ b: SIMD8<Int64>) -> SIMD8<Int64> { a &+ b }

  /// None: sums of integers are exact.
  public static func roundedPart(_ real: Double, _ imaginary: Double) -> SIMD8<Int64>? { nil }

  /// The average, in double precision.
  public static func mean(_ sum: Int128, of count: Int) -> Double { Double(sum) / Double(count) }

  /// The sum of the magnitudes, in double precision.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  public static func magnitudeSum(_ x: Span<Self>) -> Double {
    pairwiseSum(0..<x.count, blockLength: 128) { range in
      var sum = 0.0
      for index in range { sum += Double(x[index].magnitude) }
      return sum
    }
  }

  /// The sum of the squares, in double precision.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  public static func squareSum(_ x: Span<Self>, scaledBy factor: Double) -> Double {
    pairwiseSum(0..<x.count, blockLength: 128) { range in
      var sum = 0.0
      for index in range {
        let value = Double(x[index]) * factor
        sum += value * value
      }
      return sum
    }
  }

  /// The largest magnitude, in double precision.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  public static func largestMagnitude(_ x: Span<Self>) -> Double {
    var largest: Self.Magnitude = 0
    for index in x.indices { largest = Swift.max(largest, x[index].magnitude) }
    return Double(largest)
  }

  /// Sums that wrap around, which not every MPI's do.
  public static var sumReduction: Reduction<Self> { bitWidth > 16 ? .sum : Reduction(isCommutative: true) { $0 &+ $1 } }

  /// Products that wrap around, which not every MPI's do.
  public static var productReduction: Reduction<Self> {
    bitWidth > 16 ? .product : Reduction(isCommutative: true) { $0 &* $1 }
  }
}

extension OrderedArrayElement where Self: FixedWidthInteger {
  /// The number, shifted so that none is negative.
  public var orderKey: UInt64 { UInt64(truncatingIfNeeded: self) ^ (Self.isSigned ? 1 << 63 : 0) }

  /// The number with a key.
  public init(orderKey: UInt64) { self.init(truncatingIfNeeded: orderKey ^ (Self.isSigned ? 1 << 63 : 0)) }

  /// The least number.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  public static func minimum(_ x: Span<Self>) -> Self {
    var best = Self.max
    for index in x.indices { best = Swift.min(best, x[index]) }
    return best
  }

  /// The greatest number.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  public static func maximum(_ x: Span<Self>) -> Self {
    var best = Self.min
    for index in x.indices { best = Swift.max(best, x[index]) }
    return best
  }
}

extension Int8: OrderedArrayElement {}
extension Int16: OrderedArrayElement {}
extension Int32: OrderedArrayElement {}
extension Int64: OrderedArrayElement {}
extension Int: OrderedArrayElement {}
extension UInt8: OrderedArrayElement {}
extension UInt16: OrderedArrayElement {}
extension UInt32: OrderedArrayElement {}
extension UInt64: OrderedArrayElement {}
extension UInt: OrderedArrayElement {}
