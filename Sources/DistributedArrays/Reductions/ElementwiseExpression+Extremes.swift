public import MPI

extension ElementwiseExpression where Element: OrderedArrayElement {
  /// The least element.
  ///
  /// Collective: one `MPI_Allreduce` of 8 bytes. An element that is not a number makes the result not a number.
  ///
  /// - Returns: The least element, the same on every rank; `nil` for no elements.
  @inlinable
  public func minimum() throws(MPIError) -> Element? { try extreme(isLeast: true) }

  /// The greatest element; as ``minimum()``.
  @inlinable
  public func maximum() throws(MPIError) -> Element? { try extreme(isLeast: false) }

  /// Where the least element is: the first place, row by row, if there are several.
  ///
  /// Collective: one `MPI_Allreduce` of 16 bytes. The first element that is not a number comes before all others, as
  /// NumPy has it.
  ///
  /// - Returns: The global index, one number for each axis, the same on every rank; `nil` for no elements.
  @inlinable
  public func argmin() throws(MPIError) -> [Int]? { try extremePlace(isLeast: true) }

  /// Where the greatest element is; as ``argmin()``.
  @inlinable
  public func argmax() throws(MPIError) -> [Int]? { try extremePlace(isLeast: false) }

  @inlinable
  func extreme(isLeast: Bool) throws(MPIError) -> Element? {
    let reduction = try LocalReduction(self)
    if reduction.placement.distribution.count == 0 { return nil }
    let mine: UInt64 = reduction.localExtreme(isLeast: isLeast).map { key(of: $0, isLeast: isLeast) } ?? .max
    let best = try reduction.communicator.allReduce(mine, .minimum)
    return Element(orderKey: isLeast ? best : ~best)
  }

  /// A number that is least for the most extreme element, and zero for what is not a number.
  @inlinable
  func key(of element: Element, isLeast: Bool) -> UInt64 {
    element.isUnordered ? 0 : isLeast ? element.orderKey : ~element.orderKey
  }

  @inlinable
  func extremePlace(isLeast: Bool) throws(MPIError) -> [Int]? {
    let reduction = try LocalReduction(self)
    let distribution = reduction.placement.distribution
    if distribution.count == 0 { return nil }
    var best = SIMD2<UInt64>(repeating: .max)
    if let extreme = reduction.localExtreme(isLeast: isLeast) {
      let kernel = reduction.kernel
      var position = reduction.range.lowerBound
      while !(kernel[position] == extreme || kernel[position].isUnordered) { position += 1 }
      best[0] = key(of: extreme, isLeast: isLeast)
      best[1] = UInt64(distribution.linearIndex(ofLocal: position, on: reduction.communicator.rank))
    }
    best = try reduction.communicator.allReduce(best, .leastPair)
    return distribution.index(at: Int(best[1]))
  }
}

extension LocalReduction where Expression.Element: OrderedArrayElement {
  /// The most extreme element of this rank; `nil` where it has none.
  @inlinable
  func localExtreme(isLeast: Bool) -> Expression.Element? {
    typealias Element = Expression.Element
    return local(
      nil as Element?,
      { a, b in
        guard let a, let b else { return a ?? b }
        if a.isUnordered || b.isUnordered { return a.isUnordered ? a : b }
        return isLeast ? min(a, b) : max(a, b)
      },
      { isLeast ? Element.minimum($0) : Element.maximum($0) })
  }
}

extension Reduction where Element == SIMD2<UInt64> {
  /// The pair that is first in order.
  @usableFromInline static let leastPair = Reduction(isCommutative: true) { a, b in
    a[0] != b[0] ? (a[0] < b[0] ? a : b) : (a[1] < b[1] ? a : b)
  }
}

extension Distribution {
  /// The number of an element among all, row by row, from its place on a rank.
  @usableFromInline
  func linearIndex(ofLocal position: Int, on rank: Rank) -> Int {
    var rest = position
    var stride = 1
    var linear = 0
    for (axis, indices) in localAxes(of: rank).enumerated().reversed() {
      let (next, local) = rest.quotientAndRemainder(dividingBy: indices.count)
      rest = next
      linear += indices[local] * stride
      stride *= shape[axis]
    }
    return linear
  }

  /// The index of the element with a number.
  @usableFromInline
  func index(at linear: Int) -> [Int] { ProcessGrid.coordinates(of: linear, in: shape)! }
}
