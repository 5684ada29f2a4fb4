extension Communicator {
  /// What one rank has of a buffer that all share equally.
  ///
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
    let each = division.quotient(of: count)
    return each <= division.most ? Int(bitPattern: each) : nil
  }
}

/// Divides counts by the number of ranks, without a division.
///
/// The number is 2ˢ × d with an odd d. Multiplied by the inverse of d modulo 2⁶⁴ and turned to the right by s bits, a count
/// becomes its quotient where that is whole. As this maps the numbers below 2⁶⁴ one to one, any other count becomes more
/// than the largest whole quotient, which is 2³³ at least (Warren: Hacker's Delight, 2nd edition, §10–17).
@frozen @usableFromInline
struct Division {
  @usableFromInline let inverse: UInt
  @usableFromInline let shift: UInt
  /// The largest whole quotient of what a word holds; 0 without ranks, when 0 alone can be divided.
  @usableFromInline let most: UInt

  init(by size: Int32) {
    guard size > 0 else {
      (inverse, shift, most) = (1, 0, 0)
      return
    }
    shift = UInt(size.trailingZeroBitCount)
    most = UInt.max / UInt(size)
    let odd = UInt(size) &>> shift
    // Right in three bits, and in twice as many after each step.
    var inverse = odd
    for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
    self.inverse = inverse
  }

  @inlinable @inline(__always)
  func quotient(of count: Int) -> UInt {
    let product = UInt(bitPattern: count) &* inverse
    return product &>> shift | product &<< (0 &- shift)
  }
}
