extension Span where Element: SIMDScalar & BitwiseCopyable {
  /// Neighbouring elements as one vector, loaded at once wherever they begin.
  ///
  /// Local. For loops over a rank's elements that compute several at a time. One comparison that `index` is in the span;
  /// outside it is an error that ends the process, as with a subscript.
  ///
  /// - Parameters:
  ///   - type: The vector, which says how many elements: `SIMD4<Double>.self`, for example.
  ///   - index: Where the first of them is, at most `count - type.scalarCount`.
  @inlinable @inline(__always)
  public func vector<Vector: SIMD & BitwiseCopyable>(_ type: Vector.Type, at index: Int) -> Vector
  where Vector.Scalar == Element {
    precondition(
      index >= 0 && index <= count &- Vector.scalarCount, "a vector at \(index) is not in a span of \(count) elements")
    guard MemoryLayout<Vector>.size == Vector.scalarCount &* MemoryLayout<Element>.stride else {
      // Three elements are a vector of four, and the fourth may not be there.
      var vector = Vector()
      for lane in 0..<Vector.scalarCount { vector[lane] = self[index &+ lane] }
      return vector
    }
    return bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index &* MemoryLayout<Element>.stride, as: Vector.self)
  }
}

extension MutableSpan where Element: SIMDScalar & BitwiseCopyable {
  /// Puts a vector's elements beside each other, stored at once wherever they begin.
  ///
  /// Local. One comparison that they are in the span; outside it is an error that ends the process, as with a subscript.
  ///
  /// - Parameters:
  ///   - vector: The elements.
  ///   - index: Where the first of them goes, at most `count` less the number of the vector's elements.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func store<Vector: SIMD & BitwiseCopyable>(_ vector: Vector, at index: Int)
  where Vector.Scalar == Element {
    precondition(
      index >= 0 && index <= count &- Vector.scalarCount, "a vector at \(index) is not in a span of \(count) elements")
    guard MemoryLayout<Vector>.size == Vector.scalarCount &* MemoryLayout<Element>.stride else {
      for lane in 0..<Vector.scalarCount { self[index &+ lane] = vector[lane] }
      return
    }
    var bytes = mutableBytes
    bytes.storeBytes(
      of: vector, toUncheckedByteOffset: index &* MemoryLayout<Element>.stride, as: Vector.self)
  }
}
