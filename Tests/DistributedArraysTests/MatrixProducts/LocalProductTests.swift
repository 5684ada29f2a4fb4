import ComplexModule
import DistributedArrays
import MPI
import Testing

/// Products in one process's memory, against their definition: all blocks of the kernel for integers, and every branch of
/// the BLAS.
@Suite struct LocalProductTests {
  static let shapes = [
    (3, 600, 40), (131, 7, 18), (2, 5, 1100), (1, 30, 9), (9, 30, 1), (1, 5, 1), (4, 1, 6), (4, 0, 3),
  ]

  /// Rows of every matrix are longer than they need be; what is between them is not touched.
  private func check<Element: WholeElement>(
    _: Element.Type, _ shape: (Int, Int, Int), _ operations: (MatrixOperation, MatrixOperation), alpha: Element,
    beta: Element, initial: Element
  ) {
    let (m, k, n) = shape
    var product = LocalProduct(
      rows: m, inner: k, columns: n, leftOperation: operations.0, rightOperation: operations.1)
    product.leftStride += 3
    product.rightStride += 1
    product.resultStride += 2
    let a = WholeMatrix<Element>(rows: m, columns: k, stream: 0)
    let b = WholeMatrix<Element>(rows: k, columns: n, stream: 1)
    func stored(_ matrix: WholeMatrix<Element>, _ stride: Int, _ isTransposed: Bool) -> [Element] {
      let (rows, columns) = isTransposed ? (matrix.columns, matrix.rows) : (matrix.rows, matrix.columns)
      return (0..<rows * stride).map { index in
        let (row, column) = (index / stride, index % stride)
        return column < columns ? (isTransposed ? matrix.element(column, row) : matrix.element(row, column)) : 77
      }
    }
    let left = stored(a, product.leftStride, operations.0.isTransposing)
    let right = stored(b, product.rightStride, operations.1.isTransposing)
    var result = [Element](repeating: initial, count: m * product.resultStride)
    var span = result.mutableSpan
    Element.multiply(product, left.span, right.span, alpha: alpha, into: &span, beta: beta)
    var wrong = 0
    for index in result.indices {
      let (row, column) = (index / product.resultStride, index % product.resultStride)
      var expected = initial
      if column < n {
        expected = (0..<k).reduce(beta == .zero ? .zero : .multiple(beta, initial)) { sum, term in
          let x = operations.0.rawValue & 2 == 0 ? a.element(row, term) : a.element(row, term).conjugated
          let y = operations.1.rawValue & 2 == 0 ? b.element(term, column) : b.element(term, column).conjugated
          return .sum(sum, .multiple(alpha, .multiple(x, y)))
        }
        if result[index] != expected { wrong += 1 }
      } else if !(result[index] == expected || result[index] != result[index]) {
        wrong += 1
      }
    }
    #expect(wrong == 0, "\(Element.self), \(shape), \(operations), \(alpha), \(beta)")
  }

  @Test(arguments: MatrixOperation.allCases) func everyShapeAndOperation(left: MatrixOperation) {
    for (index, shape) in Self.shapes.enumerated() {
      let right = MatrixOperation.allCases[(index + left.rawValue) % 4]
      check(Int32.self, shape, (left, right), alpha: -3, beta: 2, initial: 5)
      check(Int8.self, shape, (left, right), alpha: 1, beta: 0, initial: 9)
      check(UInt64.self, shape, (left, right), alpha: 7, beta: 1, initial: 1)
      check(Double.self, shape, (left, right), alpha: 2, beta: 1, initial: 3)
      check(Complex<Double>.self, shape, (left, right), alpha: Complex(1, -2), beta: Complex(0, 1), initial: 2)
    }
  }

  /// A beta of zero makes the result whatever was there, also what is no number.
  @Test func nothingIsReadWithABetaOfZero() {
    for shape in Self.shapes {
      check(Double.self, shape, (.none, .none), alpha: 1, beta: 0, initial: .nan)
      check(Float.self, shape, (.transposed, .none), alpha: 1, beta: 0, initial: .infinity)
      check(Complex<Float>.self, shape, (.adjoint, .conjugated), alpha: 1, beta: 0, initial: Complex(.nan, 0))
    }
  }

  @Test func sumsOfSpans() {
    var x: [Int16] = [1, 2, .max]
    var span = x.mutableSpan
    Int16.add([10, 20, 1].span, to: &span, beta: 1)
    #expect(x == [11, 22, .min])
    var y: [Double] = [.nan, 1]
    var other = y.mutableSpan
    Double.add([3, 4].span, to: &other, beta: 0)
    #expect(y == [3, 4])
  }
}
