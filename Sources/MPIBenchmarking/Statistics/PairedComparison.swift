/// Two programs that were measured in turn, so that what disturbs one disturbs the other.
public struct PairedComparison: Sendable {
  /// What was compared with.
  public let reference: Sample
  /// What was compared.
  public let candidate: Sample
  /// The candidate's measurement over the reference's, of each pair of neighbours in time.
  public let ratios: Sample

  /// A comparison of measurements in pairs: the n-th of each were made one after the other.
  public init(reference: [Double], candidate: [Double]) {
    precondition(reference.count == candidate.count, "measurements that are compared come in pairs")
    self.reference = Sample(reference)
    self.candidate = Sample(candidate)
    ratios = Sample(zip(reference, candidate).map { $0 > 0 ? $1 / $0 : 1 })
  }

  /// The median of the ratios: 1 where both take the same time.
  public var ratio: Double { ratios.median }

  /// Where the true median of the ratios lies, with a confidence of 95 %.
  public var interval: ClosedRange<Double> { ratios.medianInterval() }

  /// Whether the interval contains 1, or lies within so much of it.
  public func isEven(within tolerance: Double = 0) -> Bool {
    interval.lowerBound <= 1 + tolerance && interval.upperBound >= 1 - tolerance
  }
}
