/// A sum of products in about twice double precision.
///
/// Algorithm Dot2 of Ogita, Rump and Oishi ("Accurate sum and dot product", SIAM J. Sci. Comput. 26, 2005): what every
/// product and every addition loses is added up apart. Shares no code with the sum that it checks.
struct ReferenceSum {
  /// The sum, and what was lost in it.
  var high = 0.0
  var low = 0.0

  /// The sum of the products' magnitudes.
  var magnitude = 0.0

  /// What products there were that are not finite, and so are not in the sum.
  var specials: Specials = []

  struct Specials: OptionSet {
    let rawValue: Int
    static let notANumber = Specials(rawValue: 1)
    static let positiveInfinity = Specials(rawValue: 2)
    static let negativeInfinity = Specials(rawValue: 4)
  }

  /// The value, rounded once.
  var value: Double { high + low }

  mutating func add(product a: Double, _ b: Double) {
    let product = a * b
    guard product.isFinite else {
      specials.insert(product.isNaN ? .notANumber : product > 0 ? .positiveInfinity : .negativeInfinity)
      return
    }
    add(product, error: (-product).addingProduct(a, b))
    magnitude += abs(product)
  }

  private mutating func add(_ term: Double, error: Double) {
    let sum = high + term
    let rounded = sum - high
    low += (high - (sum - rounded)) + (term - rounded) + error
    high = sum
  }

  mutating func add(_ other: ReferenceSum) {
    add(other.high, error: other.low)
    magnitude += other.magnitude
    specials.formUnion(other.specials)
  }
}

extension ReferenceSum {
  /// As it travels to the other ranks.
  var packed: SIMD4<Double> { [high, low, magnitude, Double(specials.rawValue)] }

  init(packed: SIMD4<Double>) {
    high = packed[0]
    low = packed[1]
    magnitude = packed[2]
    specials = Specials(rawValue: Int(packed[3]))
  }
}

extension ReferenceSum {
  enum Verdict {
    case right(String)
    case wrong(String)
  }

  /// Compares a sum of products of so many elements on so many ranks.
  ///
  /// The library's sum of n elements goes through no more than 280 + log₂ n roundings on a rank, and MPI adds one for
  /// each rank; each is off by at most 2⁻⁵³ of the magnitudes. Products too small for double precision lose 2⁻¹⁰⁷⁴.
  func verdict(on sum: Double, count: Int, ranks: Int) -> Verdict {
    guard magnitude.isFinite else {
      return .wrong("The sum cannot be checked: the products' magnitudes exceed double precision together.")
    }
    if !specials.isEmpty {
      let expected: Double =
        switch specials {
        case .positiveInfinity: .infinity
        case .negativeInfinity: -.infinity
        default: .nan
        }
      let isRight = sum == expected || sum.isNaN && expected.isNaN
      return isRight
        ? .right("some products are not finite, and make the sum \(expected)")
        : .wrong("The sum is \(sum), but some products are not finite and make it \(expected).")
    }
    let roundings = 280 + Double(Double(max(count, 1)).exponent + 1 + ranks)
    let allowed = roundings * 0x1p-53 * magnitude + Double(count) * Double.leastNonzeroMagnitude
    let difference = abs(sum - high - low)
    return difference <= allowed
      ? .right("in twice the precision it is \(value); the difference \(difference) is within \(allowed)")
      : .wrong("The sum is \(sum), in twice the precision \(value): they differ by \(difference), over \(allowed).")
  }
}
