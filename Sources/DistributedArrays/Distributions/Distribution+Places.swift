public import MPI

extension Distribution {
  /// How many elements the array has.
  @inlinable
  public var count: Int { details.count }

  /// How many places the grid has: as many ranks are needed at least.
  public var placeCount: Int { gridExtents.reduce(1, *) }

  /// The global indices of each axis that a rank has; none for a rank beyond the grid.
  public func localAxes(of rank: Rank) -> [AxisIndices] {
    guard let coordinates = ProcessGrid.coordinates(of: rank.index, in: gridExtents) else {
      return shape.map { _ in AxisIndices(0..<0) }
    }
    return shape.indices.map { axisIndices($0, at: coordinates) }
  }

  /// How many indices of each axis a rank has.
  public func localShape(of rank: Rank) -> [Int] { localAxes(of: rank).map(\.count) }

  /// How many elements a rank has.
  public func localCount(of rank: Rank) -> Int { NumPyHeader.elementCount(shape: localShape(of: rank))! }

  /// The most elements that any rank has.
  public var largestLocalCount: Int {
    let lengths = shape.indices.map { axis in
      (0..<partCount(ofAxis: axis)).map { axisIndices(axis, part: $0).count }.max() ?? 0
    }
    return NumPyHeader.elementCount(shape: lengths)!
  }

  /// The ranks that have an element: one, or all along the dimensions that replicate it, in order.
  ///
  /// - Parameter index: A global index for each axis.
  public func owners(of index: [Int]) -> [Rank] {
    precondition(
      index.count == shape.count && zip(index, shape).allSatisfy { (0..<$1).contains($0) },
      "the element \(index) of an array of shape \(shape)")
    var coordinates = [Int](repeating: 0, count: gridExtents.count)
    for axis in shape.indices {
      var position = index[axis]
      var count = shape[axis]
      for division in divisions[axis] {
        let extent = gridExtents[division.dimension]
        let (place, next) = division.partition.place(of: position, in: count, among: extent)
        count = division.partition.stretch(of: count, at: place, among: extent).count
        coordinates[division.dimension] = place
        position = next
      }
    }
    let first = zip(coordinates, gridExtents).reduce(0) { $0 * $1.1 + $1.0 }
    return (0..<replicaCount).map { Rank(first + replicaOffset($0)) }
  }

  /// The first rank that has an element.
  public func owner(of index: [Int]) -> Rank { owners(of: index)[0] }

  /// How many ranks have each element.
  @inlinable
  public var replicaCount: Int { details.replicaCount }

  /// Whether the two put the same elements on the same ranks, even if they are written in different ways.
  public func places(likeThoseOf other: Distribution) -> Bool {
    if self == other { return true }
    guard shape == other.shape else { return false }
    return (0..<max(placeCount, other.placeCount)).allSatisfy {
      localAxes(of: Rank($0)) == other.localAxes(of: Rank($0))
    }
  }
}

extension Distribution {
  /// What the place with some coordinates has of an axis.
  func axisIndices(_ axis: Int, at coordinates: [Int]) -> AxisIndices {
    axisIndices(axis) { coordinates[$0] }
  }

  /// What one of the parts of an axis is, which are numbered row-major by the dimensions that divide it.
  func axisIndices(_ axis: Int, part: Int) -> AxisIndices {
    var rest = part
    var places: [Int: Int] = [:]
    for division in divisions[axis].reversed() {
      (rest, places[division.dimension]) = rest.quotientAndRemainder(dividingBy: gridExtents[division.dimension])
    }
    return axisIndices(axis) { places[$0]! }
  }

  private func axisIndices(_ axis: Int, _ place: (Int) -> Int) -> AxisIndices {
    var levels = [AxisIndices.Stretches(0..<shape[axis])]
    for division in divisions[axis] {
      levels.append(
        division.partition.stretch(
          of: levels[levels.count - 1].count, at: place(division.dimension), among: gridExtents[division.dimension]))
    }
    return AxisIndices(levels: levels)
  }

  /// How many parts an axis has.
  func partCount(ofAxis axis: Int) -> Int { divisions[axis].reduce(1) { $0 * gridExtents[$1.dimension] } }

  /// The number of the part of an axis that the place with some coordinates has.
  func part(ofAxis axis: Int, at coordinates: [Int]) -> Int {
    divisions[axis].reduce(0) { $0 * gridExtents[$1.dimension] + coordinates[$1.dimension] }
  }

  /// How far the rank of a copy is from that of the first copy.
  func replicaOffset(_ replica: Int) -> Int {
    var rest = replica
    var coordinates = [Int](repeating: 0, count: gridExtents.count)
    for dimension in replicatingDimensions.reversed() {
      (rest, coordinates[dimension]) = rest.quotientAndRemainder(dividingBy: gridExtents[dimension])
    }
    return zip(coordinates, gridExtents).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Which copy the place with some coordinates has.
  func replica(at coordinates: [Int]) -> Int {
    replicatingDimensions.reduce(0) { $0 * gridExtents[$1] + coordinates[$1] }
  }
}
