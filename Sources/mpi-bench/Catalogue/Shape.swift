/// How long the memory of a benchmark is: one message or block has `count` values.
enum Shape {
  /// No values at all.
  case nothing
  /// One value.
  case one
  case message
  /// A window of messages arrives.
  case window
  /// A block from every rank arrives.
  case gathered
  /// The same in the root's own memory; the others have their block.
  case gatheredInPlace
  /// A block for every rank is given.
  case scattered
  case exchanged

  /// Values given and received by this rank.
  func lengths(count: Int, size: Int, isRoot: Bool, window: Int) -> (values: Int, result: Int) {
    switch self {
    case .nothing: (0, 0)
    case .one: (1, 1)
    case .message: (count, count)
    case .window: (count, count * window)
    case .gathered: (count, count * size)
    case .gatheredInPlace: (0, isRoot ? count * size : count)
    case .scattered: (count * size, count)
    case .exchanged: (count * size, count * size)
    }
  }
}
