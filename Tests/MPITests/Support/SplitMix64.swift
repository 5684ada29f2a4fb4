/// A generator of random numbers that gives the same on every rank from the same seed (Steele, Lea, Flood 2014).
///
/// What another rank draws is known everywhere: `SplitMix64(seed, rank: other)` is that rank's generator.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  /// The generator that all ranks share.
  init(_ seed: UInt64) { state = seed }

  /// The generator of one rank.
  init(_ seed: UInt64, rank: Int) {
    var mixer = SplitMix64(seed &* 0x2545_F491_4F6C_DD1D &+ UInt64(rank) &+ 1)
    state = mixer.next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A value that can be drawn at random, such that sums and products of a few are exact in any order.
protocol RandomElement: Sendable, Equatable {
  static func random(_ generator: inout SplitMix64) -> Self
}

extension RandomElement {
  /// The values that one rank draws: any rank can ask for those of any other.
  static func drawn(_ count: Int, seed: UInt64 = 1, rank: Int) -> [Self] {
    var generator = SplitMix64(seed, rank: rank)
    return (0..<count).map { _ in random(&generator) }
  }

  /// The values of every rank, by rank.
  static func drawnByAll(_ count: Int, seed: UInt64 = 1, ranks: Int) -> [[Self]] {
    (0..<ranks).map { drawn(count, seed: seed, rank: $0) }
  }
}

extension RandomElement where Self: FixedWidthInteger {
  static func random(_ generator: inout SplitMix64) -> Self { Self(truncatingIfNeeded: generator.next()) }
}

extension RandomElement where Self: BinaryFloatingPoint {
  /// One, two or three times a small power of two: of seven such numbers all sums and products are exact in `Float`.
  static func random(_ generator: inout SplitMix64) -> Self {
    let digit = Self(Int(generator.next() % 3) + 1)
    let sign: Self = generator.next() & 1 == 0 ? 1 : -1
    return sign * digit * Self(sign: .plus, exponent: Self.Exponent(Int(generator.next() % 5) - 2), significand: 1)
  }
}

extension Int: RandomElement {}
extension Int8: RandomElement {}
extension Int16: RandomElement {}
extension Int32: RandomElement {}
extension Int64: RandomElement {}
extension UInt: RandomElement {}
extension UInt8: RandomElement {}
extension UInt16: RandomElement {}
extension UInt32: RandomElement {}
extension UInt64: RandomElement {}
extension Float: RandomElement {}
extension Double: RandomElement {}
#if (arch(x86_64) || arch(i386)) && !os(Windows) && !os(Android)
  extension Float80: RandomElement {}
#endif

extension Bool: RandomElement {
  static func random(_ generator: inout SplitMix64) -> Bool { generator.next() & 1 == 1 }
}

extension SIMD2: RandomElement where Scalar: RandomElement {
  static func random(_ generator: inout SplitMix64) -> Self { Self(.random(&generator), .random(&generator)) }
}

extension SIMD3: RandomElement where Scalar: RandomElement {
  static func random(_ generator: inout SplitMix64) -> Self {
    Self(.random(&generator), .random(&generator), .random(&generator))
  }
}

extension SIMD4: RandomElement where Scalar: RandomElement {
  static func random(_ generator: inout SplitMix64) -> Self {
    Self(.random(&generator), .random(&generator), .random(&generator), .random(&generator))
  }
}
