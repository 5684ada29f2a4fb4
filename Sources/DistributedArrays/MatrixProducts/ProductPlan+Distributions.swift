extension ProductPlan {
  /// Where the left matrix is expected: its rows divided by the rows of the grid, its columns by layers and then by the
  /// columns of the grid, so that the whole grid has it once.
  public var left: Distribution { left(.none) }

  /// Where the right matrix is expected: its rows divided by layers and then by the rows of the grid, its columns by the
  /// columns of the grid.
  public var right: Distribution { right(.none) }

  /// Where the result is made: its rows divided by the rows of the grid and then by layers, its columns by the columns of
  /// the grid.
  public var result: Distribution {
    Distribution(
      checked: [rows, columns], grid: grid.extents, [[.block(over: 0), .block(over: 2)], [.block(over: 1)]])
  }

  /// Where the left matrix is expected as it is before an operation.
  public func left(_ operation: MatrixOperation) -> Distribution {
    let plain = Distribution(
      checked: [rows, inner], grid: grid.extents, [[.block(over: 0)], [.block(over: 2), .block(over: 1)]])
    return operation.isTransposing ? plain.transposed : plain
  }

  /// Where the right matrix is expected as it is before an operation.
  public func right(_ operation: MatrixOperation) -> Distribution {
    let plain = Distribution(
      checked: [inner, columns], grid: grid.extents, [[.block(over: 2), .block(over: 0)], [.block(over: 1)]])
    return operation.isTransposing ? plain.transposed : plain
  }
}
