public import ComplexModule
public import MPIComplex
public import RealModule

extension Complex: ArrayElement where RealType: ComplexDatatypeComponent & NumPyElement & BinaryFloatingPoint {
  /// a + b, rounded.
  @inlinable @inline(__always)
  public static func added(_ a: Complex, _ b: Complex) -> Complex { a + b }
  /// a - b, rounded.
  @inlinable @inline(__always)
  public static func subtracted(_ a: Complex, _ b: Complex) -> Complex { a - b }
  /// a · b, rounded.
  @inlinable @inline(__always)
  public static func multiplied(_ a: Complex, _ b: Complex) -> Complex { a * b }
  /// a ÷ b, rounded.
  @inlinable @inline(__always)
  public static func divided(_ a: Complex, _ b: Complex) -> Complex { a / b }

  /// The sum in double precision.
  public static func sumPart(_ x: Span<Complex>) -> Complex<Double> {
    let lanes = withReals(x) { realLanes($0, $1) { $0 } }
    return Complex<Double>(lanes.evenHalf.sum(), lanes.oddHalf.sum())
  }

  /// The complex number.
  public static func roundedPart(_ real: Double, _ imaginary: Double) -> Complex<Double>? { .init(real, imaginary) }

  /// The average, in double precision.
  public static func mean(_ sum: Complex<Double>, of count: Int) -> Complex<Double> {
    Complex<Double>(sum.real / Double(count), sum.imaginary / Double(count))
  }

  /// The sum of the magnitudes, in double precision.
  @_specialize(where RealType == Double)
  @_specialize(where RealType == Float)
  public static func magnitudeSum(_ x: Span<Complex>) -> Double {
    pairwiseSum(0..<x.count, blockLength: 128) { range in
      var sum = 0.0
      for index in range { sum += x[index].doubleLength }
      return sum
    }
  }

  /// The sum of the squares of the magnitudes, in double precision.
  public static func squareSum(_ x: Span<Complex>, scaledBy factor: Double) -> Double {
    withReals(x) { realSquareSum($0, $1, scaledBy: factor) }
  }

  /// The largest magnitude.
  @_specialize(where RealType == Double)
  @_specialize(where RealType == Float)
  public static func largestMagnitude(_ x: Span<Complex>) -> Double {
    var largest = 0.0
    for index in x.indices {
      let length = x[index].doubleLength
      if !(length <= largest) { largest = length }
      if length.isNaN { return .nan }
    }
    return largest
  }

  /// The magnitude, in double precision; NaN where a part is NaN.
  @inline(__always)
  private var doubleLength: Double { hypotenuse(Double(rawStorage.x), Double(rawStorage.y)) }

  /// Real and imaginary parts, in turn.
  @inline(__always)
  private static func withReals<Result>(
    _ x: Span<Complex>, _ body: (StoredReals<RealType>, Range<Int>) -> Result
  ) -> Result {
    x.withUnsafeBufferPointer { body(.init($0.baseAddress), 0..<2 * $0.count) }
  }
}

/// √(a² + b²) without overflow; NaN where one is NaN.
@inline(__always)
func hypotenuse(_ a: Double, _ b: Double) -> Double {
  let (x, y) = (abs(a), abs(b))
  let square = x * x + y * y
  if square > 0x1p-960 && square < .infinity { return square.squareRoot() }
  if a.isNaN || b.isNaN { return .nan }
  let largest = max(x, y)
  if largest == 0 || largest == .infinity { return largest }
  let scale = Double(sign: .plus, exponent: -max(largest.exponent, -1022), significand: 1)
  return ((x * scale) * (x * scale) + (y * scale) * (y * scale)).squareRoot() / scale
}
