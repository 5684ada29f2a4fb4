/// The magnitudes of eight numbers.
@inline(__always)
func magnitudes(_ x: SIMD8<Double>) -> SIMD8<Double> {
  unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt64>.self) & SIMD8(repeating: ~(1 << 63)), to: SIMD8<Double>.self)
}

extension RawSpan {
  /// How many numbers there are.
  @inline(__always)
  func realCount(isSingle: Bool) -> Int { byteCount / (isSingle ? 4 : 8) }

  /// Eight numbers in a row, in double precision.
  @inline(__always)
  func reals(at index: Int, isSingle: Bool) -> SIMD8<Double> { isSingle ? floats(at: index) : doubles(at: index) }

  /// The last numbers, less than eight, filled up.
  @inline(__always)
  func reals(from start: Int, isSingle: Bool, filledUpBy filler: Double) -> SIMD8<Double> {
    var last = SIMD8<Double>(repeating: filler)
    for lane in 0..<realCount(isSingle: isSingle) - start {
      last[lane] =
        isSingle
        ? Double(unsafeLoadUnaligned(fromByteOffset: (start + lane) * 4, as: Float.self))
        : unsafeLoadUnaligned(fromByteOffset: (start + lane) * 8, as: Double.self)
    }
    return last
  }
}

/// The sum of a function of the numbers, in eight lanes; zero of zero.
///
/// Sums blocks straight on, and the blocks' sums in pairs, as ``pairwiseSum``; without a closure between the loop and the
/// function, which the optimizer would not see through.
@inline(__always)
func realLanes(
  _ x: RawSpan, isSingle: Bool, _ term: (SIMD8<Double>) -> SIMD8<Double>
) -> SIMD8<Double> {
  let count = x.realCount(isSingle: isSingle)
  let blockLength = 4096
  var blockCount = max((count + blockLength - 1) / blockLength, 1)
  return withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: blockCount) { sums in
    for block in 0..<blockCount {
      var index = block &* blockLength
      let end = min(index &+ blockLength, count)
      var sum0 = SIMD8<Double>.zero
      var sum1 = SIMD8<Double>.zero
      while index &+ 16 <= end {
        sum0 += term(x.reals(at: index, isSingle: isSingle))
        sum1 += term(x.reals(at: index &+ 8, isSingle: isSingle))
        index &+= 16
      }
      if index &+ 8 <= end {
        sum0 += term(x.reals(at: index, isSingle: isSingle))
        index &+= 8
      }
      // Blocks are whole but for the last one.
      if index < end { sum1 += term(x.reals(from: index, isSingle: isSingle, filledUpBy: 0)) }
      sums.initializeElement(at: block, to: sum0 + sum1)
    }
    while blockCount > 1 {
      for pair in 0..<blockCount / 2 { sums[pair] = sums[2 * pair] + sums[2 * pair + 1] }
      if blockCount % 2 == 1 { sums[blockCount / 2] = sums[blockCount - 1] }
      blockCount = (blockCount + 1) / 2
    }
    return sums[0]
  }
}

/// The sum of a function of the numbers; zero of zero.
@inline(__always)
func realSum(_ x: RawSpan, isSingle: Bool, _ term: (SIMD8<Double>) -> SIMD8<Double>) -> Double {
  realLanes(x, isSingle: isSingle, term).sum()
}

/// The most extreme of a function of the numbers; NaN if there is one among them.
@inline(__always)
func realExtreme(
  _ x: RawSpan, isSingle: Bool, from start: Double, _ term: (SIMD8<Double>) -> SIMD8<Double>,
  _ isBetter: (SIMD8<Double>, SIMD8<Double>) -> SIMDMask<SIMD8<Int64>>
) -> Double {
  var best = SIMD8<Double>(repeating: start)
  var isOrdered = SIMDMask<SIMD8<Int64>>(repeating: true)
  let count = x.realCount(isSingle: isSingle)
  var index = 0
  while index < count {
    let next =
      index &+ 8 <= count
      ? x.reals(at: index, isSingle: isSingle) : x.reals(from: index, isSingle: isSingle, filledUpBy: start)
    let values = term(next)
    best.replace(with: values, where: isBetter(values, best))
    isOrdered .&= values .== values
    index &+= 8
  }
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
