public import MPI

/// An array of any number of dimensions whose elements are spread over the ranks of a communicator.
///
/// Which rank has what is said by its ``Distribution``. Each rank keeps its elements as one dense block, row by row, in
/// the order of their global indices.
///
/// ```swift
/// let grid = try ProcessGrid([2, 2, 1], on: world)
/// let field = try DistributedArray<Double>(shape: [64, 64, 32], on: grid) { index in Double(index[0] * index[2]) }
/// let mean = try field.mean()
/// ```
///
/// A value: copies share their memory until one of them is written. What all distributed arrays can do is said at
/// ``DistributedElements``; ``DistributedVector`` and ``DistributedMatrix`` are arrays of one and two dimensions.
public struct DistributedArray<Element: Datatype>: DistributedElements {
  /// Any number.
  public static var dimensionCount: Int? { nil }

  /// The processes that share the elements.
  public let grid: ProcessGrid

  /// Which rank has what.
  public let distribution: Distribution

  /// The global indices of each axis that this rank has.
  public let localAxes: [AxisIndices]

  @usableFromInline var storage: ElementStorage<Element>

  /// This array.
  @inlinable
  public var array: DistributedArray {
    get { self }
    _modify { yield &self }
  }

  @usableFromInline
  init(grid: ProcessGrid, distribution: Distribution, localAxes: [AxisIndices], storage: ElementStorage<Element>) {
    self.grid = grid
    self.distribution = distribution
    self.localAxes = localAxes
    self.storage = storage
  }

  /// The same array.
  @inlinable
  public init(_ array: DistributedArray) { self = array }
}

extension DistributedArray {
  /// An array whose elements are not made yet. Local.
  @usableFromInline
  init(uninitialized distribution: Distribution, on communicator: Communicator) {
    let axes = distribution.localAxes(of: communicator.rank)
    self.init(
      grid: ProcessGrid(checked: distribution.gridExtents, on: communicator), distribution: distribution,
      localAxes: axes, storage: ElementStorage(uninitializedCount: NumPyHeader.elementCount(shape: axes.map(\.count))!))
  }
}
