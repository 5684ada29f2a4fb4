internal import CMPI

/// Processes in a grid of any number of dimensions, each of which ends at walls or goes round (MPI 5.0, §8.5).
///
/// ```swift
/// if let grid = try world.cartesian([2, 3], isPeriodic: [false, true]) {
///   let (left, right) = try grid.shift(along: 1)
///   let column = try grid.sendReceive(edge, to: right, from: left)
/// }
/// ```
///
/// Ranks go by coordinates, the last of which varies fastest. At a wall the neighbour is ``Rank/null``, to and from which
/// messages do nothing.
public final class CartesianCommunicator: TopologyCommunicator, @unchecked Sendable {
  /// How many processes each dimension has.
  public let dimensions: [Int]

  /// Whether each dimension goes round, so that its last process is the neighbour of its first.
  public let isPeriodic: [Bool]

  /// The place of this process in each dimension, counted from 0.
  public let coordinates: [Int]

  /// Takes over a handle that MPI has just made, and asks MPI for its shape.
  init(owning handle: CMPI_Comm, _ procedure: StaticString) throws(MPIError) {
    var count: CInt = 0
    try check(cmpi_cartdim_get(handle, &count), "MPI_Cartdim_get")
    var dimensions = [CInt](repeating: 0, count: Int(count))
    var (periods, coordinates) = (dimensions, dimensions)
    try check(cmpi_cart_get(handle, count, &dimensions, &periods, &coordinates), "MPI_Cart_get")
    var neighbors: [Rank] = []
    for dimension in 0..<count {
      var (source, destination): (CInt, CInt) = (0, 0)
      try check(cmpi_cart_shift(handle, dimension, 1, &source, &destination), "MPI_Cart_shift")
      neighbors += [Rank(wire: source), Rank(wire: destination)]
    }
    self.dimensions = dimensions.map { Int($0) }
    self.isPeriodic = periods.map { $0 != 0 }
    self.coordinates = coordinates.map { Int($0) }
    try super.init(owning: handle, sources: neighbors, destinations: neighbors, isGrid: true, procedure)
  }

  /// The neighbours in the order of the neighbourhood collectives: for each dimension the one before, then the one after.
  public var neighbors: [Rank] { sources }

  /// Where a process stands (`MPI_Cart_coords`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/rank-type.property`` for a rank outside the grid.
  public func coordinates(of rank: Rank) throws(MPIError) -> [Int] {
    let procedure: StaticString = "MPI_Cart_coords"
    try enter(procedure, self)
    guard rank.index >= 0, rank.index < size else { throw rank.outside(MPIError.rank, procedure, self) }
    var result = [CInt](repeating: 0, count: dimensions.count)
    try check(cmpi_cart_coords(handle, rank.value, CInt(dimensions.count), &result), procedure, self)
    return result.map { Int($0) }
  }

  /// Who stands at a place (`MPI_Cart_rank`). Local.
  ///
  /// - Parameter coordinates: One for each dimension; those of a periodic dimension may be any number.
  /// - Returns: The rank, or ``Rank/null`` for a place behind a wall, where MPI itself has no answer.
  /// - Throws: ``MPIError`` of class ``MPIError/dimensions`` for another number of coordinates.
  public func rank(at coordinates: [Int]) throws(MPIError) -> Rank {
    let procedure: StaticString = "MPI_Cart_rank"
    try enter(procedure, self)
    guard coordinates.count == dimensions.count else {
      throw dimensionsError(
        procedure, "\(coordinates.count) coordinates were given, in a grid of \(dimensions.count) dimensions")
    }
    var wire: [CInt] = []
    for (dimension, coordinate) in coordinates.enumerated() {
      let length = dimensions[dimension]
      if isPeriodic[dimension] {
        let remainder = coordinate % length
        wire.append(CInt(remainder < 0 ? remainder + length : remainder))
      } else {
        guard 0..<length ~= coordinate else { return .null }
        wire.append(CInt(coordinate))
      }
    }
    var result: CInt = 0
    try check(cmpi_cart_rank(handle, wire, &result), procedure, self)
    return Rank(wire: result)
  }

  /// The ranks that this one receives from and sends to when all send so far along a dimension (`MPI_Cart_shift`). Local.
  ///
  /// - Parameters:
  ///   - dimension: Which dimension, counted from 0.
  ///   - displacement: How far; negative towards lower coordinates.
  /// - Returns: Whose data arrives here, and where this rank's goes; ``Rank/null`` behind a wall.
  /// - Throws: ``MPIError`` of class ``MPIError/dimensions`` for a dimension that is not there.
  public func shift(
    along dimension: Int, by displacement: Int = 1
  ) throws(MPIError) -> (source: Rank, destination: Rank) {
    let procedure: StaticString = "MPI_Cart_shift"
    try enter(procedure, self)
    guard dimensions.indices ~= dimension else {
      throw dimensionsError(
        procedure, "dimension \(dimension) was given, in a grid of \(dimensions.count) dimensions")
    }
    let length = dimensions[dimension]
    // Far enough is as good as any number.
    let wire = isPeriodic[dimension] ? displacement % length : max(-length, min(displacement, length))
    var (source, destination): (CInt, CInt) = (0, 0)
    try check(cmpi_cart_shift(handle, CInt(dimension), CInt(wire), &source, &destination), procedure, self)
    return (Rank(wire: source), Rank(wire: destination))
  }

  /// Divides the grid into grids of fewer dimensions, such as its rows (`MPI_Cart_sub`).
  ///
  /// Collective; all ranks keep the same dimensions. Processes that differ only along those are together.
  ///
  /// - Parameter kept: Whether each dimension stays.
  /// - Returns: The part of this rank.
  /// - Throws: ``MPIError`` of class ``MPIError/dimensions`` when it is not one answer for each dimension.
  public func slice(keeping kept: [Bool]) throws(MPIError) -> CartesianCommunicator {
    let procedure: StaticString = "MPI_Cart_sub"
    try enter(procedure, self)
    guard kept.count == dimensions.count else {
      throw dimensionsError(procedure, "\(kept.count) answers were given, in a grid of \(dimensions.count) dimensions")
    }
    let remain = kept.map { CInt($0 ? 1 : 0) }
    let new = try madeHandle(procedure) { cmpi_cart_sub(handle, CInt(remain.count), remain, $0) }
    if let new { return try CartesianCommunicator(owning: new, procedure) }
    // Nothing is kept, and each rank is alone: MPICH gives this grid of no dimensions to one rank only.
    guard let alone = try Communicator.selfOnly.cartesian([], isPeriodic: []) else {
      throw dimensionsError(procedure, "this MPI has no grid of no dimensions")
    }
    return alone
  }
}

extension Communicator {
  final func dimensionsError(_ procedure: StaticString, _ message: @autoclosure () -> String) -> MPIError {
    MPIError(MPIError.dimensions, procedure, self, message: message())
  }
}
