public import MPI

extension DistributedElements where Element: ArrayElement {
  /// The sums along an axis: an array of one axis less.
  ///
  /// Collective: one `MPI_Allreduce` of the result's local parts among the ranks that share the axis, and the first time
  /// on a grid one `MPI_Comm_split`; nothing where the axis is not divided. The other axes stay divided as they are, and
  /// the ranks that shared the axis all have the result. In the precision of the elements; integers wrap around.
  ///
  /// - Parameter axis: Which axis disappears; the array has two at least.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying, of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` for an axis that cannot disappear.
  @inlinable
  public func sum(along axis: Int) throws(MPIError) -> DistributedArray<Element> {
    try array.reduced(along: axis, Element.sumReduction, from: .zero) { .added($0, $1) }
  }

  /// The products along an axis: an array of one axis less. Collective, as ``sum(along:)``.
  @inlinable
  public func product(along axis: Int) throws(MPIError) -> DistributedArray<Element> {
    try array.reduced(along: axis, Element.productReduction, from: Element(exactly: 1)!) { .multiplied($0, $1) }
  }

  /// The averages along an axis, in the precision of the elements; those of integers are rounded towards zero.
  ///
  /// Collective, as ``sum(along:)``.
  @inlinable
  public func mean(along axis: Int) throws(MPIError) -> DistributedArray<Element> {
    let sums = try sum(along: axis)
    return try DistributedArray(sums / (Element(exactly: shape[axis]) ?? .zero))
  }
}

extension DistributedElements where Element: OrderedArrayElement {
  /// The least elements along an axis: an array of one axis less. Collective, as ``sum(along:)``.
  ///
  /// An element that is not a number makes the result not a number. The axis has one index at least.
  @inlinable
  public func minimum(along axis: Int) throws(MPIError) -> DistributedArray<Element> {
    try array.requireNotEmpty(axis)
    return try array.reduced(
      along: axis, Reduction(isCommutative: true) { Element.lesser($0, $1) }, from: Element.minimum(Span())
    ) { Element.lesser($0, $1) }
  }

  /// The greatest elements along an axis; as ``minimum(along:)``.
  @inlinable
  public func maximum(along axis: Int) throws(MPIError) -> DistributedArray<Element> {
    try array.requireNotEmpty(axis)
    return try array.reduced(
      along: axis, Reduction(isCommutative: true) { Element.greater($0, $1) }, from: Element.maximum(Span())
    ) { Element.greater($0, $1) }
  }
}

extension OrderedArrayElement {
  @inlinable
  static func lesser(_ a: Self, _ b: Self) -> Self { a.isUnordered ? a : b.isUnordered ? b : Swift.min(a, b) }

  @inlinable
  static func greater(_ a: Self, _ b: Self) -> Self { a.isUnordered ? a : b.isUnordered ? b : Swift.max(a, b) }
}

extension DistributedArray {
  /// Combines all elements along an axis: first those of each rank, then those of the ranks that share the axis.
  @inlinable
  func reduced(
    along axis: Int, _ reduction: Reduction<Element>, from identity: Element, _ combine: (Element, Element) -> Element
  ) throws(MPIError) -> DistributedArray {
    let result = try allocatedWithout(axis)
    let (outer, length, inner) = localExtents(around: axis)
    let (source, target) = (storage.start, result.storage.start)
    result.storage.elements.initialize(repeating: identity)
    withUnsafeTemporaryAllocation(of: Element.self, capacity: inner) { block in
      for row in 0..<outer {
        let sums = target + row * inner
        var start = 0
        // Blocks, so that rounding errors do not grow with the length.
        while start < length {
          let end = Swift.min(start + 256, length)
          if inner == 1 {
            var (a, b, c, d) = (identity, identity, identity, identity)
            let values = source + row * length
            var index = start
            while index &+ 4 <= end {
              a = combine(a, values[index])
              b = combine(b, values[index &+ 1])
              c = combine(c, values[index &+ 2])
              d = combine(d, values[index &+ 3])
              index &+= 4
            }
            while index < end {
              a = combine(a, values[index])
              index &+= 1
            }
            sums[0] = combine(sums[0], combine(combine(a, b), combine(c, d)))
          } else {
            block.initialize(repeating: identity)
            for index in start..<end {
              let values = source + (row * length + index) * inner
              for column in 0..<inner { block[column] = combine(block[column], values[column]) }
            }
            for column in 0..<inner { sums[column] = combine(sums[column], block[column]) }
          }
          start = end
        }
      }
    }
    if let sharing = try communicatorSharing(axis), sharing.size > 1, result.storage.count > 0 {
      var span = MutableSpan(_unsafeElements: result.storage.elements)
      try sharing.allReduce(&span, reduction)
    }
    return result
  }

  /// Room for the array without an axis, where the other axes are.
  @usableFromInline
  func allocatedWithout(_ axis: Int) throws(MPIError) -> DistributedArray {
    if !shape.indices.contains(axis) || shape.count < 2 {
      try communicator.failTogether(
        .shapeMismatch,
        "Axis \(axis) of an array of shape \(NumPyHeader.tuple(shape)) cannot disappear: arrays have an "
          + "axis at least. Reduce over all elements instead.")
    }
    let rest = shape.indices.filter { $0 != axis }
    let distribution = Distribution(
      checked: rest.map { shape[$0] }, grid: grid.extents, rest.map { self.distribution.divisions[$0] })
    return try Self.allocated(distribution, on: communicator).on(grid)
  }

  /// How many places there are before an axis, along it, and after it.
  @usableFromInline
  func localExtents(around axis: Int) -> (outer: Int, length: Int, inner: Int) {
    let local = localShape
    return (
      NumPyHeader.elementCount(shape: Array(local[..<axis]))!, local[axis],
      NumPyHeader.elementCount(shape: Array(local[(axis + 1)...]))!
    )
  }

  /// The ranks that have a part each of an axis; `nil` where it is not divided, or this rank has nothing.
  @usableFromInline
  func communicatorSharing(_ axis: Int) throws(MPIError) -> Communicator? {
    let dimensions = distribution.divisions[axis].map(\.dimension).filter { grid.extents[$0] > 1 }
    return dimensions.isEmpty ? nil : try grid.communicator(along: dimensions)
  }

  @usableFromInline
  func requireNotEmpty(_ axis: Int) throws(MPIError) {
    guard shape.indices.contains(axis), shape[axis] == 0 else { return }
    try communicator.failTogether(
      .shapeMismatch, "There is no least or greatest element along axis \(axis): it is empty.")
  }
}
