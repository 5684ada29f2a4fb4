public import ComplexModule
public import MPIComplex
public import RealModule

extension Complex: DotProductElement where RealType: ComplexDatatypeComponent & NumPyElement & BinaryFloatingPoint {
  /// The sum in double precision, of products without conjugation.
  @_specialize(where RealType == Double)
  @_specialize(where RealType == Float)
  public static func dotProductPart(_ x: Span<Complex>, _ y: Span<Complex>) -> Complex<Double> {
    precondition(x.count == y.count)
    // Complex numbers are not declared BitwiseCopyable: their bytes are to be had by pointer only.
    return x.withUnsafeBufferPointer { xElements in
      y.withUnsafeBufferPointer { yElements in
        let xBytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(xElements))
        let yBytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(yElements))
        return pairwiseSum(0..<xElements.count, blockLength: 1024) { range in
          var sum = ComplexLanes()
          var index = range.lowerBound
          while index &+ 4 <= range.upperBound {
            sum.addProducts(lanes(xBytes, at: index), lanes(yBytes, at: index))
            index &+= 4
          }
          if index < range.upperBound {
            sum.addProducts(
              lanes(last: xElements[index..<range.upperBound]), lanes(last: yElements[index..<range.upperBound]))
          }
          return sum.value
        }
      }
    }
  }

  /// Products by the usual formula, which may give NaN where a factor is infinite, as NumPy's does.
  @_specialize(where RealType == Double)
  @_specialize(where RealType == Float)
  public static func multiply(_ x: inout MutableSpan<Complex>, by y: Span<Complex>) {
    for index in x.indices { x[index] *= y[index] }
  }

  /// The parts of four numbers from a place on.
  @inline(__always)
  private static func lanes(_ bytes: RawSpan, at index: Int) -> SIMD8<Double> {
    RealType.numPyKind == .float64 ? bytes.doubles(at: index &* 2) : bytes.floats(at: index &* 2)
  }

  /// The parts of the last numbers, less than four, filled up with zeros.
  private static func lanes(last elements: Slice<UnsafeBufferPointer<Complex>>) -> SIMD8<Double> {
    var lanes = SIMD8<Double>.zero
    for (number, element) in elements.enumerated() {
      lanes[2 * number] = Double(element.real)
      lanes[2 * number + 1] = Double(element.imaginary)
    }
    return lanes
  }
}

/// Running sums of the products of complex numbers, four at a time.
private struct ComplexLanes {
  /// In lanes of even number products of real parts, in those of odd number products of imaginary parts.
  var straight = SIMD8<Double>.zero
  /// Products of a real and an imaginary part.
  var crossed = SIMD8<Double>.zero

  @inline(__always)
  mutating func addProducts(_ a: SIMD8<Double>, _ b: SIMD8<Double>) {
    straight += a * b
    crossed += a * SIMD8(b[1], b[0], b[3], b[2], b[5], b[4], b[7], b[6])
  }

  var value: Complex<Double> { Complex(straight.evenHalf.sum() - straight.oddHalf.sum(), crossed.sum()) }
}
