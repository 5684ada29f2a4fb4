internal import MPI

/// Which elements of an array each rank has: a value, that can be printed and tested without communicating.
///
/// Each axis is divided by dimensions of a process grid, one after the other: the first divides the axis, the next one
/// what each place of the first has, and so on. Along the dimensions of the grid that divide no axis, the array is
/// replicated.
///
/// ```swift
/// let rows = try Distribution([1000, 200], grid: [4], [[.block(over: 0)], []])
/// let squares = try Distribution([1000, 200], grid: [2, 3], [[.block(over: 0)], [.block(over: 1)]])
/// let dealt = try Distribution([1000, 200], grid: [2, 3], [[.blockCyclic(64, over: 0)], [.blockCyclic(64, over: 1)]])
/// let everywhere = try Distribution([1000, 200], grid: [6], [[], []])
/// ```
public struct Distribution: Sendable {
  @usableFromInline let details: Details

  @usableFromInline
  final class Details: Sendable {
    @usableFromInline let shape: [Int]
    @usableFromInline let gridExtents: [Int]
    @usableFromInline let count: Int
    let divisions: [[AxisDivision]]
    /// The dimensions of the grid along which the array is replicated.
    let replicatingDimensions: [Int]
    @usableFromInline let replicaCount: Int

    init(_ shape: [Int], _ gridExtents: [Int], _ divisions: [[AxisDivision]]) {
      self.shape = shape
      count = NumPyHeader.elementCount(shape: shape)!
      self.gridExtents = gridExtents
      self.divisions = divisions
      let dividing = Set(divisions.joined().map(\.dimension))
      replicatingDimensions = gridExtents.indices.filter { !dividing.contains($0) }
      replicaCount = replicatingDimensions.reduce(1) { $0 * gridExtents[$1] }
    }
  }

  /// The length of each axis of the array.
  @inlinable
  public var shape: [Int] { details.shape }

  /// The length of each dimension of the process grid.
  @inlinable
  public var gridExtents: [Int] { details.gridExtents }

  /// By which dimensions of the grid each axis is divided, outermost first.
  public var divisions: [[AxisDivision]] { details.divisions }

  /// The dimensions of the grid along which the array is replicated.
  public var replicatingDimensions: [Int] { details.replicatingDimensions }

  /// A distribution by its divisions. Local; every rank gives the same.
  ///
  /// - Parameters:
  ///   - shape: The length of each axis, at least one axis, lengths at least 0.
  ///   - grid: The length of each dimension of the process grid.
  ///   - divisions: For each axis the dimensions that divide it, outermost first; each dimension divides one at most.
  /// - Throws: ``DistributedArrayError``, on every rank, of code ``DistributedArrayError/Code/invalidShape``,
  ///   ``DistributedArrayError/Code/invalidGrid`` or ``DistributedArrayError/Code/invalidDistribution``.
  public init(_ shape: [Int], grid: [Int], _ divisions: [[AxisDivision]]) throws(DistributedArrayError) {
    _ = try ProcessGrid.placeCount(grid)
    guard !shape.isEmpty, NumPyHeader.elementCount(shape: shape) != nil else {
      throw DistributedArrayError(
        .invalidShape,
        "An array has one axis at least, of no negative length, and a countable number of elements; not "
          + "the shape \(NumPyHeader.tuple(shape)).")
    }
    guard divisions.count == shape.count else {
      throw DistributedArrayError(
        .invalidDistribution,
        "\(shape.count) axes were given the divisions of \(divisions.count). Give [] for an axis "
          + "that is not divided.")
    }
    var used: Set<Int> = []
    for (axis, divisions) in divisions.enumerated() {
      var counts: Set = [shape[axis]]
      for division in divisions {
        guard grid.indices.contains(division.dimension), used.insert(division.dimension).inserted else {
          throw DistributedArrayError(
            .invalidDistribution,
            "Axis \(axis) cannot be divided by dimension \(division.dimension) of a grid of "
              + "\(ProcessGrid.text(grid)): it does not exist or divides already.")
        }
        let extent = grid[division.dimension]
        for count in counts {
          guard let fault = division.partition.fault(of: count, among: extent) else { continue }
          throw DistributedArrayError(.invalidDistribution, "Axis \(axis) cannot be divided: \(fault).")
        }
        counts = Set(
          counts.flatMap { count in
            (0..<extent).map { division.partition.stretch(of: count, at: $0, among: extent).count }
          })
      }
    }
    details = Details(shape, grid, divisions)
  }

  /// A distribution that was checked.
  init(checked shape: [Int], grid: [Int], _ divisions: [[AxisDivision]]) { details = Details(shape, grid, divisions) }
}

/// How one dimension of a grid divides an axis.
public struct AxisDivision: Hashable, Sendable {
  /// Which dimension of the grid.
  public let dimension: Int

  /// Who of its places has what.
  public let partition: AxisPartition

  /// A division by a dimension of the grid.
  public init(_ partition: AxisPartition, over dimension: Int) {
    self.partition = partition
    self.dimension = dimension
  }

  /// Even ranges.
  public static func block(over dimension: Int) -> AxisDivision { AxisDivision(.block, over: dimension) }

  /// Single indices, dealt out.
  public static func cyclic(over dimension: Int) -> AxisDivision { AxisDivision(.cyclic, over: dimension) }

  /// Ranges of some length, dealt out.
  public static func blockCyclic(_ length: Int, over dimension: Int) -> AxisDivision {
    AxisDivision(.blockCyclic(length), over: dimension)
  }

  /// Ranges of given lengths.
  public static func blocks(lengths: [Int], over dimension: Int) -> AxisDivision {
    AxisDivision(.blocks(lengths: lengths), over: dimension)
  }
}

extension Distribution: Hashable {
  /// Whether shape, grid and divisions are the same.
  public static func == (a: Distribution, b: Distribution) -> Bool {
    a.details === b.details
      || a.shape == b.shape && a.gridExtents == b.gridExtents && a.divisions == b.divisions
  }

  /// Hashes shape, grid and divisions.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(gridExtents)
    hasher.combine(divisions)
  }
}

extension Distribution: CustomStringConvertible {
  /// Shape and grid, and the divisions of each axis: `(1000, 200) on 2 × 3: [block(0), block(1)]`.
  public var description: String {
    let axes = divisions.map { divisions in
      divisions.isEmpty ? "whole" : divisions.map { "\($0.partition) by \($0.dimension)" }.joined(separator: " then ")
    }
    return "\(NumPyHeader.tuple(shape)) on \(ProcessGrid.text(gridExtents)): \(axes.joined(separator: ", "))"
  }
}
