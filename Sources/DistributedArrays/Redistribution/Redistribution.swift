public import MPI

/// What moves when an array gets another distribution: a value, computed alike by every rank without communicating.
///
/// Every rank gets each of its new elements once, and from itself what it has already. What several ranks have, because
/// it is replicated, is asked for evenly of all of them.
///
/// ```swift
/// let plan = Redistribution(from: a.distribution, to: target)
/// print(plan.elementCount(from: 0, to: 3))
/// ```
public struct Redistribution: Sendable {
  /// How the elements are distributed before.
  public let source: Distribution
  /// How they are distributed after.
  public let target: Distribution
  /// Which indices of each axis of the source the target's indices are; `nil` where they are all.
  let picks: [AxisIndices.Stretches]?

  /// What moves between two distributions of arrays of the same shape.
  public init(from source: Distribution, to target: Distribution) {
    precondition(source.shape == target.shape, "from the shape \(source.shape) to \(target.shape)")
    self.source = source
    self.target = target
    picks = nil
  }

  /// What moves when only some indices of each axis get another distribution.
  init(from source: Distribution, to target: Distribution, picking picks: [AxisIndices.Stretches]?) {
    self.source = source
    self.target = target
    self.picks = picks
  }

  /// The indices of an axis of the source that a part of the target's has.
  private func picked(_ axis: Int, _ indices: AxisIndices) -> AxisIndices {
    guard let picks else { return indices }
    return AxisIndices(levels: [picks[axis]] + indices.levels)
  }

  /// How many elements one rank gives to another, or keeps if the two are the same.
  public func elementCount(from giver: Rank, to taker: Rank) -> Int {
    guard giver.index < source.placeCount, taker.index < target.placeCount else { return 0 }
    return pieces(to: taker).first { $0.peer == giver }?.overlap.count ?? 0
  }
}

extension Redistribution {
  /// What one rank gives to or gets from another one.
  struct Piece {
    let peer: Rank
    let overlap: Overlap
  }

  /// What a rank gets, from whom, itself included.
  func pieces(to taker: Rank) -> [Piece] {
    guard let place = ProcessGrid.coordinates(of: taker.index, in: target.gridExtents) else { return [] }
    let mine = source.shape.indices.map { picked($0, target.axisIndices($0, at: place)) }
    let overlaps = source.shape.indices.map { axis in
      (0..<source.partCount(ofAxis: axis)).map { AxisOverlap.between(source.axisIndices(axis, part: $0), mine[axis]) }
    }
    return (0..<sourcePartCount).compactMap { part in
      guard let overlap = Self.overlap(overlaps, sourceParts(of: part)) else { return nil }
      return Piece(peer: giver(ofPart: part, to: taker), overlap: overlap)
    }
  }

  /// What a rank gives, to whom, itself included.
  func pieces(from giver: Rank) -> [Piece] {
    guard let place = ProcessGrid.coordinates(of: giver.index, in: source.gridExtents) else { return [] }
    let mine = source.shape.indices.map { source.axisIndices($0, at: place) }
    let overlaps = source.shape.indices.map { axis in
      (0..<target.partCount(ofAxis: axis)).map {
        AxisOverlap.between(mine[axis], picked(axis, target.axisIndices(axis, part: $0)))
      }
    }
    let part = sourcePart(at: place)
    return (0..<target.placeCount).compactMap { taker in
      let taker = Rank(taker)
      guard self.giver(ofPart: part, to: taker) == giver else { return nil }
      let place = ProcessGrid.coordinates(of: taker.index, in: target.gridExtents)!
      let parts = source.shape.indices.map { target.part(ofAxis: $0, at: place) }
      return Self.overlap(overlaps, parts).map { Piece(peer: taker, overlap: $0) }
    }
  }

  private static func overlap(_ overlaps: [[[AxisOverlap]]], _ parts: [Int]) -> Overlap? {
    let axes = zip(overlaps, parts).map { $0[$1] }
    return axes.contains { $0.isEmpty } ? nil : Overlap(axes: axes)
  }

  /// How many different parts the source has.
  private var sourcePartCount: Int { source.placeCount / source.replicaCount }

  /// The parts of the axes that make a part, which are numbered row-major.
  private func sourceParts(of part: Int) -> [Int] {
    var rest = part
    var parts = [Int](repeating: 0, count: source.shape.count)
    for axis in source.shape.indices.reversed() {
      (rest, parts[axis]) = rest.quotientAndRemainder(dividingBy: source.partCount(ofAxis: axis))
    }
    return parts
  }

  private func sourcePart(at place: [Int]) -> Int {
    source.shape.indices.reduce(0) { $0 * source.partCount(ofAxis: $1) + source.part(ofAxis: $1, at: place) }
  }

  /// Who gives a part to a rank: itself if it has it, else one of those who have, in turn.
  private func giver(ofPart part: Int, to taker: Rank) -> Rank {
    if let place = ProcessGrid.coordinates(of: taker.index, in: source.gridExtents), sourcePart(at: place) == part {
      return taker
    }
    let parts = sourceParts(of: part)
    var place = [Int](repeating: 0, count: source.gridExtents.count)
    for axis in source.shape.indices {
      var rest = parts[axis]
      for division in source.divisions[axis].reversed() {
        let extent = source.gridExtents[division.dimension]
        (rest, place[division.dimension]) = rest.quotientAndRemainder(dividingBy: extent)
      }
    }
    let first = zip(place, source.gridExtents).reduce(0) { $0 * $1.1 + $1.0 }
    return Rank(first + source.replicaOffset((taker.index + part) % source.replicaCount))
  }
}
