/// Measurements of one quantity, in order of size.
public struct Sample: Sendable, Equatable {
  /// The measurements, the smallest first.
  public let sorted: [Double]

  /// A sample of measurements in any order, of which there is at least one.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "a sample of no measurements has no median")
    sorted = values.sorted()
  }

  /// The middle measurement, or the mean of the two in the middle.
  public var median: Double { quantile(0.5) }

  /// The value below which a part of the measurements lies, interpolated between the two nearest.
  ///
  /// - Parameter part: From 0, the smallest, to 1, the largest.
  public func quantile(_ part: Double) -> Double {
    let place = Double(sorted.count - 1) * min(max(part, 0), 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }

  /// Half of the distance between the quartiles, as a part of the median: what is usual for one measurement to be off.
  public var spread: Double {
    let median = median
    return median == 0 ? 0 : (quantile(0.75) - quantile(0.25)) / 2 / abs(median)
  }

  /// Where the median of all measurements that could have been made lies, with so much confidence.
  ///
  /// From order statistics, with no assumption on how measurements are distributed: the number of them below the true
  /// median is binomial, so that the k-th smallest and the k-th largest enclose it with a probability that is known
  /// (David and Nagaraja, Order Statistics, 3rd edition, §7.1). With fewer than six measurements, at 95 %, all of them.
  ///
  /// - Parameter confidence: The least probability that the interval contains the true median.
  public func medianInterval(confidence: Double = 0.95) -> ClosedRange<Double> {
    let count = sorted.count
    // The probability that at most `rank` of them lie below the median, as a running sum of the binomial distribution.
    var outside = 0.0
    var rank = 0
    while rank < count / 2 {
      let next = outside + Self.binomialHalf(count, rank)
      if 2 * next > 1 - confidence { break }
      outside = next
      rank += 1
    }
    let first = max(rank - 1, 0)
    return sorted[first]...sorted[count - 1 - first]
  }

  /// The probability of `successes` in `trials` throws of a fair coin.
  static func binomialHalf(_ trials: Int, _ successes: Int) -> Double {
    // By factors, so that nothing overflows or vanishes on the way for any number of trials that is measured.
    var result = 1.0
    var halvings = trials
    for step in 0..<successes {
      result *= Double(trials - step) / Double(step + 1)
      while result > 1, halvings > 0 {
        result /= 2
        halvings -= 1
      }
    }
    for _ in 0..<halvings { result /= 2 }
    return result
  }
}
