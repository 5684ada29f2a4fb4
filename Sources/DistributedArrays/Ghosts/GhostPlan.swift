internal import MPI

/// Who sends what to whom to bring the ghost cells of one rank up to date, and where it lies.
struct GhostPlan: Sendable {
  /// A message to or from another rank, and how it is packed or unpacked.
  struct Message: Sendable {
    let peer: Rank
    let copy: BlockCopy
    let count: Int
    /// Where it lies in the staging memory.
    let start: Int
  }

  let paddedShape: [Int]
  private(set) var incoming: [Message] = []
  private(set) var outgoing: [Message] = []
  /// Copies within this rank: along periodic axes that it has whole.
  private(set) var own: [BlockCopy] = []
  /// How many elements all messages have.
  private(set) var stagedCount = 0

  private let localShape: [Int]
  private let widths: [Int]
  private let elementSize: Int

  /// What is wrong with ghost cells of these widths.
  static func fault(
    _ distribution: Distribution, _ widths: [Int], _ isPeriodic: [Bool]
  ) -> (DistributedArrayError.Code, String)? {
    let shape = distribution.shape
    guard widths.count == shape.count, isPeriodic.count == shape.count,
      widths.allSatisfy({ (0...1 << 40).contains($0) })
    else {
      return (
        .shapeMismatch,
        "Ghost cells need a width of at least 0 and a choice of period for each of \(shape.count) axes; given were "
          + "\(widths) and \(isPeriodic)."
      )
    }
    for axis in shape.indices {
      for part in 0..<distribution.partCount(ofAxis: axis) where distribution.axisIndices(axis, part: part).range == nil
      {
        return (
          .invalidDistribution,
          "Ghost cells need a range of each axis on every rank; axis \(axis) of \(distribution) is in pieces. "
            + "Redistribute it in blocks first."
        )
      }
    }
    return nil
  }

  init(_ distribution: Distribution, _ widths: [Int], _ isPeriodic: [Bool], rank: Rank, elementSize: Int) {
    self.widths = widths
    self.elementSize = elementSize
    let shape = distribution.shape
    localShape = distribution.localShape(of: rank)
    guard let place = ProcessGrid.coordinates(of: rank.index, in: distribution.gridExtents), !localShape.contains(0)
    else {
      paddedShape = shape.map { _ in 0 }
      return
    }
    paddedShape = zip(localShape, widths).map { $0 + 2 * $1 }

    /// The overlaps of the elements of one place with the ghost cells and elements of another one, along an axis.
    func overlaps(_ axis: Int, from giver: [Int], to taker: [Int]) -> [(isHome: Bool, overlap: AxisOverlap)] {
      Self.overlaps(
        distribution.axisIndices(axis, at: giver).range!, distribution.axisIndices(axis, at: taker).range!,
        length: shape[axis], width: widths[axis], isPeriodic: isPeriodic[axis])
    }
    for other in 0..<distribution.placeCount {
      let otherPlace = ProcessGrid.coordinates(of: other, in: distribution.gridExtents)!
      // Copies of the array exchange among themselves.
      guard distribution.replica(at: otherPlace) == distribution.replica(at: place) else { continue }
      let otherShape = shape.indices.map { distribution.axisIndices($0, at: otherPlace).count }
      if otherShape.contains(0) { continue }
      if other == rank.index {
        addOwn(shape.indices.map { overlaps($0, from: place, to: place) })
        continue
      }
      let incoming = Overlap(axes: shape.indices.map { overlaps($0, from: otherPlace, to: place).map(\.overlap) })
      if incoming.count > 0 {
        let copy = BlockCopy(incoming.unpacked, from: incoming.lengths, to: paddedShape, elementSize: elementSize)
        self.incoming.append(Message(peer: Rank(other), copy: copy, count: incoming.count, start: stagedCount))
        stagedCount += incoming.count
      }
      let outgoing = Overlap(axes: shape.indices.map { overlaps($0, from: place, to: otherPlace).map(\.overlap) })
        .packed
      if outgoing.count > 0 {
        let copy = BlockCopy(outgoing, from: paddedShape, to: outgoing.lengths, elementSize: elementSize)
        self.outgoing.append(Message(peer: Rank(other), copy: copy, count: outgoing.count, start: stagedCount))
        stagedCount += outgoing.count
      }
    }
  }

  /// The elements without ghost cells, copied to where they lie among these, or back.
  func interior(isInward: Bool) -> BlockCopy {
    let overlap = Overlap(
      axes: zip(localShape, widths).map { [AxisOverlap(source: 0, target: $1, length: $0)] })
    let isEmpty = localShape.contains(0)
    let inward = isEmpty ? Overlap(axes: localShape.map { _ in [] }) : overlap
    return isInward
      ? BlockCopy(inward, from: localShape, to: paddedShape, elementSize: elementSize)
      : BlockCopy(inward.reversed, from: paddedShape, to: localShape, elementSize: elementSize)
  }

  /// Where the padded range of one rank along an axis has elements of another one: by their padded positions on both.
  private static func overlaps(
    _ giver: Range<Int>, _ taker: Range<Int>, length: Int, width: Int, isPeriodic: Bool
  ) -> [(isHome: Bool, overlap: AxisOverlap)] {
    var overlaps: [(isHome: Bool, overlap: AxisOverlap)] = []
    let padded = taker.lowerBound - width..<taker.upperBound + width
    // Which repetitions of the axis the padded range reaches into.
    let periods =
      isPeriodic ? floorDivided(padded.lowerBound, length)...floorDivided(padded.upperBound - 1, length) : 0...0
    for period in periods {
      let shifted = giver.lowerBound + period * length..<giver.upperBound + period * length
      let common = shifted.clamped(to: padded)
      if common.isEmpty { continue }
      let overlap = AxisOverlap(
        source: common.lowerBound - shifted.lowerBound + width, target: common.lowerBound - padded.lowerBound,
        length: common.count)
      // The own elements of a rank may lie between ghost cells that have them too.
      if period == 0 && giver == taker {
        for (range, isHome) in [
          (padded.lowerBound..<taker.lowerBound, false), (taker, true), (taker.upperBound..<padded.upperBound, false),
        ] {
          let part = common.clamped(to: range)
          if part.isEmpty { continue }
          overlaps.append(
            (
              isHome,
              AxisOverlap(
                source: overlap.source + part.lowerBound - common.lowerBound,
                target: overlap.target + part.lowerBound - common.lowerBound, length: part.count)
            ))
        }
      } else {
        overlaps.append((false, overlap))
      }
    }
    return overlaps
  }

  private static func floorDivided(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

  /// Adds the copies of this rank's own elements to its ghost cells: all combinations but that of its own places.
  private mutating func addOwn(_ axes: [[(isHome: Bool, overlap: AxisOverlap)]]) {
    for choice in 1..<(1 << axes.count) {
      let chosen = axes.enumerated().map { axis, overlaps in
        overlaps.filter { $0.isHome == (choice >> axis & 1 == 0) }.map(\.overlap)
      }
      if chosen.contains(where: \.isEmpty) { continue }
      own.append(BlockCopy(Overlap(axes: chosen), from: paddedShape, to: paddedShape, elementSize: elementSize))
    }
  }
}
