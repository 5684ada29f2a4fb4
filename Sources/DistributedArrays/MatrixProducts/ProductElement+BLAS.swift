internal import CBLAS
public import ComplexModule
public import MPI
public import MPIComplex

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A product by the BLAS, whose factors are given by address.
typealias BLASProduct = (
  Int64, Int64, Int64, CInt, CInt, UnsafeRawPointer?, UnsafeRawPointer?, Int64, UnsafeRawPointer?, Int64,
  UnsafeRawPointer?, UnsafeMutableRawPointer?, Int64
) -> Void

/// What the BLAS was told when this process came to its first product.
enum BLAS {
  /// One thread for each rank, unless `OPENBLAS_NUM_THREADS` or a relative of it asks for more.
  ///
  /// Ranks that fill the cores and have threads for all cores each would take turns on them.
  static let threads: Int = {
    let names = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"]
    let asked = names.lazy.compactMap { name in getenv(name).flatMap { Int(String(cString: $0)) } }.first { $0 > 0 }
    let count = asked ?? 1
    blas_set_threads(CInt(clamping: count))
    return count
  }()

  /// What the BLAS says of itself, if it does.
  static var description: String? { blas_description().map { String(cString: $0) } }
}

extension ProductElement {
  /// Calls the BLAS for a product, in parts where an extent is too large for it.
  static func multiplyByBLAS(
    _ product: LocalProduct, _ left: Span<Self>, _ right: Span<Self>, alpha: Self,
    into result: inout MutableSpan<Self>, beta: Self, _ call: BLASProduct
  ) {
    product.requireFits(left: left.count, right: right.count, result: result.count)
    guard product.rows > 0, product.columns > 0 else { return }
    _ = BLAS.threads
    result.withUnsafeMutableBufferPointer { result in
      // ?gemv reads what it is to multiply by zero.
      if beta == .zero, product.columns == 1 || product.rows == 1 || product.inner == 0 {
        for row in 0..<product.rows {
          (result.baseAddress! + row * product.resultStride).update(repeating: .zero, count: product.columns)
        }
      }
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          multiply(product, left.baseAddress, right.baseAddress, alpha, result.baseAddress!, beta, call)
        }
      }
    }
  }

  private static func multiply(
    _ product: LocalProduct, _ left: UnsafePointer<Self>?, _ right: UnsafePointer<Self>?, _ alpha: Self,
    _ result: UnsafeMutablePointer<Self>, _ beta: Self, _ call: BLASProduct
  ) {
    // The extents that a BLAS of 32 bits can take.
    let most = Int(Int32.max) & ~4095
    for row in stride(from: 0, to: product.rows, by: most) {
      for column in stride(from: 0, to: product.columns, by: most) {
        var factor = beta
        for start in stride(from: 0, to: max(product.inner, 1), by: most) {
          withUnsafePointer(to: alpha) { alpha in
            withUnsafePointer(to: factor) { factor in
              call(
                Int64(min(most, product.rows - row)), Int64(min(most, product.inner - start)),
                Int64(min(most, product.columns - column)), CInt(product.leftOperation.rawValue),
                CInt(product.rightOperation.rawValue), alpha, left.map { $0 + product.leftOffset(row, start) },
                Int64(product.leftStride), right.map { $0 + product.rightOffset(start, column) },
                Int64(product.rightStride), factor, result + row * product.resultStride + column,
                Int64(product.resultStride))
            }
          }
          factor = 1
        }
      }
    }
  }

  /// x ← beta · x + y, with the operators of the type.
  @inline(__always)
  static func addRounded(_ y: Span<Self>, to x: inout MutableSpan<Self>, beta: Self) {
    precondition(x.count == y.count, "\(y.count) elements are added to \(x.count)")
    if beta == 1 {
      for index in x.indices { x[index] += y[index] }
    } else if beta == .zero {
      for index in x.indices { x[index] = y[index] }
    } else {
      for index in x.indices { x[index] = beta * x[index] + y[index] }
    }
  }
}

extension Float: ProductElement {
  /// By `?gemm`, or `?gemv` for a vector.
  public static func multiply(
    _ product: LocalProduct, _ left: Span<Float>, _ right: Span<Float>, alpha: Float,
    into result: inout MutableSpan<Float>, beta: Float
  ) {
    multiplyByBLAS(product, left, right, alpha: alpha, into: &result, beta: beta, blas_product_f32)
  }

  /// Rounded sums.
  public static func add(_ y: Span<Float>, to x: inout MutableSpan<Float>, beta: Float) {
    addRounded(y, to: &x, beta: beta)
  }
}

extension Double: ProductElement {
  /// By `?gemm`, or `?gemv` for a vector.
  public static func multiply(
    _ product: LocalProduct, _ left: Span<Double>, _ right: Span<Double>, alpha: Double,
    into result: inout MutableSpan<Double>, beta: Double
  ) {
    multiplyByBLAS(product, left, right, alpha: alpha, into: &result, beta: beta, blas_product_f64)
  }

  /// Rounded sums.
  public static func add(_ y: Span<Double>, to x: inout MutableSpan<Double>, beta: Double) {
    addRounded(y, to: &x, beta: beta)
  }
}

extension Complex: ProductElement where RealType: ComplexDatatypeComponent {
  /// By `?gemm`, or `?gemv` for a vector.
  public static func multiply(
    _ product: LocalProduct, _ left: Span<Complex>, _ right: Span<Complex>, alpha: Complex,
    into result: inout MutableSpan<Complex>, beta: Complex
  ) {
    let call: BLASProduct
    if MemoryLayout<RealType>.size == 4 { call = blas_product_c32 } else { call = blas_product_c64 }
    // A standard BLAS conjugates only what it transposes too.
    if blas_conjugates() || product.leftOperation != .conjugated && product.rightOperation != .conjugated {
      return multiplyByBLAS(product, left, right, alpha: alpha, into: &result, beta: beta, call)
    }
    var plain = product
    let plainLeft = withoutConjugation(left, &plain.leftOperation)
    let plainRight = withoutConjugation(right, &plain.rightOperation)
    multiplyByBLAS(plain, plainLeft.span, plainRight.span, alpha: alpha, into: &result, beta: beta, call)
  }

  /// A copy of an operand, conjugated if that is all that is to be done to it.
  private static func withoutConjugation(_ operand: Span<Complex>, _ operation: inout MatrixOperation) -> [Complex] {
    var copy = operand.withUnsafeBufferPointer { Array($0) }
    if operation == .conjugated {
      operation = .none
      for index in copy.indices { copy[index] = copy[index].conjugate }
    }
    return copy
  }

  /// Rounded sums.
  @_specialize(where RealType == Double)
  @_specialize(where RealType == Float)
  public static func add(_ y: Span<Complex>, to x: inout MutableSpan<Complex>, beta: Complex) {
    addRounded(y, to: &x, beta: beta)
  }

  /// Four products of the parts.
  public static var multiplicationCost: Double { 4 * Double(MemoryLayout<RealType>.stride) / 8 }
}
