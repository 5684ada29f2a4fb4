extension Communicator {
  /// What one rank has of a buffer that all share equally.
  ///
  /// The quotient of a multiple of the size is the upper word of a product, without a division, and any other number is
  /// found out by multiplying back: see ``shareFactor(of:)``.
  @inlinable @inline(__always)
  final func part(of count: Int, _ procedure: StaticString) throws(MPIError) -> Int {
    guard let each = wholePart(of: count) else {
      throw lengthError(procedure, "a buffer of \(count) values does not divide among \(size) ranks")
    }
    return each
  }

  /// The same; `nil` where it does not come out.
  @inlinable @inline(__always)
  final func wholePart(of count: Int) -> Int? {
    let each = Int(bitPattern: (UInt(bitPattern: count) &<< 1).multipliedFullWidth(by: shareFactor).high)
    return each &* size == count ? each : nil
  }

  /// By what twice a count is multiplied to have its quotient by the size in the upper word: ⌊2⁶³ / size⌋ + 1.
  ///
  /// That is 2⁶³ / size + d with 0 < d ≤ 1, so that of a count k × size the product is k × 2⁶⁴ + 2 × count × d, whose last
  /// term is below 2⁶⁴ as the count is below 2⁶³: the upper word is k. Of another count no whole number times the size is
  /// the count, and the upper word is at most one above the true quotient, so that the product with the size stays below
  /// 2⁶⁴.
  static func shareFactor(of size: Int32) -> UInt {
    size > 0 ? (1 << 63) / UInt(size) + 1 : 0
  }
}
