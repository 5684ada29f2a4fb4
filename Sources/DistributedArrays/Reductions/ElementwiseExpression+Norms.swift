public import MPI

/// Which norm of the elements of an array.
public enum Norm: Sendable {
  /// The sum of the magnitudes.
  case one
  /// The square root of the sum of the squares of the magnitudes; of a matrix, the Frobenius norm.
  case two
  /// The largest magnitude.
  case infinity
}

extension ElementwiseExpression where Element: ArrayElement {
  /// A norm of all elements, as of one long vector.
  ///
  /// Collective: one `MPI_Allreduce` of 8 bytes. The norm of order two neither overflows nor loses small elements: where
  /// the squares would, the elements are scaled by their largest magnitude, in a second pass and with a second
  /// `MPI_Allreduce`. An element that is not a number makes the norm what it is.
  ///
  /// - Parameter norm: Which one.
  /// - Returns: The norm in double precision, the same on every rank; zero for no elements.
  /// - Throws: As the evaluation of an expression.
  @inlinable
  public func norm(_ norm: Norm = .two) throws(MPIError) -> Double {
    let reduction = try LocalReduction(self)
    let communicator = reduction.communicator
    switch norm {
    case .one: return try communicator.allReduce(reduction.local(0, +) { Element.magnitudeSum($0) }, .sum)
    case .infinity: return try reduction.largestMagnitude()
    case .two:
      let squares = try communicator.allReduce(reduction.squareSum(scaledBy: 1), .sum)
      // Every rank has the same sum, and comes to the same decision.
      if squares > 0x1p-960 && squares < .infinity { return squares.squareRoot() }
      let largest = try reduction.largestMagnitude()
      if largest == 0 || !largest.isFinite { return largest }
      let scale = Double(sign: .plus, exponent: -max(largest.exponent, -1022), significand: 1)
      let scaled = try communicator.allReduce(reduction.squareSum(scaledBy: scale), .sum)
      return scaled.squareRoot() / scale
    }
  }
}

extension LocalReduction where Expression.Element: ArrayElement {
  /// The sum of the squares of this rank's magnitudes, each multiplied by a factor first.
  @inlinable
  func squareSum(scaledBy factor: Double) -> Double {
    if range.isEmpty { return 0 }
    if isStored { return kernel.reduce(range, +) { Expression.Element.squareSum($0, scaledBy: factor) } }
    return withExtendedLifetime(kernel) { Expression.Element.squareSum(of: kernel, range, scaledBy: factor) }
  }

  /// The largest magnitude on any rank; NaN if there is one.
  @inlinable
  func largestMagnitude() throws(MPIError) -> Double {
    let largest = local(0, { $1.isNaN || $1 > $0 ? $1 : $0 }, { Expression.Element.largestMagnitude($0) })
    // Keys are compared, because it is not said what MPI makes of NaN.
    return Double(orderKey: try communicator.allReduce(largest.isNaN ? .max : largest.orderKey, .maximum))
  }
}

extension DistributedMatrix where Element: ArrayElement {
  /// The square root of the sum of the squares of the magnitudes of all elements.
  ///
  /// Collective, as ``ElementwiseExpression/norm(_:)``.
  @inlinable
  public func frobeniusNorm() throws(MPIError) -> Double { try norm(.two) }
}
