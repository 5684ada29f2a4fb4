public import MPI

extension DistributedArray {
  /// Room for an array, whose elements are not made yet, when every rank has it.
  ///
  /// Collective where it is large or cannot be.
  @usableFromInline
  static func allocated(
    _ distribution: Distribution, on communicator: Communicator
  ) throws(MPIError) -> DistributedArray {
    try communicator.requirePlaces(for: distribution)
    try communicator.requireMemory(
      for: distribution.localCount(of: communicator.rank), largest: distribution.largestLocalCount,
      elementSize: MemoryLayout<Element>.stride)
    return DistributedArray(uninitialized: distribution, on: communicator)
  }
}

extension DistributedElements {
  /// An array whose elements are made from their global indices, each on the ranks that have it.
  ///
  /// Collective; every rank gives the same distribution. Communicates only where the closure can throw or the parts are
  /// large, and then one `MPI_Allreduce` for each of these, so that all ranks fail when one does.
  ///
  /// - Parameters:
  ///   - distribution: Who has what, of which shape.
  ///   - communicator: The processes that share the elements, at least as many as the grid of the distribution has places.
  ///   - element: Makes the element with a global index, one number for each axis.
  /// - Throws: `MPIError` on all ranks, agreed, with the closure's error underlying, or a
  ///   ``DistributedArrayError`` of code ``DistributedArrayError/Code/invalidGrid`` or
  ///   ``DistributedArrayError/Code/memory``.
  @inlinable
  public init<Failure: Error>(
    as distribution: Distribution, on communicator: Communicator,
    _ element: (_ index: [Int]) throws(Failure) -> Element
  ) throws(MPIError) {
    let array = try DistributedArray<Element>.allocated(distribution, on: communicator)
    var failure: Failure?
    var made = 0
    do throws(Failure) {
      let last = Array(array.localAxes[array.localAxes.count - 1])
      var row = RowIndices(array.localAxes)
      while row.isValid {
        for number in last {
          row.index[row.index.count - 1] = number
          (array.storage.start + made).initialize(to: try element(row.index))
          made += 1
        }
        row.advance()
      }
    } catch {
      failure = error
    }
    if Failure.self != Never.self {
      try communicator.agree { if let failure { throw failure } }
    }
    self.init(array)
  }

  /// An array of equal elements.
  ///
  /// Collective, as ``init(as:on:_:)``; every rank gives the same.
  public init(
    repeating element: Element, as distribution: Distribution, on communicator: Communicator
  ) throws(MPIError) {
    let array = try DistributedArray<Element>.allocated(distribution, on: communicator)
    array.storage.elements.initialize(repeating: element)
    self.init(array)
  }

  /// An array of the elements that each rank has of it.
  ///
  /// Collective; agrees (`MPI_Allreduce`) that all ranks give as many elements as they have places for.
  ///
  /// - Parameters:
  ///   - elements: This rank's elements, row by row in the order of their global indices; where the array is replicated,
  ///     all copies alike.
  ///   - distribution: Who has what, of which shape.
  ///   - communicator: The processes that share the elements.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying, of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` for another number of elements.
  public init(
    localElements elements: [Element], as distribution: Distribution, on communicator: Communicator
  ) throws(MPIError) {
    let array = try DistributedArray<Element>.allocated(distribution, on: communicator)
    try communicator.agree {
      guard elements.count == array.storage.count else {
        throw DistributedArrayError(
          .shapeMismatch,
          "Rank \(communicator.rank) gave \(elements.count) elements for a part of "
            + "\(array.storage.count), of shape \(NumPyHeader.tuple(array.localShape)).")
      }
    }
    _ = array.storage.elements.initialize(from: elements)
    self.init(array)
  }
}

/// Goes through the rows of a block: through the indices of all axes but the last.
@usableFromInline
struct RowIndices {
  /// The global index, of which the caller sets the last number.
  @usableFromInline var index: [Int]
  /// Whether there is a row here.
  @usableFromInline var isValid: Bool
  private let axes: [AxisIndices]
  private var positions: [Int]

  @usableFromInline
  init(_ axes: [AxisIndices]) {
    self.axes = axes
    isValid = axes.allSatisfy { $0.count > 0 }
    positions = [Int](repeating: 0, count: axes.count)
    index = isValid ? axes.map { $0[0] } : []
  }

  /// The next row.
  @usableFromInline
  mutating func advance() {
    for axis in axes.indices.dropLast().reversed() {
      positions[axis] += 1
      if positions[axis] < axes[axis].count {
        index[axis] = axes[axis][positions[axis]]
        return
      }
      positions[axis] = 0
      index[axis] = axes[axis][0]
    }
    isValid = false
  }
}
