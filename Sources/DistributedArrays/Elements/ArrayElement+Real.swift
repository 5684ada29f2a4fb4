public import MPI

extension ArrayElement where Self: BinaryFloatingPoint {
  /// a + b, rounded.
  @inlinable @inline(__always)
  public static func added(_ a: Self, _ b: Self) -> Self { a + b }
  /// a - b, rounded.
  @inlinable @inline(__always)
  public static func subtracted(_ a: Self, _ b: Self) -> Self { a - b }
  /// a · b, rounded.
  @inlinable @inline(__always)
  public static func multiplied(_ a: Self, _ b: Self) -> Self { a * b }
  /// a ÷ b, rounded.
  @inlinable @inline(__always)
  public static func divided(_ a: Self, _ b: Self) -> Self { a / b }
}

extension Double: ArrayElement {
  /// The sum in double precision.
  public static func sumPart(_ x: Span<Double>) -> Double { x.withReals { realSum($0, $1) } }

  /// The average, rounded.
  public static func mean(_ sum: Double, of count: Int) -> Double { sum / Double(count) }

  /// The sum of the magnitudes.
  public static func magnitudeSum(_ x: Span<Double>) -> Double { x.withReals { realSum($0, $1, magnitudes) } }

  /// The sum of the squares.
  public static func squareSum(_ x: Span<Double>, scaledBy factor: Double) -> Double {
    x.withReals { realSquareSum($0, $1, scaledBy: factor) }
  }

  /// The sum, without any array of the elements.
  @inlinable
  public static func sumPart<Kernel: ElementKernel<Double>>(of kernel: Kernel, _ range: Range<Int>) -> Double {
    realSum(ComputedReals(kernel), range)
  }

  /// The sum of the squares, without any array of the elements.
  @inlinable
  public static func squareSum<Kernel: ElementKernel<Double>>(
    of kernel: Kernel, _ range: Range<Int>, scaledBy factor: Double
  ) -> Double {
    realSquareSum(ComputedReals(kernel), range, scaledBy: factor)
  }

  /// The largest magnitude.
  public static func largestMagnitude(_ x: Span<Double>) -> Double {
    x.withReals { realExtreme($0, $1, from: 0, { magnitudes($0) }, { $0 .> $1 }) }
  }
}

extension Float: ArrayElement {
  /// The sum in double precision.
  public static func sumPart(_ x: Span<Float>) -> Double { x.withReals { realSum($0, $1) } }

  /// The average, in double precision.
  public static func mean(_ sum: Double, of count: Int) -> Double { sum / Double(count) }

  /// The sum of the magnitudes, in double precision.
  public static func magnitudeSum(_ x: Span<Float>) -> Double { x.withReals { realSum($0, $1, magnitudes) } }

  /// The sum of the squares, in double precision.
  public static func squareSum(_ x: Span<Float>, scaledBy factor: Double) -> Double {
    x.withReals { realSquareSum($0, $1, scaledBy: factor) }
  }

  /// The sum, without any array of the elements.
  @inlinable
  public static func sumPart<Kernel: ElementKernel<Float>>(of kernel: Kernel, _ range: Range<Int>) -> Double {
    realSum(ComputedReals(kernel), range)
  }

  /// The sum of the squares, without any array of the elements.
  @inlinable
  public static func squareSum<Kernel: ElementKernel<Float>>(
    of kernel: Kernel, _ range: Range<Int>, scaledBy factor: Double
  ) -> Double {
    realSquareSum(ComputedReals(kernel), range, scaledBy: factor)
  }

  /// The largest magnitude.
  public static func largestMagnitude(_ x: Span<Float>) -> Double {
    x.withReals { realExtreme($0, $1, from: 0, { magnitudes($0) }, { $0 .> $1 }) }
  }
}

extension Double: OrderedArrayElement {
  /// The bits, turned so that they are in order; zero has one key.
  public var orderKey: UInt64 {
    let bits = (self + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  /// The number with a key.
  public init(orderKey: UInt64) {
    self.init(bitPattern: orderKey >> 63 == 1 ? orderKey & ~(1 << 63) : ~orderKey)
  }

  /// The least number.
  public static func minimum(_ x: Span<Double>) -> Double {
    x.withReals { realExtreme($0, $1, from: .infinity, { $0 }, { $0 .< $1 }) }
  }

  /// The greatest number.
  public static func maximum(_ x: Span<Double>) -> Double {
    x.withReals { realExtreme($0, $1, from: -.infinity, { $0 }, { $0 .> $1 }) }
  }
}

extension Float: OrderedArrayElement {
  /// The key of the same number in double precision.
  public var orderKey: UInt64 { Double(self).orderKey }

  /// The number with a key.
  public init(orderKey: UInt64) { self = Float(Double(orderKey: orderKey)) }

  /// The least number.
  public static func minimum(_ x: Span<Float>) -> Float {
    Float(x.withReals { realExtreme($0, $1, from: .infinity, { $0 }, { $0 .< $1 }) })
  }

  /// The greatest number.
  public static func maximum(_ x: Span<Float>) -> Float {
    Float(x.withReals { realExtreme($0, $1, from: -.infinity, { $0 }, { $0 .> $1 }) })
  }
}
