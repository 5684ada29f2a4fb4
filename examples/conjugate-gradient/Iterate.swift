/// Where the method stands: this rank's part of each of its vectors.
///
/// No step makes a new array. What is preconditioned is computed where it is used, and not kept.
struct Iterate {
  /// The solution so far.
  private(set) var x: [Double]

  /// The direction in which the method goes next.
  private(set) var p: [Double]

  /// The matrix times the direction.
  var q: [Double]

  /// What is left of the right-hand side.
  private var r: [Double]

  /// What an entry of the residual is multiplied with to be preconditioned; empty where it is not.
  private let inverse: [Double]

  /// Begins with the solution 0.
  ///
  /// - Parameters:
  ///   - b: The right-hand side.
  ///   - diagonal: What the preconditioner divides by; `nil` for none.
  init(_ b: [Double], diagonal: [Double]?) {
    x = [Double](repeating: 0, count: b.count)
    q = x
    r = b
    inverse = diagonal.map { $0.map { 1 / $0 } } ?? []
    p = diagonal == nil ? b : zip(b, inverse).map { $0 * $1 }
  }

  /// r · r and r · z of the beginning, where the direction is the preconditioned residual.
  var initialSums: SIMD2<Double> { SIMD2(Self.dot(r.span, r.span), Self.dot(r.span, p.span)) }

  /// p · A p.
  var curvature: Double { Self.dot(p.span, q.span) }

  /// Goes a step in the direction.
  ///
  /// - Returns: r · r and r · z of the new residual, found in the same pass.
  mutating func advance(by step: Double) -> SIMD2<Double> {
    Self.advance(&x, &r, by: step, p, q, inverse)
  }

  /// Turns to the preconditioned residual and so much of the direction before.
  mutating func turn(keeping ratio: Double) { Self.turn(&p, keeping: ratio, r, inverse) }

  private static func advance(
    _ x: inout [Double], _ r: inout [Double], by step: Double, _ p: [Double], _ q: [Double], _ inverse: [Double]
  ) -> SIMD2<Double> {
    let count = p.count
    let (p, q, inverse) = (p.span, q.span, inverse.span)
    var x = x.mutableSpan
    var r = r.mutableSpan
    precondition(q.count == count && x.count == count && r.count == count)
    var (square, preconditioned) = (0.0, 0.0)
    if inverse.isEmpty {
      for index in 0..<count {
        x[index] += step * p[index]
        let rest = r[index] - step * q[index]
        r[index] = rest
        square += rest * rest
      }
      return SIMD2(square, square)
    }
    precondition(inverse.count == count)
    for index in 0..<count {
      x[index] += step * p[index]
      let rest = r[index] - step * q[index]
      r[index] = rest
      square += rest * rest
      preconditioned += rest * (rest * inverse[index])
    }
    return SIMD2(square, preconditioned)
  }

  private static func turn(
    _ p: inout [Double], keeping ratio: Double, _ r: [Double], _ inverse: [Double]
  ) {
    let count = r.count
    let (r, inverse) = (r.span, inverse.span)
    var p = p.mutableSpan
    precondition(p.count == count && (inverse.isEmpty || inverse.count == count))
    if inverse.isEmpty {
      for index in 0..<count { p[index] = r[index] + ratio * p[index] }
    } else {
      for index in 0..<count { p[index] = r[index] * inverse[index] + ratio * p[index] }
    }
  }

  /// Four sums at a time, so that no addition waits for the one before.
  private static func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
    let count = a.count
    precondition(b.count == count)
    var sums = SIMD4<Double>()
    var index = 0
    while index &+ 4 <= count {
      sums +=
        SIMD4(a[index], a[index &+ 1], a[index &+ 2], a[index &+ 3])
        * SIMD4(b[index], b[index &+ 1], b[index &+ 2], b[index &+ 3])
      index &+= 4
    }
    var sum = sums.sum()
    while index < count {
      sum += a[index] * b[index]
      index &+= 1
    }
    return sum
  }
}
