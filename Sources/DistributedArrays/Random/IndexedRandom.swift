/// Random numbers by index: any rank makes any of them, in any order, and all see the same sequence.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014), whose state at any
/// place is a product away. Good for tests and simulations, not for secrets.
@frozen
public struct IndexedRandom: Hashable, Sendable {
  @usableFromInline let origin: UInt64

  /// One of many sequences.
  ///
  /// - Parameters:
  ///   - seed: Chooses the sequence.
  ///   - stream: Chooses another one with the same seed, for a second array for example.
  @inlinable
  public init(seed: UInt64, stream: UInt64 = 0) {
    origin = Self.mixed(seed ^ Self.mixed(stream &+ Self.step))
  }

  /// The 64 random bits at a place, which is any integer.
  @inlinable
  public func bits(at index: Int) -> UInt64 {
    Self.mixed(origin &+ (UInt64(bitPattern: Int64(index)) &+ 1) &* Self.step)
  }

  /// The number at a place, evenly distributed over 0 ..< 1 in steps of the type's precision.
  @inlinable
  public func uniform<Value: BinaryFloatingPoint>(_ type: Value.Type = Value.self, at index: Int) -> Value {
    let precision = min(Value.significandBitCount + 1, 63)
    let scale = Value(sign: .plus, exponent: Value.Exponent(-precision), significand: 1)
    return Value(Int(truncatingIfNeeded: bits(at: index) >> UInt64(64 - precision))) * scale
  }

  /// The fractional part of the golden ratio, as an odd number.
  @inlinable
  static var step: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  @inlinable
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
