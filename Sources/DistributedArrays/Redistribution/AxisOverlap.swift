/// Successive indices of an axis that two ranks both have, by their positions on each.
struct AxisOverlap: Hashable, Sendable {
  /// Where they begin on the one that gives.
  var source: Int
  /// Where they begin on the one that gets.
  var target: Int
  /// How many there are.
  var length: Int
}

extension AxisOverlap {
  /// All indices that are in both, in order, as few stretches as possible.
  static func between(_ source: AxisIndices, _ target: AxisIndices) -> [AxisOverlap] {
    var overlaps: [AxisOverlap] = []
    var position = 0
    while position < source.count {
      let run = source.run(at: position)
      let targetPosition = target.position(notBelow: run.lowerBound)
      if targetPosition == target.count { break }
      let targetRun = target.run(at: targetPosition)
      if targetRun.lowerBound >= run.upperBound {
        position = source.position(notBelow: targetRun.lowerBound)
        continue
      }
      let skipped = targetRun.lowerBound - run.lowerBound
      let length = min(targetRun.upperBound, run.upperBound) - targetRun.lowerBound
      let new = AxisOverlap(source: position + skipped, target: targetPosition, length: length)
      if let last = overlaps.last, last.source + last.length == new.source, last.target + last.length == new.target {
        overlaps[overlaps.count - 1].length += length
      } else {
        overlaps.append(new)
      }
      position += skipped + length
    }
    return overlaps
  }
}

/// The elements that one rank has for another: for each axis the indices that both have.
struct Overlap: Sendable {
  var axes: [[AxisOverlap]]

  /// How many elements they are.
  var count: Int { axes.reduce(1) { $0 * $1.reduce(0) { $0 + $1.length } } }

  /// How many indices of each axis.
  var lengths: [Int] { axes.map { $0.reduce(0) { $0 + $1.length } } }

  /// The same elements of the source, one after the other in the target.
  var packed: Overlap {
    Overlap(
      axes: axes.map { overlaps in
        var next = 0
        return overlaps.map { overlap in
          defer { next += overlap.length }
          return AxisOverlap(source: overlap.source, target: next, length: overlap.length)
        }
      })
  }

  /// The same elements of the target, one after the other in the source.
  var unpacked: Overlap { reversed.packed.reversed }

  /// With source and target exchanged.
  var reversed: Overlap {
    Overlap(axes: axes.map { $0.map { AxisOverlap(source: $0.target, target: $0.source, length: $0.length) } })
  }
}
