public import MPI

extension DistributedElements {
  /// The elements with some indices, as a new array.
  ///
  /// Collective; every rank gives the same. Sends one message at most from each rank to each other one, as
  /// ``DistributedElements/redistributed(to:)`` does. The result is divided as this array is, over the same grid, each division being that of
  /// its own shape; divisions of given lengths become even ones.
  ///
  /// ```swift
  /// let corner = try matrix.sliced([.range(0..<10), .every(2)])
  /// ```
  ///
  /// - Parameters:
  ///   - slices: Which indices of each axis.
  ///   - target: Who shall have what of the result; its shape is that of the slice.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` for indices that the array has not or a distribution of another
  ///   shape, or as ``DistributedElements/redistributed(to:)``.
  public func sliced(_ slices: [AxisSlice], as target: Distribution? = nil) throws(MPIError) -> Self {
    Self(try array.picked(slices, target))
  }
}

extension DistributedArray {
  func picked(_ slices: [AxisSlice], _ target: Distribution?) throws(MPIError) -> DistributedArray {
    let picks = Swift.zip(slices, shape).compactMap { $0.stretches(ofLength: $1) }
    if slices.count != shape.count || picks.count != shape.count {
      try communicator.failTogether(
        .shapeMismatch,
        "A slice of an array of shape \(NumPyHeader.tuple(shape)) takes indices that it has, of "
          + "\(shape.count) \(shape.count == 1 ? "axis" : "axes"), by positive steps.")
    }
    let lengths = picks.map(\.count)
    if let target, target.shape != lengths {
      try communicator.failTogether(
        .shapeMismatch, "A slice of shape \(NumPyHeader.tuple(lengths)) cannot be distributed as \(target).")
    }
    let target = target ?? distribution.reshaped(lengths)
    return try moved(to: target, picking: picks)
  }
}

extension Distribution {
  /// The same divisions of an array of other lengths.
  func reshaped(_ shape: [Int]) -> Distribution {
    Distribution(
      checked: shape, grid: gridExtents,
      divisions.map { divisions in
        divisions.map { division in
          if case .blocks = division.partition { return .block(over: division.dimension) }
          return division
        }
      })
  }
}
