/// A sum of products of integers that no number of them can overflow: 192 bits in all.
struct ExactSum: Equatable {
  /// The part above 2⁶⁴.
  var high: Int128 = 0
  /// The part below 2⁶⁴ of each product, added up.
  var low: UInt128 = 0
}

extension ExactSum {
  /// The sum of 32 bits of the number in each of the first six lanes, lowest first and the last one signed.
  ///
  /// `MPI_SUM` adds such lanes for up to 2³¹ ranks without a carry.
  var lanes: SIMD8<Int64> {
    let high = high &+ Int128(truncatingIfNeeded: low >> 64)
    let low = UInt64(truncatingIfNeeded: low)
    return [
      Int64(low & 0xFFFF_FFFF), Int64(low >> 32), Int64(high & 0xFFFF_FFFF), Int64((high >> 32) & 0xFFFF_FFFF),
      Int64((high >> 64) & 0xFFFF_FFFF), Int64(high >> 96), 0, 0,
    ]
  }

  /// The sum from its lanes, in which carries may have gathered; `nil` if it is not representable in 128 bits.
  static func value(of lanes: SIMD8<Int64>) -> Int128? {
    var digits: [UInt64] = []
    var carry: Int64 = 0
    for lane in 0..<5 {
      let sum = lanes[lane] + carry
      digits.append(UInt64(truncatingIfNeeded: sum & 0xFFFF_FFFF))
      carry = sum >> 32
    }
    let top = lanes[5] + carry
    let middle = Int64(truncatingIfNeeded: digits[3] << 32 | digits[2])
    // What is above 128 bits must be nothing but the sign.
    let above = Int128(top) << 32 | Int128(digits[4])
    guard above == (middle < 0 ? -1 : 0) else { return nil }
    return Int128(middle) << 64 | Int128(digits[1] << 32 | digits[0])
  }
}
