internal import MPI

/// How the indices of an axis, or of a part of one, are divided among the places of one dimension of a grid.
public enum AxisPartition: Hashable, Sendable {
  /// One range for each place, as even as possible: that of `Blocks.evenRange(of:rank:among:)`.
  case block

  /// Ranges of some length dealt out like cards: ScaLAPACK's distribution.
  case blockCyclic(_ length: Int)

  /// One range of a given length for each place, in order.
  case blocks(lengths: [Int])

  /// Single indices dealt out like cards.
  public static var cyclic: AxisPartition { .blockCyclic(1) }
}

extension AxisPartition {
  /// What one place has of a number of indices.
  func stretch(of count: Int, at place: Int, among extent: Int) -> AxisIndices.Stretches {
    switch self {
    case .block:
      let range = Blocks.evenRange(of: count, rank: place, among: extent)
      return AxisIndices.Stretches(range)
    case .blocks(let lengths):
      let start = lengths[..<place].reduce(0, +)
      return AxisIndices.Stretches(start..<start + lengths[place])
    case .blockCyclic(let length):
      let (cycles, rest) = count.quotientAndRemainder(dividingBy: length * extent)
      let mine = cycles * length + min(max(rest - place * length, 0), length)
      return AxisIndices.Stretches(start: place * length, length: length, stride: length * extent, count: mine)
    }
  }

  /// The place that has an index, and where it is there.
  func place(of index: Int, in count: Int, among extent: Int) -> (place: Int, position: Int) {
    switch self {
    case .block:
      let (each, rest) = count.quotientAndRemainder(dividingBy: extent)
      let inLonger = rest * (each + 1)
      let place = index < inLonger ? index / (each + 1) : rest + (index - inLonger) / each
      return (place, index - Blocks.evenRange(of: count, rank: place, among: extent).lowerBound)
    case .blocks(let lengths):
      var start = 0
      var place = 0
      while index >= start + lengths[place] {
        start += lengths[place]
        place += 1
      }
      return (place, index - start)
    case .blockCyclic(let length):
      let (block, offset) = index.quotientAndRemainder(dividingBy: length)
      return (block % extent, block / extent * length + offset)
    }
  }

  /// What is wrong with dividing a number of indices among so many places in this way.
  func fault(of count: Int, among extent: Int) -> String? {
    switch self {
    case .block: return nil
    case .blockCyclic(let length):
      guard length >= 1, !length.multipliedReportingOverflow(by: extent).overflow else {
        return "blocks of \(length) indices dealt to \(extent) places"
      }
      return nil
    case .blocks(let lengths):
      let total = lengths.reduce(0) { $0.addingReportingOverflow($1).partialValue }
      guard lengths.count == extent, lengths.allSatisfy({ $0 >= 0 }), total == count else {
        return "\(count) indices in blocks of \(lengths) for \(extent) places"
      }
      return nil
    }
  }
}

extension AxisPartition: CustomStringConvertible {
  /// The name, for example `block` or `block-cyclic(64)`.
  public var description: String {
    switch self {
    case .block: "block"
    case .blockCyclic(1): "cyclic"
    case .blockCyclic(let length): "block-cyclic(\(length))"
    case .blocks(let lengths): "blocks\(lengths)"
    }
  }
}
