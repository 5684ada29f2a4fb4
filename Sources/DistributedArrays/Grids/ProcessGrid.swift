public import MPI
internal import Synchronization

/// The processes of a communicator seen as a grid: rows × columns, with layers, or in any number of dimensions.
///
/// Ranks are numbered row-major: the last coordinate varies fastest. A grid may have fewer places than the communicator
/// has ranks; the ranks beyond hold nothing and still take part in collective calls.
///
/// ```swift
/// let grid = try ProcessGrid(rows: 2, columns: 3, on: world)
/// let best = try ProcessGrid.balanced(dimensions: 2, for: [rows, columns], on: world)
/// ```
///
/// Making one is local and cheap; communicators along its dimensions are made when they are asked for.
public struct ProcessGrid: Sendable {
  @usableFromInline let details: Details

  @usableFromInline
  final class Details: Sendable {
    @usableFromInline let communicator: Communicator
    @usableFromInline let extents: [Int]
    let parts = Mutex<[[Int]: Communicator?]>([:])

    init(_ extents: [Int], _ communicator: Communicator) {
      self.extents = extents
      self.communicator = communicator
    }
  }

  /// The processes, which may be more than the grid has places.
  @inlinable
  public var communicator: Communicator { details.communicator }

  /// How long the grid is in each dimension.
  @inlinable
  public var extents: [Int] { details.extents }

  /// A grid of some extents. Local; every rank gives the same.
  ///
  /// - Parameters:
  ///   - extents: The length of each dimension, at least one and each at least 1.
  ///   - communicator: The processes.
  /// - Throws: ``DistributedArrayError`` of code ``DistributedArrayError/Code/invalidGrid``, on every rank, when an extent
  ///   is below 1 or the grid has more places than there are ranks.
  public init(_ extents: [Int], on communicator: Communicator) throws(DistributedArrayError) {
    let places = try Self.placeCount(extents)
    guard places <= communicator.size else {
      throw DistributedArrayError(
        .invalidGrid,
        "A grid of \(Self.text(extents)) needs \(places) ranks; there are \(communicator.size). Start more or make it "
          + "smaller.")
    }
    details = Details(extents, communicator)
  }

  /// A grid of rows and columns, with layers if they are given. Local; every rank gives the same.
  ///
  /// - Throws: As ``init(_:on:)``.
  public init(
    rows: Int, columns: Int, layers: Int? = nil, on communicator: Communicator
  ) throws(DistributedArrayError) {
    try self.init(layers.map { [rows, columns, $0] } ?? [rows, columns], on: communicator)
  }

  /// All processes in a line. Local.
  public init(line communicator: Communicator) {
    details = Details([max(communicator.size, 1)], communicator)
  }

  /// A grid whose extents were checked.
  init(checked extents: [Int], on communicator: Communicator) {
    details = Details(extents, communicator)
  }

  /// How many places a grid has, when it can exist.
  static func placeCount(_ extents: [Int]) throws(DistributedArrayError) -> Int {
    guard !extents.isEmpty, extents.allSatisfy({ $0 >= 1 }), let places = NumPyHeader.elementCount(shape: extents)
    else {
      throw DistributedArrayError(
        .invalidGrid, "\(text(extents)) is no grid: it needs a dimension at least, each of length 1 at least.")
    }
    return places
  }

  /// Extents as people write them: `2 × 3`.
  static func text(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: " × ") }
}

extension ProcessGrid {
  /// How many dimensions the grid has.
  public var dimensionCount: Int { extents.count }

  /// How many places the grid has.
  public var count: Int { extents.reduce(1, *) }

  /// The place of a rank; `nil` for one beyond the grid.
  public func coordinates(of rank: Rank) -> [Int]? { Self.coordinates(of: rank.index, in: extents) }

  /// The place of this rank; `nil` when it is beyond the grid.
  public var coordinates: [Int]? { coordinates(of: communicator.rank) }

  /// The rank at a place.
  ///
  /// - Parameter coordinates: One for each dimension, from 0 to its extent - 1.
  public func rank(at coordinates: [Int]) -> Rank {
    precondition(
      coordinates.count == extents.count && zip(coordinates, extents).allSatisfy { (0..<$1).contains($0) },
      "the place \(coordinates) of a grid of \(Self.text(extents))")
    return Rank(zip(coordinates, extents).reduce(0) { $0 * $1.1 + $1.0 })
  }

  static func coordinates(of rank: Int, in extents: [Int]) -> [Int]? {
    var rest = rank
    var coordinates = [Int](repeating: 0, count: extents.count)
    for dimension in extents.indices.reversed() {
      (rest, coordinates[dimension]) = rest.quotientAndRemainder(dividingBy: extents[dimension])
    }
    return rank >= 0 && rest == 0 ? coordinates : nil
  }

  /// The processes that differ from this one only in some of their coordinates, in row-major order of these.
  ///
  /// Collective over the grid's communicator, for the ranks beyond the grid too (`MPI_Comm_split`); made once, kept with
  /// the grid.
  ///
  /// - Parameter dimensions: Which coordinates may differ, for example `[0]` for the processes of one column.
  /// - Returns: The communicator; `nil` on the ranks beyond the grid.
  public func communicator(along dimensions: [Int]) throws(MPIError) -> Communicator? {
    precondition(dimensions.allSatisfy(extents.indices.contains), "dimensions \(dimensions) of \(dimensionCount)")
    let dimensions = Set(dimensions).sorted()
    if let made = details.parts.withLock({ $0[dimensions] }) { return made }
    var color: Int?
    var key = 0
    if let coordinates {
      var others = 0
      for (dimension, coordinate) in coordinates.enumerated() {
        if dimensions.contains(dimension) {
          key = key * extents[dimension] + coordinate
        } else {
          others = others * extents[dimension] + coordinate
        }
      }
      color = others
    }
    let made = try communicator.split(color: color, key: key)
    details.parts.withLock { $0[dimensions] = .some(made) }
    return made
  }
}

extension ProcessGrid: CustomStringConvertible {
  /// The extents and the number of ranks, for example `2 × 3 grid of 6 ranks`.
  public var description: String {
    "\(Self.text(extents)) grid of \(communicator.size) \(communicator.size == 1 ? "rank" : "ranks")"
  }
}
