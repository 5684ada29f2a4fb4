public import MPI

/// A matrix whose elements are spread over the ranks of a process grid.
///
/// Which rank has what is said by its ``Distribution``: rows, two-dimensional blocks, ScaLAPACK's block-cyclic layout,
/// copies on every rank, or any other. Each rank keeps its elements row by row, in the order of their global indices.
///
/// ```swift
/// let grid = try ProcessGrid.balanced(dimensions: 2, for: [rows, columns], on: world)
/// let a = try DistributedMatrix<Double>(rows: rows, columns: columns, on: grid) { row, column in
///   1 / Double(row + column + 1)
/// }
/// let b = try a.redistributed(to: .rows(a.shape, among: world.size))
/// ```
///
/// A value: copies share their memory until one of them is written. What all distributed arrays can do is said at
/// ``DistributedElements``.
public struct DistributedMatrix<Element: Datatype>: DistributedElements {
  /// Two.
  public static var dimensionCount: Int? { 2 }

  /// The same elements as an array of two dimensions.
  public var array: DistributedArray<Element> {
    didSet { precondition(array.distribution.shape.count == 2, "a matrix of shape \(array.distribution.shape)") }
  }

  /// The elements of an array of two dimensions.
  public init(_ array: DistributedArray<Element>) {
    precondition(array.distribution.shape.count == 2, "a matrix of shape \(array.distribution.shape)")
    self.array = array
  }
}

extension DistributedMatrix {
  /// How many rows there are.
  @inlinable
  public var rows: Int { array.distribution.shape[0] }

  /// How many columns there are.
  @inlinable
  public var columns: Int { array.distribution.shape[1] }

  /// The global indices of the rows that this rank has a part of.
  @inlinable
  public var localRows: AxisIndices { array.localAxes[0] }

  /// The global indices of the columns that this rank has a part of: as many as one of its rows is long.
  @inlinable
  public var localColumns: AxisIndices { array.localAxes[1] }

  /// The rank that has an element; the first of them if there are copies.
  public func owner(row: Int, column: Int) -> Rank { distribution.owner(of: [row, column]) }
}
