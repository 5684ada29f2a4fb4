public import MPI

extension DistributedArray {
  /// The same elements with the axes in another order, on the ranks where they are.
  ///
  /// Collective only where the parts are large; sends no elements. Divide the result otherwise by `redistributed(to:)`.
  ///
  /// - Parameter axes: Which of the present axes each axis of the result is: `[1, 0]` transposes.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying, of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` when this is no order of the axes, or
  ///   ``DistributedArrayError/Code/memory``.
  public func permuted(_ axes: [Int]) throws(MPIError) -> DistributedArray {
    if axes.sorted() != Array(shape.indices) {
      try communicator.failTogether(.shapeMismatch, "\(axes) is no order of \(shape.count) axes.")
    }
    let result = try Self.allocated(distribution.permuted(axes), on: communicator).on(grid)
    withExtendedLifetime(storage) {
      BlockPermutation(localShape, axes).run(
        from: storage.start, to: result.storage.start, elementSize: MemoryLayout<Element>.stride)
    }
    return result
  }
}

extension DistributedElements {
  /// The transpose: the same elements with the axes in the opposite order, on the ranks where they are.
  ///
  /// Collective only where the parts are large; sends no elements. For a matrix whose rows were divided, the columns of
  /// the transpose are.
  public func transposed() throws(MPIError) -> Self {
    Self(try array.permuted(shape.indices.reversed()))
  }
}
