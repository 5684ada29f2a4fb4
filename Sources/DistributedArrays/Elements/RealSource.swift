/// Real numbers to be reduced, eight at a time: as they lie in memory, or computed from such.
@usableFromInline
protocol RealSource {
  /// Eight numbers in a row, in double precision.
  func lanes(at index: Int) -> SIMD8<Double>

  /// One number, in double precision.
  subscript(index: Int) -> Double { get }
}

extension RealSource {
  /// The last numbers, less than eight, filled up.
  @inlinable
  func lanes(_ range: Range<Int>, filledUpBy filler: Double) -> SIMD8<Double> {
    var last = SIMD8<Double>(repeating: filler)
    for index in range { last[index &- range.lowerBound] = self[index] }
    return last
  }
}

/// Numbers as they lie in memory. Who makes one sees to it that the memory lives and that no index is beyond it.
struct StoredReals<Element: BinaryFloatingPoint>: RealSource {
  private let start: UnsafeRawPointer

  /// Numbers at an address; none where there is none.
  init(_ start: UnsafeRawPointer?) { self.start = start ?? UnsafeRawPointer(bitPattern: 64)! }

  @inline(__always)
  func lanes(at index: Int) -> SIMD8<Double> {
    MemoryLayout<Element>.size == 8
      ? start.loadUnaligned(fromByteOffset: index &* 8, as: SIMD8<Double>.self)
      : SIMD8<Double>(start.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self))
  }

  @inline(__always)
  subscript(index: Int) -> Double {
    MemoryLayout<Element>.size == 8
      ? start.loadUnaligned(fromByteOffset: index &* 8, as: Double.self)
      : Double(start.loadUnaligned(fromByteOffset: index &* 4, as: Float.self))
  }
}

/// The products of numbers as they lie in memory.
struct StoredProducts<Element: BinaryFloatingPoint>: RealSource {
  let x: StoredReals<Element>
  let y: StoredReals<Element>

  @inline(__always)
  func lanes(at index: Int) -> SIMD8<Double> { x.lanes(at: index) * y.lanes(at: index) }

  @inline(__always)
  subscript(index: Int) -> Double { x[index] * y[index] }
}

/// The elements of an expression, computed as they are needed.
@usableFromInline
struct ComputedReals<Kernel: ElementKernel>: RealSource where Kernel.Element: BinaryFloatingPoint {
  @usableFromInline let kernel: Kernel

  @inlinable
  init(_ kernel: Kernel) { self.kernel = kernel }

  @inlinable @inline(__always)
  func lanes(at index: Int) -> SIMD8<Double> {
    SIMD8(
      self[index], self[index &+ 1], self[index &+ 2], self[index &+ 3], self[index &+ 4], self[index &+ 5],
      self[index &+ 6], self[index &+ 7])
  }

  @inlinable @inline(__always)
  subscript(index: Int) -> Double { Double(kernel[index]) }
}

extension Span where Element: BinaryFloatingPoint {
  /// Reduces the numbers as they lie in memory.
  @inline(__always)
  func withReals<Result>(_ body: (StoredReals<Element>, Range<Int>) -> Result) -> Result {
    withUnsafeBufferPointer { body(.init($0.baseAddress), 0..<$0.count) }
  }
}
