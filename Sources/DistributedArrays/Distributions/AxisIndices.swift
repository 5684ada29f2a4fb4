/// The global indices of one axis that a rank has, in order.
///
/// Takes O(1) memory, however many there are: ranges at equal distances, within ranges at equal distances. A collection:
/// its elements are the global indices, its positions are the local ones.
///
/// ```swift
/// let rows = matrix.localAxes[0]
/// for (local, row) in rows.enumerated() { … }
/// for range in rows.ranges { … }            // the longest runs of successive indices
/// ```
public struct AxisIndices: Sendable {
  /// From the whole axis inwards; each picks positions of the one before.
  let levels: [Stretches]

  /// How many indices the rank has.
  public let count: Int

  /// Indices in equally long stretches at equal distances, the last of which may be shorter.
  struct Stretches: Hashable, Sendable {
    var start: Int
    var length: Int
    var stride: Int
    var count: Int

    init(start: Int, length: Int, stride: Int, count: Int) {
      (self.start, self.length, self.stride, self.count) = (start, length, stride, count)
    }

    init(_ range: Range<Int>) {
      let length = Swift.max(range.count, 1)
      self.init(start: range.lowerBound, length: length, stride: length, count: range.count)
    }
  }

  init(levels: [Stretches]) {
    precondition(!levels.isEmpty)
    // A level that is one range within another one shortens it; one that picks everything says nothing.
    var kept: [Stretches] = []
    for level in levels {
      if let last = kept.last, level.start == 0, level.count == last.count, level.isRange { continue }
      if let last = kept.last, last.isRange {
        kept[kept.count - 1] = level
        kept[kept.count - 1].start += last.start
      } else {
        kept.append(level)
      }
    }
    self.levels = kept
    count = levels[levels.count - 1].count
  }

  /// The indices of one range.
  public init(_ range: Range<Int>) { self.init(levels: [Stretches(range)]) }
}

extension AxisIndices.Stretches {
  /// Whether all indices follow each other.
  var isRange: Bool { count <= length || stride == length }

  /// The index at a position.
  @inline(__always)
  subscript(position: Int) -> Int {
    if count <= length { return start &+ position }
    return start &+ position / length &* stride &+ position % length
  }

  /// The position of the first index that is not below a number; the count if there is none.
  func position(notBelow number: Int) -> Int {
    let distance = number - start
    if distance <= 0 { return 0 }
    if count <= length { return min(distance, count) }
    let (whole, rest) = distance.quotientAndRemainder(dividingBy: stride)
    if whole > count / length { return count }
    return min(whole * length + min(rest, length), count)
  }

  /// How many indices follow each other from a position on.
  func runLength(at position: Int) -> Int {
    isRange ? count - position : min(length - position % length, count - position)
  }
}

extension AxisIndices: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }

  /// The number of indices.
  public var endIndex: Int { count }

  /// The global index at a local position.
  public subscript(position: Int) -> Int {
    var index = position
    for level in levels.reversed() { index = level[index] }
    return index
  }

  /// The local position of a global index; `nil` when it is not here.
  public func position(of index: Int) -> Int? {
    let position = position(notBelow: index)
    return position < count && self[position] == index ? position : nil
  }

  /// Whether a global index is here.
  public func contains(_ index: Int) -> Bool { position(of: index) != nil }

  /// The local position of the first global index that is not below a number; the count if there is none.
  public func position(notBelow number: Int) -> Int {
    var position = number
    for level in levels { position = level.position(notBelow: position) }
    return position
  }

  /// The global indices that follow each other from a local position on.
  func run(at position: Int) -> Range<Int> {
    var index = position
    var length = count - position
    for level in levels.reversed() {
      length = Swift.min(length, level.runLength(at: index))
      index = level[index]
    }
    return index..<index + length
  }

  /// The ranges of successive global indices, in order.
  public var ranges: some Sequence<Range<Int>> {
    sequence(state: 0) { [self] (position: inout Int) -> Range<Int>? in
      if position == count { return nil }
      let run = run(at: position)
      position += run.count
      return run
    }
  }

  /// The one range of all indices; `nil` when they do not follow each other.
  public var range: Range<Int>? {
    if count == 0 { return levels[0].start..<levels[0].start }
    let run = run(at: 0)
    return run.count == count ? run : nil
  }
}

extension AxisIndices: Hashable {
  /// Whether two have the same indices.
  public static func == (a: AxisIndices, b: AxisIndices) -> Bool {
    a.count == b.count && (a.levels == b.levels || a.elementsEqual(b))
  }

  /// Hashes the number of indices, and the first and the last.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    if count > 0 {
      hasher.combine(self[0])
      hasher.combine(self[count - 1])
    }
  }
}

extension AxisIndices: CustomStringConvertible {
  /// The ranges, the first few of them if there are many.
  public var description: String {
    let first = Array(ranges.prefix(5))
    return "[" + first.prefix(4).map { "\($0)" }.joined(separator: ", ") + (first.count > 4 ? ", …]" : "]")
  }
}
