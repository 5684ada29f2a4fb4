/// Sums over a range: straight on in blocks, and the blocks' sums in pairs, so that errors grow with their logarithm.
///
/// Goes through the range in order, once.
///
/// - Parameters:
///   - range: Which elements.
///   - blockLength: How many are summed straight on.
///   - block: Sums some elements straight on.
func pairwiseSum<Sum: AdditiveArithmetic>(
  _ range: Range<Int>, blockLength: Int, _ block: (Range<Int>) -> Sum
) -> Sum {
  if range.count <= blockLength { return block(range) }
  let blocks = (range.count + blockLength - 1) / blockLength
  let middle = range.lowerBound + blocks / 2 * blockLength
  return pairwiseSum(range.lowerBound..<middle, blockLength: blockLength, block)
    + pairwiseSum(middle..<range.upperBound, blockLength: blockLength, block)
}

extension RawSpan {
  /// Eight numbers that lie in a row from a place on, counted in numbers.
  @inline(__always)
  func doubles(at index: Int) -> SIMD8<Double> {
    unsafeLoadUnaligned(fromByteOffset: index &* 8, as: SIMD8<Double>.self)
  }

  /// Eight numbers that lie in a row from a place on, counted in numbers, in double precision.
  @inline(__always)
  func floats(at index: Int) -> SIMD8<Double> {
    SIMD8<Double>(unsafeLoadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self))
  }
}
