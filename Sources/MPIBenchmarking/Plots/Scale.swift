#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// Where values lie along an axis.
struct Scale {
  let values: ClosedRange<Double>
  let places: (from: Double, to: Double)
  let isLogarithmic: Bool

  init(_ values: ClosedRange<Double>, from: Double, to: Double, isLogarithmic: Bool = false) {
    self.values = values
    places = (from, to)
    self.isLogarithmic = isLogarithmic
  }

  func place(_ value: Double) -> Double {
    let value = min(max(value, values.lowerBound), values.upperBound)
    let (low, high, at) =
      isLogarithmic
      ? (log(values.lowerBound), log(values.upperBound), log(value)) : (values.lowerBound, values.upperBound, value)
    guard high > low else { return (places.from + places.to) / 2 }
    return places.from + (at - low) / (high - low) * (places.to - places.from)
  }

  /// Powers of a number within the values, with those just outside.
  static func powers(of base: Double, around values: ClosedRange<Double>) -> [Double] {
    let first = (log(values.lowerBound) / log(base) + 1e-9).rounded(.down)
    let last = (log(values.upperBound) / log(base) - 1e-9).rounded(.up)
    return stride(from: first, through: max(last, first), by: 1).map { pow(base, $0) }
  }
}

/// A number of bytes with a binary unit: 8, 64 Ki, 2 Mi.
func bytesLabel(_ bytes: Double) -> String {
  switch bytes {
  case 1_048_576...: "\(decimal(bytes / 1_048_576, 0)) Mi"
  case 1024...: "\(decimal(bytes / 1024, 0)) Ki"
  default: decimal(bytes, 0)
  }
}
