/// The magnitudes of eight numbers.
@inlinable @inline(__always)
func magnitudes(_ x: SIMD8<Double>) -> SIMD8<Double> {
  unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt64>.self) & SIMD8(repeating: ~(1 << 63)), to: SIMD8<Double>.self)
}

/// The sum of a function of the numbers, in eight lanes; the function of zero must be zero.
///
/// Sums blocks straight on, and the blocks' sums in pairs, as ``pairwiseSum``; without a closure between the loop and the
/// function, which the optimizer would not see through.
@inlinable @inline(__always)
func realLanes<Source: RealSource>(
  _ source: Source, _ range: Range<Int>, _ term: (SIMD8<Double>) -> SIMD8<Double>
) -> SIMD8<Double> {
  // As in a binary counter: a level has the sum of 2^level blocks where that bit of the number of blocks is set.
  let levelCount = Int.bitWidth &- (range.count / 4096).leadingZeroBitCount &+ 1
  return withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: levelCount) { sums in
    let levels = sums.baseAddress!
    var index = range.lowerBound
    var blockCount = 0
    repeat {
      let end = min(index &+ 4096, range.upperBound)
      var sum0 = SIMD8<Double>.zero
      var sum1 = SIMD8<Double>.zero
      while index &+ 16 <= end {
        sum0 += term(source.lanes(at: index))
        sum1 += term(source.lanes(at: index &+ 8))
        index &+= 16
      }
      if index &+ 8 <= end {
        sum0 += term(source.lanes(at: index))
        index &+= 8
      }
      // Blocks are whole but for the last one.
      if index < end {
        sum1 += term(source.lanes(index..<end, filledUpBy: 0))
        index = end
      }
      var sum = sum0 + sum1
      let level = (~blockCount).trailingZeroBitCount
      for lower in 0..<level { sum = levels[lower] + sum }
      (levels + level).initialize(to: sum)
      blockCount &+= 1
    } while index < range.upperBound
    var total = SIMD8<Double>.zero
    for level in 0..<levelCount where blockCount &>> level & 1 == 1 { total = levels[level] + total }
    return total
  }
}

/// The sum of a function of the numbers; the function of zero must be zero.
@inlinable @inline(__always)
func realSum<Source: RealSource>(
  _ source: Source, _ range: Range<Int>, _ term: (SIMD8<Double>) -> SIMD8<Double> = { $0 }
) -> Double {
  realLanes(source, range, term).sum()
}

/// The sum of the squares of the numbers, each multiplied by a factor first.
@inlinable @inline(__always)
func realSquareSum<Source: RealSource>(_ source: Source, _ range: Range<Int>, scaledBy factor: Double) -> Double {
  // The usual factor, without the multiplications by it.
  factor == 1
    ? realSum(source, range) { $0 * $0 } : realSum(source, range) { ($0 * factor) * ($0 * factor) }
}

/// The most extreme of a function of the numbers; NaN if there is one among them.
@inline(__always)
func realExtreme<Source: RealSource>(
  _ source: Source, _ range: Range<Int>, from start: Double, _ term: (SIMD8<Double>) -> SIMD8<Double>,
  _ isBetter: (SIMD8<Double>, SIMD8<Double>) -> SIMDMask<SIMD8<Int64>>
) -> Double {
  var best = SIMD8<Double>(repeating: start)
  var isOrdered = SIMDMask<SIMD4<Int64>>(repeating: true)
  @inline(__always)
  func take(_ values: SIMD8<Double>) {
    best.replace(with: values, where: isBetter(values, best))
    // One comparison for two vectors: both are ordered with themselves if they are with each other.
    let (low, high) = (values.lowHalf, values.highHalf)
    isOrdered .&= (low .== low) .& (high .== high)
  }
  var index = range.lowerBound
  while index &+ 16 <= range.upperBound {
    take(term(source.lanes(at: index)))
    take(term(source.lanes(at: index &+ 8)))
    index &+= 16
  }
  if index &+ 8 <= range.upperBound {
    take(term(source.lanes(at: index)))
    index &+= 8
  }
  if index < range.upperBound { take(term(source.lanes(index..<range.upperBound, filledUpBy: start))) }
  if isOrdered != SIMDMask(repeating: true) { return .nan }
  var result = best[0]
  for lane in 1..<8 {
    let (one, other) = (SIMD8<Double>(repeating: best[lane]), SIMD8<Double>(repeating: result))
    if isBetter(one, other)[0] {
      result = best[lane]
    }
  }
  return result
}
