public import MPI

extension DistributedMatrix where Element: ProductElement {
  /// The product of this matrix, after an operation, and a vector.
  ///
  /// Collective. The matrix stays where it is, in any distribution: the vector is brought to the ranks that have the
  /// columns (at most one message for each pair of ranks, none where it is there already), each rank multiplies what it
  /// has, and the ranks that share rows add up and divide the sums (`MPI_Reduce_scatter`); for a matrix in blocks of rows
  /// nothing is added up. Memory is read once, at the speed of the memory.
  ///
  /// ```swift
  /// let y = try a.multiplied(by: x)                       // A x
  /// let z = try a.multiplied(.transposed, by: y)          // Aᵀ y
  /// ```
  ///
  /// - Parameters:
  ///   - operation: What is done to the matrix first; costs nothing.
  ///   - vector: As many elements as the matrix has columns after its operation, on the same processes.
  ///   - alpha: A factor of the product.
  /// - Returns: alpha · A · x, divided as the rows of the matrix are and then among the ranks that share them; for a
  ///   matrix in blocks of rows over all ranks this is a vector in even blocks.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying, of code
  ///   ``DistributedArrayError/Code/shapeMismatch``, ``DistributedArrayError/Code/communicatorMismatch`` or
  ///   ``DistributedArrayError/Code/memory``.
  public func multiplied(
    _ operation: MatrixOperation = .none, by vector: DistributedVector<Element>, alpha: Element = 1
  ) throws(MPIError) -> DistributedVector<Element> {
    let (rowAxis, columnAxis) = operation.isTransposing ? (1, 0) : (0, 1)
    if vector.count != shape[columnAxis] {
      try communicator.failTogether(
        .shapeMismatch,
        "A matrix of \(shape[rowAxis]) × \(shape[columnAxis])\(operation.isTransposing ? ", after its operation," : "") "
          + "cannot be multiplied by a vector of \(vector.count) elements.")
    }
    try requireSameProcesses(communicator, vector.communicator)
    let extents = distribution.gridExtents
    let columnDivisions = distribution.divisions[columnAxis]
    let here = try vector.redistributed(
      to: Distribution(checked: [vector.count], grid: extents, [columnDivisions]))

    // The ranks that differ only in the dimensions which divide the columns have parts of the same sums.
    let sharing = columnDivisions.map(\.dimension).filter { extents[$0] > 1 }.sorted()
    let rows = distribution.divisions[rowAxis]
    let target = Distribution(
      checked: [shape[rowAxis]], grid: extents, [rows + sharing.map { AxisDivision.block(over: $0) }])
    let group = sharing.isEmpty ? nil : try array.grid.communicator(along: sharing)
    var result = DistributedVector(try DistributedArray<Element>.allocated(target, on: communicator))
    result.array = result.array.on(array.grid)
    let count = localAxes[rowAxis].count
    var product = LocalProduct(rows: count, inner: localAxes[columnAxis].count, columns: 1, leftOperation: operation)
    product.leftStride = max(localAxes[1].count, 1)
    if sharing.isEmpty {
      var sums = result.mutableLocalElements
      Element.multiply(product, localElements, here.localElements, alpha: alpha, into: &sums, beta: 0)
    } else if let group {
      let storage = ElementStorage<Element>(uninitializedCount: count)
      var sums = immortal(storage.elements)
      Element.multiply(product, localElements, here.localElements, alpha: alpha, into: &sums, beta: 0)
      let counts = (0..<group.size).map { part in target.localCount(of: rank(ofPart: part, along: sharing)) }
      var own = result.mutableLocalElements
      try group.reduceScatter(immortal(UnsafeBufferPointer(storage.elements)), counts: counts, into: &own, .sum)
      withExtendedLifetime(storage) {}
    }
    return result
  }

  /// The outer product of two vectors, α · x · yᵀ: a matrix of all products of an element of one and one of the other.
  ///
  /// Collective. The vectors are brought to the ranks that have the rows and the columns, at most one message for each
  /// pair of ranks and vector; the products are local.
  ///
  /// - Parameters:
  ///   - x: One element for each row.
  ///   - y: One element for each column, on the same processes.
  ///   - alpha: A factor.
  ///   - distribution: Where the matrix is made; without one in even blocks on the grid that suits its shape.
  /// - Throws: `MPIError` on all ranks, agreed, as `multiplied(_:by:alpha:)`.
  public init(
    outerProductOf x: DistributedVector<Element>, _ y: DistributedVector<Element>, alpha: Element = 1,
    as distribution: Distribution? = nil
  ) throws(MPIError) {
    let communicator = x.communicator
    let shape = [x.count, y.count]
    try requireSameProcesses(communicator, y.communicator)
    let target =
      distribution
      ?? Distribution(
        checked: shape, grid: ProcessGrid.balancedExtents(communicator.size, dimensions: 2, for: shape),
        [[.block(over: 0)], [.block(over: 1)]])
    if target.shape != shape {
      try communicator.failTogether(
        .shapeMismatch, "The outer product of vectors of \(x.count) and \(y.count) is not distributed as \(target).")
    }
    var result = DistributedMatrix(try DistributedArray<Element>.allocated(target, on: communicator))
    let rows = try x.redistributed(
      to: Distribution(checked: [x.count], grid: target.gridExtents, [target.divisions[0]]))
    let columns = try y.redistributed(
      to: Distribution(checked: [y.count], grid: target.gridExtents, [target.divisions[1]]))
    let product = LocalProduct(rows: result.localAxes[0].count, inner: 1, columns: result.localAxes[1].count)
    var elements = result.mutableLocalElements
    Element.multiply(product, rows.localElements, columns.localElements, alpha: alpha, into: &elements, beta: 0)
    self = result
  }

  /// The rank whose coordinates along some dimensions are those of a part, and along others this rank's.
  private func rank(ofPart part: Int, along dimensions: [Int]) -> Rank {
    var coordinates = array.grid.coordinates ?? []
    var rest = part
    for dimension in dimensions.reversed() {
      (rest, coordinates[dimension]) = rest.quotientAndRemainder(dividingBy: array.grid.extents[dimension])
    }
    return array.grid.rank(at: coordinates)
  }
}

/// Checks that two communicators have the same processes in the same order; all ranks come to the same verdict.
func requireSameProcesses(_ communicator: Communicator, _ other: Communicator) throws(MPIError) {
  if communicator === other { return }
  switch try communicator.compare(to: other) {
  case .identical, .congruent: return
  default:
    try communicator.failTogether(
      .communicatorMismatch, "The arrays are spread over different processes, or over the same in another order.")
  }
}
