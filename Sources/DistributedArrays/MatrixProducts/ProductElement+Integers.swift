internal import CBLAS
public import MPI

extension ProductElement where Self: FixedWidthInteger {
  /// By a kernel of this library, on blocks that stay in the caches; products and sums wrap around, as NumPy's do.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  @_specialize(where Self == Int16)
  @_specialize(where Self == Int8)
  @_specialize(where Self == UInt8)
  public static func multiply(
    _ product: LocalProduct, _ left: Span<Self>, _ right: Span<Self>, alpha: Self,
    into result: inout MutableSpan<Self>, beta: Self
  ) {
    product.requireFits(left: left.count, right: right.count, result: result.count)
    guard product.rows > 0, product.columns > 0 else { return }
    result.withUnsafeMutableBufferPointer { result in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          let result = result.baseAddress!
          for row in 0..<product.rows where beta != 1 {
            let start = result + row * product.resultStride
            for column in 0..<product.columns { start[column] = beta == 0 ? 0 : start[column] &* beta }
          }
          guard product.inner > 0, let left = left.baseAddress, let right = right.baseAddress else { return }
          var kernel = IntegerKernel<Self>(product, left, right, alpha, result)
          kernel.run()
        }
      }
    }
  }

  /// Sums that wrap around.
  @_specialize(where Self == Int32)
  @_specialize(where Self == Int64)
  @_specialize(where Self == Int)
  public static func add(_ y: Span<Self>, to x: inout MutableSpan<Self>, beta: Self) {
    precondition(x.count == y.count, "\(y.count) elements are added to \(x.count)")
    if beta == 1 {
      for index in x.indices { x[index] = x[index] &+ y[index] }
    } else if beta == 0 {
      for index in x.indices { x[index] = y[index] }
    } else {
      for index in x.indices { x[index] = beta &* x[index] &+ y[index] }
    }
  }
}

extension Int8: ProductElement {}
extension Int16: ProductElement {}
extension Int32: ProductElement {}
extension Int64: ProductElement {}
extension Int: ProductElement {}
extension UInt8: ProductElement {}
extension UInt16: ProductElement {}
extension UInt32: ProductElement {}
extension UInt64: ProductElement {}
extension UInt: ProductElement {}

/// A product of integers in blocks (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM
/// TOMS 34, 2008): panels of both operands are packed in the order in which a small kernel reads them, which keeps
/// 4 × 16 elements of the result in registers.
private struct IntegerKernel<Element: FixedWidthInteger> {
  let product: LocalProduct
  let left: UnsafePointer<Element>
  let right: UnsafePointer<Element>
  let alpha: Element
  let result: UnsafeMutablePointer<Element>

  /// Rows and columns of the small kernel.
  static var height: Int { 4 }
  static var width: Int { 16 }
  /// Terms, rows and columns of a block.
  static var depth: Int { 256 }
  static var blockRows: Int { 128 }
  static var blockColumns: Int { 1024 }

  @inline(__always)
  init(
    _ product: LocalProduct, _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>, _ alpha: Element,
    _ result: UnsafeMutablePointer<Element>
  ) {
    self.product = product
    self.left = left
    self.right = right
    self.alpha = alpha
    self.result = result
  }

  @inline(__always)
  mutating func run() {
    let depth = min(Self.depth, product.inner)
    let leftPanel = UnsafeMutablePointer<Element>.allocate(capacity: depth * Self.blockRows)
    let rightPanel = UnsafeMutablePointer<Element>.allocate(capacity: depth * Self.blockColumns)
    defer {
      leftPanel.deallocate()
      rightPanel.deallocate()
    }
    for column in stride(from: 0, to: product.columns, by: Self.blockColumns) {
      let columns = min(Self.blockColumns, product.columns - column)
      for start in stride(from: 0, to: product.inner, by: depth) {
        let terms = min(depth, product.inner - start)
        packRight(start, terms, column, columns, rightPanel)
        for row in stride(from: 0, to: product.rows, by: Self.blockRows) {
          let rows = min(Self.blockRows, product.rows - row)
          packLeft(row, rows, start, terms, leftPanel)
          for j in stride(from: 0, to: columns, by: Self.width) {
            for i in stride(from: 0, to: rows, by: Self.height) {
              multiply(
                leftPanel + i * terms, rightPanel + j * terms, terms, row + i, min(Self.height, rows - i), column + j,
                min(Self.width, columns - j))
            }
          }
        }
      }
    }
  }

  /// Columns in groups of the kernel's width, term by term, filled up with zeros.
  @inline(__always)
  private func packRight(
    _ start: Int, _ terms: Int, _ column: Int, _ columns: Int, _ panel: UnsafeMutablePointer<Element>
  ) {
    for group in stride(from: 0, to: columns, by: Self.width) {
      let used = min(Self.width, columns - group)
      for term in 0..<terms {
        let to = panel + group * terms + term * Self.width
        for lane in 0..<used { to[lane] = right[product.rightOffset(start + term, column + group + lane)] }
        for lane in used..<Self.width { to[lane] = 0 }
      }
    }
  }

  /// Rows in groups of the kernel's height, term by term, times alpha, filled up with zeros.
  @inline(__always)
  private func packLeft(_ row: Int, _ rows: Int, _ start: Int, _ terms: Int, _ panel: UnsafeMutablePointer<Element>) {
    for group in stride(from: 0, to: rows, by: Self.height) {
      let used = min(Self.height, rows - group)
      for term in 0..<terms {
        let to = panel + group * terms + term * Self.height
        for lane in 0..<used { to[lane] = left[product.leftOffset(row + group + lane, start + term)] &* alpha }
        for lane in used..<Self.height { to[lane] = 0 }
      }
    }
  }

  /// By the kernel for the size of the elements: signed and unsigned ones have the same bits.
  @inline(__always)
  private func multiply(
    _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>, _ terms: Int, _ row: Int, _ rows: Int, _ column: Int,
    _ columns: Int
  ) {
    withUnsafeTemporaryAllocation(of: Element.self, capacity: Self.height * Self.width) { sums in
      let start = sums.baseAddress!
      switch MemoryLayout<Element>.size {
      case 1: blas_integer_kernel_8(a, b, Int64(terms), start)
      case 2: blas_integer_kernel_16(a, b, Int64(terms), start)
      case 4: blas_integer_kernel_32(a, b, Int64(terms), start)
      default: blas_integer_kernel_64(a, b, Int64(terms), start)
      }
      for line in 0..<rows {
        let from = start + line * Self.width
        let to = result + (row + line) * product.resultStride + column
        for lane in 0..<columns { to[lane] &+= from[lane] }
      }
    }
  }
}
