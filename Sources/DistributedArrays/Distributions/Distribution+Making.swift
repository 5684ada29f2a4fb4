extension Distribution {
  /// Even blocks: the first axis is divided by the first dimension of the grid, the second by the second, and so on.
  ///
  /// Axes beyond the dimensions of the grid are not divided; along dimensions beyond the axes the array is replicated.
  ///
  /// - Parameters:
  ///   - shape: The length of each axis.
  ///   - grid: The length of each dimension of the process grid.
  public static func blocks(_ shape: [Int], grid: [Int]) throws(DistributedArrayError) -> Distribution {
    try Distribution(shape, grid: grid, shape.indices.map { $0 < grid.count ? [.block(over: $0)] : [] })
  }

  /// Blocks of some length of each axis, dealt out along the grid's dimension of the same number: as ScaLAPACK does.
  ///
  /// - Parameters:
  ///   - shape: The length of each axis.
  ///   - blocks: The length of a block along each axis, at least 1.
  ///   - grid: The length of each dimension of the process grid.
  public static func blockCyclic(
    _ shape: [Int], blocks: [Int], grid: [Int]
  ) throws(DistributedArrayError) -> Distribution {
    guard blocks.count == shape.count else {
      throw DistributedArrayError(
        .invalidDistribution, "Blocks of \(blocks.count) axes were given for an array of \(shape.count).")
    }
    return try Distribution(
      shape, grid: grid, shape.indices.map { $0 < grid.count ? [.blockCyclic(blocks[$0], over: $0)] : [] })
  }

  /// The first axis in even blocks over a number of ranks.
  public static func rows(_ shape: [Int], among ranks: Int) throws(DistributedArrayError) -> Distribution {
    try blocks(shape, grid: [ranks])
  }

  /// The last axis in even blocks over a number of ranks.
  public static func columns(_ shape: [Int], among ranks: Int) throws(DistributedArrayError) -> Distribution {
    try Distribution(shape, grid: [ranks], shape.indices.map { $0 == shape.count - 1 ? [.block(over: 0)] : [] })
  }

  /// The whole array on every rank.
  public static func replicated(_ shape: [Int], among ranks: Int) throws(DistributedArrayError) -> Distribution {
    try Distribution(shape, grid: [ranks], shape.map { _ in [] })
  }

  /// The whole array on rank 0.
  public static func onRoot(_ shape: [Int]) throws(DistributedArrayError) -> Distribution {
    try Distribution(shape, grid: [1], shape.map { _ in [] })
  }

  /// The same elements in the same places, with the axes in another order.
  ///
  /// - Parameter axes: Which of the present axes each axis of the result is.
  public func permuted(_ axes: [Int]) -> Distribution {
    precondition(axes.sorted() == Array(shape.indices), "the order \(axes) of \(shape.count) axes")
    return Distribution(checked: axes.map { shape[$0] }, grid: gridExtents, axes.map { divisions[$0] })
  }

  /// The same elements in the same places, with the axes in the opposite order: that of the transpose.
  public var transposed: Distribution { permuted(shape.indices.reversed()) }
}
