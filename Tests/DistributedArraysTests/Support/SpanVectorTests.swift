import DistributedArrays
import MPITesting
import Testing

@Suite struct SpanVectorTests {
  @Test(.ranks(1))
  func vectorsAreLoadedAndStoredWhereverTheyBegin() {
    let values = (0..<13).map { Double($0) * 1.5 }
    for start in 0...(values.count - 4) {
      #expect(values.span.vector(SIMD4<Double>.self, at: start) == SIMD4(values[start..<(start + 4)]))
      var changed = values
      var span = changed.mutableSpan
      span.store(SIMD4<Double>(-1, -2, -3, -4), at: start)
      #expect(changed == values[..<start] + [-1, -2, -3, -4] + values[(start + 4)...])
    }
  }

  /// In memory a vector of three is as long as one of four.
  @Test(.ranks(1))
  func vectorsOfThreeEndWhereTheSpanDoes() {
    let values: [Float] = [1, 2, 3, 4, 5]
    #expect(values.span.vector(SIMD3<Float>.self, at: 2) == SIMD3(3, 4, 5))
    var changed = values
    var span = changed.mutableSpan
    span.store(SIMD3<Float>(7, 8, 9), at: 1)
    #expect(changed == [1, 7, 8, 9, 5])
  }
}
