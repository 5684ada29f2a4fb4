/// Which indices of an axis a slice takes.
public struct AxisSlice: Hashable, Sendable {
  /// From where to where; `nil` for the whole axis.
  let range: Range<Int>?
  /// Every how many of them.
  let step: Int

  /// All indices.
  public static let all = AxisSlice(range: nil, step: 1)

  /// The indices of a range.
  public static func range(_ range: Range<Int>) -> AxisSlice { AxisSlice(range: range, step: 1) }

  /// Every so many indices of a range, from its first one on.
  public static func range(_ range: Range<Int>, step: Int) -> AxisSlice { AxisSlice(range: range, step: step) }

  /// Every so many indices of the whole axis, from the first one on.
  public static func every(_ step: Int) -> AxisSlice { AxisSlice(range: nil, step: step) }

  /// One index; the axis stays, with one place.
  public static func index(_ index: Int) -> AxisSlice { AxisSlice(range: index..<index + 1, step: 1) }

  /// The indices of an axis of some length; `nil` when it has not all of them or the step is not positive.
  func stretches(ofLength length: Int) -> AxisIndices.Stretches? {
    let range = range ?? 0..<length
    guard step >= 1, range.lowerBound >= 0, range.upperBound <= length else { return nil }
    return AxisIndices.Stretches(
      start: range.lowerBound, length: 1, stride: step, count: (range.count + step - 1) / step)
  }
}
