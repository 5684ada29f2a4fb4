public import MPI

extension DistributedElements {
  /// The elements of an expression, computed in one pass.
  ///
  /// Collective. Communicates only what is distributed otherwise than the leftmost array, whose distribution the result
  /// has.
  ///
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` or ``DistributedArrayError/Code/lengthMismatch`` for arrays of
  ///   different shapes, ``DistributedArrayError/Code/communicatorMismatch`` for different processes, and
  ///   ``DistributedArrayError/Code/memory``.
  @inlinable
  public init<Expression: ElementwiseExpression<Element>>(_ expression: Expression) throws(MPIError) {
    let placement = expression.placement!
    let kernel = try expression.kernel(for: placement)
    let result = try DistributedArray<Element>.allocated(placement)
    evaluate(kernel, result.storage.start, result.storage.count)
    self.init(try result.with(dimensions: Self.dimensionCount))
  }

  /// Replaces all elements by those of an expression, computed in one pass.
  ///
  /// Collective. The distribution stays; arrays that are distributed otherwise are redistributed. Takes no new memory,
  /// unless the expression or another array shares this one's.
  ///
  /// - Throws: As ``init(_:)-(Expression)``.
  @inlinable
  public mutating func assign<Expression: ElementwiseExpression<Element>>(
    _ expression: Expression
  ) throws(MPIError) {
    let kernel = try expression.kernel(for: Placement(array))
    if isKnownUniquelyReferenced(&array.storage) {
      evaluate(kernel, array.storage.start, array.storage.count)
    } else {
      let storage = ElementStorage<Element>(uninitializedCount: array.storage.count)
      evaluate(kernel, storage.start, storage.count)
      array.storage = storage
    }
  }
}

/// Computes the elements of one rank, in one loop.
@inlinable @inline(__always)
func evaluate<Kernel: ElementKernel>(_ kernel: Kernel, _ start: UnsafeMutablePointer<Kernel.Element>, _ count: Int) {
  for position in 0..<count { (start + position).initialize(to: kernel[position]) }
}

extension DistributedArray {
  /// Room for an array where another one is.
  @usableFromInline
  static func allocated(_ placement: Placement) throws(MPIError) -> DistributedArray {
    try allocated(placement.distribution, on: placement.grid.communicator).on(placement.grid)
  }

  /// This array, when it has a number of dimensions; all ranks fail when it has not.
  @usableFromInline
  func with(dimensions: Int?) throws(MPIError) -> DistributedArray {
    if let dimensions, shape.count != dimensions {
      try communicator.failTogether(
        .shapeMismatch,
        "An array of shape \(NumPyHeader.tuple(shape)) cannot be one of \(dimensions) "
          + "\(dimensions == 1 ? "dimension" : "dimensions").")
    }
    return self
  }
}

extension DistributedElements where Element: ArrayElement {
  /// Adds the elements of another array, each multiplied by a number, in one pass: BLAS's `axpy`.
  ///
  /// Collective, as ``assign(_:)``; takes no new memory.
  ///
  /// - Parameters:
  ///   - factor: What each of the other's elements is multiplied by.
  ///   - other: As many elements, of the same shape.
  @inlinable
  public mutating func add<Other: ElementwiseExpression<Element>>(
    _ factor: Element, times other: Other
  ) throws(MPIError) {
    let kernel = try other.kernel(for: Placement(array))
    array.makeUnique()
    let start = array.storage.start
    for position in 0..<array.storage.count {
      start[position] = .added(start[position], .multiplied(factor, kernel[position]))
    }
  }
}
