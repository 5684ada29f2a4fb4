internal import CBinnedSum
internal import MPI

/// A sum of real numbers, or of complex ones, that does not depend on their order.
///
/// Every number is rounded to a multiple of one unit, which depends on the largest magnitude among all numbers only: at
/// most 2⁻¹⁰⁰ of it. The sum of these multiples is exact, whatever the order, and rounded in the end. To do so in one pass
/// without knowing the largest magnitude beforehand, the units are cut from a fixed grid, 2⁵⁰ apart, and each number is cut
/// into multiples of the three units below the largest magnitude so far (Demmel & Nguyen: "Parallel reproducible
/// summation", IEEE Transactions on Computers 64 (7), 2015, §4–5); when a larger one comes, the lowest is dropped. Cut by
/// adding 1.5 · 2⁵² units, whose last bits are then the multiple: integers, whose sums are exact.
@usableFromInline
struct BinnedSum: Sendable {
  /// Which unit of the grid is the largest of the three: unit j is 2^(-1074 + 50 j). The largest magnitude is below 2⁴⁹
  /// such units.
  private var top = 1
  /// The sums in multiples of the three units, largest first: real parts, then imaginary parts.
  private var folds = [Int128](repeating: 0, count: 6)
  /// Bits that say which infinities were among the numbers, and whether one was not a number.
  private var specials: UInt8 = 0
  private var units = Self.units(of: 1)

  /// No numbers.
  init() {}

  /// Where sums go.
  enum Parts { case real, imaginary, alternating }

  /// Adds numbers, or products of numbers.
  ///
  /// - Parameters:
  ///   - kind: What the numbers are made of.
  ///   - pairing: How products of complex numbers are combined.
  ///   - x: The first operand.
  ///   - y: The second one of products.
  ///   - count: How many real numbers there are.
  ///   - parts: Where they go.
  mutating func add(
    _ kind: CBinnedKind, _ pairing: CBinnedPairing, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer?, count: Int,
    to parts: Parts
  ) {
    let size = kind == .doubles || kind == .doubleProducts ? 8 : 4
    var start = 0
    while start < count {
      let length = min(count - start, Int(CBINNED_BLOCK_CAPACITY))
      let (x, y) = (x + start * size, y.map { $0 + start * size })
      var block = CBinnedBlock()
      cbinned_sum(kind, pairing, x, y, Int64(length), units, &block)
      start += length
      if block.top >= 0x7FF0 {
        addSpecial(kind, pairing, x, y, length, parts)
        continue
      }
      // Scaled numbers are of the largest unit that there is.
      let needed = units.scale == 1 ? (Int(block.top >> 4) + 52) / 50 : top
      if needed > top {
        raise(to: needed)
        cbinned_sum(kind, pairing, x, y, Int64(length), units, &block)
      }
      accept(block, parts)
    }
  }

  private mutating func accept(_ block: CBinnedBlock, _ parts: Parts) {
    let sums = [block.folds.0, block.folds.1, block.folds.2]
    for fold in 0..<3 {
      let (even, odd) = (Int128(sums[fold].0), Int128(sums[fold].1))
      switch parts {
      case .real: folds[fold] += even + odd
      case .imaginary: folds[3 + fold] += even + odd
      case .alternating:
        folds[fold] += even
        folds[3 + fold] += odd
      }
    }
  }

  /// Adds numbers among which some are infinite or not numbers.
  private mutating func addSpecial(
    _ kind: CBinnedKind, _ pairing: CBinnedPairing, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer?, _ count: Int,
    _ parts: Parts
  ) {
    func number(_ memory: UnsafeRawPointer, _ index: Int) -> Double {
      kind == .floats || kind == .floatProducts
        ? Double(memory.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
        : memory.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
    }
    var finite = [Double](repeating: 0, count: count)
    for index in 0..<count {
      var value = number(x, index)
      if let y {
        let other = number(y, pairing == .imaginaryPart ? index ^ 1 : index)
        value *= pairing == .realPart && index % 2 == 1 ? -other : other
      }
      if value.isFinite {
        finite[index] = value
      } else {
        let bit: UInt8 = value.isNaN ? 4 : value > 0 ? 1 : 2
        let isImaginary = parts == .imaginary || parts == .alternating && index % 2 == 1
        specials |= isImaginary ? bit << 3 : bit
      }
    }
    finite.withUnsafeBytes { add(.doubles, .straight, $0.baseAddress!, nil, count: count, to: parts) }
  }

  /// Drops what is below the three units of a larger magnitude.
  private mutating func raise(to unit: Int) {
    let steps = unit - top
    if steps <= 0 { return }
    for start in [0, 3] {
      for fold in (0..<3).reversed() { folds[start + fold] = fold >= steps ? folds[start + fold - steps] : 0 }
    }
    top = unit
    units = Self.units(of: unit)
  }

  private static func units(of top: Int) -> CBinnedUnits {
    // Adding to the largest numbers would overflow: they are scaled.
    let shift = top >= 41 ? 100 : 0
    func magic(_ fold: Int) -> Double {
      Double(sign: .plus, exponent: 52 - 1074 + 50 * (top - fold) - shift, significand: 1.5)
    }
    return CBinnedUnits(
      magic: (magic(0), magic(1), magic(2)), scale: Double(sign: .plus, exponent: -shift, significand: 1))
  }
}

extension BinnedSum {
  /// Both sums in one.
  func merged(with other: BinnedSum) -> BinnedSum {
    var (result, other) = (self, other)
    result.raise(to: other.top)
    other.raise(to: top)
    for fold in 0..<6 { result.folds[fold] += other.folds[fold] }
    result.specials |= other.specials
    return result
  }

  /// The sum over all ranks. Collective: one `MPI_Allreduce` of 128 bytes.
  func total(on communicator: Communicator) throws(MPIError) -> (real: Double, imaginary: Double) {
    let sum = BinnedSum(wire: try communicator.allReduce(wire, Self.merging))
    return (sum.rounded(0), sum.rounded(1))
  }

  /// One of the two sums, rounded.
  private func rounded(_ part: Int) -> Double {
    switch specials >> UInt8(3 * part) & 7 {
    case 0: break
    case 1: return .infinity
    case 2: return -.infinity
    default: return .nan
    }
    let digit = Int128(1) << 50
    var (high, middle, low) = (folds[3 * part], folds[3 * part + 1], folds[3 * part + 2])
    middle += low >> 50
    low &= digit - 1
    high += middle >> 50
    middle &= digit - 1
    let units = (Double(high) * 0x1p100 + Double(middle) * 0x1p50) + Double(low)
    return Double(sign: .plus, exponent: -1074 + 50 * (top - 2), significand: units)
  }

  private static let merging = Reduction<SIMD16<Int64>>(isCommutative: true) {
    BinnedSum(wire: $0).merged(with: BinnedSum(wire: $1)).wire
  }

  private var wire: SIMD16<Int64> {
    var wire = SIMD16<Int64>.zero
    wire[0] = Int64(top)
    wire[1] = Int64(specials)
    for fold in 0..<6 {
      wire[2 + 2 * fold] = Int64(truncatingIfNeeded: folds[fold] >> 64)
      wire[3 + 2 * fold] = Int64(truncatingIfNeeded: folds[fold])
    }
    return wire
  }

  private init(wire: SIMD16<Int64>) {
    top = Int(wire[0])
    units = Self.units(of: top)
    specials = UInt8(wire[1])
    for fold in 0..<6 {
      folds[fold] = Int128(wire[2 + 2 * fold]) << 64 | Int128(UInt64(bitPattern: wire[3 + 2 * fold]))
    }
  }
}
