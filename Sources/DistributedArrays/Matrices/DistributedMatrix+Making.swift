public import MPI

extension DistributedMatrix {
  /// A matrix whose elements are made from their row and column, each on the ranks that have it.
  ///
  /// Collective; every rank gives the same distribution. Communicates only where the closure can throw or the parts are
  /// large, and then one `MPI_Allreduce` for each of these, so that all ranks fail when one does.
  ///
  /// - Parameters:
  ///   - distribution: Who has what, of a shape of two lengths.
  ///   - communicator: The processes that share the elements, at least as many as the grid of the distribution has places.
  ///   - element: Makes the element with a global row and column.
  /// - Throws: `MPIError` on all ranks, agreed, with the closure's error underlying, or a
  ///   ``DistributedArrayError`` of code ``DistributedArrayError/Code/invalidGrid``,
  ///   ``DistributedArrayError/Code/memory`` or ``DistributedArrayError/Code/shapeMismatch``.
  @inlinable
  public init<Failure: Error>(
    as distribution: Distribution, on communicator: Communicator,
    _ element: (_ row: Int, _ column: Int) throws(Failure) -> Element
  ) throws(MPIError) {
    try communicator.requireMatrix(distribution)
    let array = try DistributedArray<Element>.allocated(distribution, on: communicator)
    var failure: Failure?
    var next = array.storage.start
    do throws(Failure) {
      if let columns = array.localAxes[1].range {
        for row in array.localAxes[0] {
          for column in columns {
            next.initialize(to: try element(row, column))
            next += 1
          }
        }
      } else {
        let columns = Array(array.localAxes[1])
        for row in array.localAxes[0] {
          for column in columns {
            next.initialize(to: try element(row, column))
            next += 1
          }
        }
      }
    } catch {
      failure = error
    }
    if Failure.self != Never.self {
      try communicator.agree { if let failure { throw failure } }
    }
    self.init(array)
  }

  /// A matrix in even blocks whose elements are made from their row and column, each on the rank that has it.
  ///
  /// Collective, as ``init(as:on:_:)``; every rank gives the same. Rows are divided by the first dimension of the grid,
  /// columns by the second if it has one; along others the matrix is replicated.
  @inlinable
  public init<Failure: Error>(
    rows: Int, columns: Int, on grid: ProcessGrid, _ element: (_ row: Int, _ column: Int) throws(Failure) -> Element
  ) throws(MPIError) {
    try self.init(as: try grid.blocks([rows, columns]), on: grid.communicator, element)
    array = array.on(grid)
  }

  /// A matrix of equal elements in even blocks; as ``init(rows:columns:on:_:)``.
  public init(repeating element: Element, rows: Int, columns: Int, on grid: ProcessGrid) throws(MPIError) {
    try self.init(repeating: element, as: try grid.blocks([rows, columns]), on: grid.communicator)
    array = array.on(grid)
  }
}

extension DistributedArray {
  /// An array in even blocks whose elements are made from their global indices, each on the ranks that have it.
  ///
  /// Collective, as ``DistributedElements/init(as:on:_:)``; every rank gives the same. Each axis is divided by the
  /// dimension of the grid with the same number, if there is one.
  @inlinable
  public init<Failure: Error>(
    shape: [Int], on grid: ProcessGrid, _ element: (_ index: [Int]) throws(Failure) -> Element
  ) throws(MPIError) {
    self = try DistributedArray(as: try grid.blocks(shape), on: grid.communicator, element).on(grid)
  }

  /// The same array on the very grid whose extents its own has, so that the two share communicators.
  @usableFromInline
  func on(_ grid: ProcessGrid) -> DistributedArray {
    DistributedArray(grid: grid, distribution: distribution, localAxes: localAxes, storage: storage)
  }
}

extension ProcessGrid {
  /// Even blocks on this grid; all ranks fail when the shape is impossible.
  @usableFromInline
  func blocks(_ shape: [Int]) throws(MPIError) -> Distribution {
    do {
      return try .blocks(shape, grid: extents)
    } catch {
      try communicator.failTogether(error.code, error.message)
      throw MPIError(MPIError.other, in: "blocks", on: communicator, error.message)
    }
  }
}

extension Communicator {
  /// Throws on all ranks unless a distribution has two axes.
  @usableFromInline
  func requireMatrix(_ distribution: Distribution) throws(MPIError) {
    if distribution.shape.count == 2 { return }
    try failTogether(
      .shapeMismatch, "A matrix has two axes, not the shape \(NumPyHeader.tuple(distribution.shape)).")
  }
}
