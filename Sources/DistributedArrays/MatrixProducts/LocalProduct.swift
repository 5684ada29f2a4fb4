/// What is done to a matrix before it is multiplied.
public enum MatrixOperation: Int, Hashable, Sendable, CaseIterable {
  /// Nothing.
  case none = 0
  /// Rows become columns.
  case transposed = 1
  /// Each element becomes its conjugate; the same as `none` for real numbers.
  case conjugated = 2
  /// Both: the conjugate transpose.
  case adjoint = 3

  /// Whether rows become columns.
  public var isTransposing: Bool { rawValue & 1 != 0 }
}

/// The shape of a product of matrices that one process has, row by row, in its memory.
///
/// The result has rows × columns elements, the left operand, after its operation, rows × inner, the right one inner ×
/// columns. Strides are distances between the starts of rows, in elements, as the matrices lie in memory.
public struct LocalProduct: Hashable, Sendable {
  /// Rows of the result.
  public var rows: Int
  /// Terms of each element of the result.
  public var inner: Int
  /// Columns of the result.
  public var columns: Int
  /// What is done to the left operand.
  public var leftOperation = MatrixOperation.none
  /// What is done to the right operand.
  public var rightOperation = MatrixOperation.none
  /// Elements from one row of the left operand in memory to the next.
  public var leftStride: Int
  /// Elements from one row of the right operand in memory to the next.
  public var rightStride: Int
  /// Elements from one row of the result to the next.
  public var resultStride: Int

  /// A product of matrices whose rows follow each other without gaps.
  public init(
    rows: Int, inner: Int, columns: Int, leftOperation: MatrixOperation = .none, rightOperation: MatrixOperation = .none
  ) {
    self.rows = rows
    self.inner = inner
    self.columns = columns
    self.leftOperation = leftOperation
    self.rightOperation = rightOperation
    leftStride = max(leftOperation.isTransposing ? rows : inner, 1)
    rightStride = max(rightOperation.isTransposing ? inner : columns, 1)
    resultStride = max(columns, 1)
  }
}

extension LocalProduct {
  /// Rows and columns of the left operand as it lies in memory.
  var leftShape: (Int, Int) { leftOperation.isTransposing ? (inner, rows) : (rows, inner) }

  /// Rows and columns of the right operand as it lies in memory.
  var rightShape: (Int, Int) { rightOperation.isTransposing ? (columns, inner) : (inner, columns) }

  /// Where in the left operand's memory an element of it after its operation is.
  func leftOffset(_ row: Int, _ inner: Int) -> Int {
    leftOperation.isTransposing ? inner * leftStride + row : row * leftStride + inner
  }

  /// Where in the right operand's memory an element of it after its operation is.
  func rightOffset(_ inner: Int, _ column: Int) -> Int {
    rightOperation.isTransposing ? column * rightStride + inner : inner * rightStride + column
  }

  /// Stops the program if the matrices reach out of memory of these lengths.
  func requireFits(left: Int, right: Int, result: Int) {
    precondition(rows >= 0 && inner >= 0 && columns >= 0, "a product of \(rows) × \(inner) × \(columns)")
    Self.require(leftShape, leftStride, left, "left operand")
    Self.require(rightShape, rightStride, right, "right operand")
    Self.require((rows, columns), resultStride, result, "result")
  }

  private static func require(_ shape: (Int, Int), _ stride: Int, _ count: Int, _ name: StaticString) {
    guard shape.0 > 0, shape.1 > 0 else { return }
    precondition(
      stride >= shape.1 && (shape.0 - 1) * stride + shape.1 <= count,
      "the \(name), \(shape.0) × \(shape.1) with stride \(stride), does not fit in \(count) elements")
  }
}
