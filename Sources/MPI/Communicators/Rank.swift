/// A process in a communicator: a number from 0 to its size - 1, or no process at all.
///
/// Integer literals are ranks: `world.send(x, to: 1)`. Offsets are written as in C:
/// `let right = (world.rank + 1) % world.size`.
@frozen
public struct Rank: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
  /// The number, or `Int32.min` for no process. Numbers that no communicator can have are kept as -1.
  @usableFromInline let value: Int32

  /// A rank by its number; a communicator refuses those outside it.
  @inlinable
  public init(_ index: Int) { value = Int32(exactly: index).flatMap { $0 == .min ? nil : $0 } ?? -1 }

  /// A rank by its number.
  @inlinable
  public init(integerLiteral index: Int) { self.init(index) }

  @inlinable
  init(value: Int32) { self.value = value }

  /// No process: sending to it and receiving from it does nothing, at once (`MPI_PROC_NULL`).
  @inlinable
  public static var null: Rank { Rank(value: .min) }

  /// The number of this rank; negative for ``null``.
  @inlinable
  public var index: Int { Int(value) }

  /// Orders ranks by number.
  @inlinable
  public static func < (a: Rank, b: Rank) -> Bool { a.value < b.value }

  /// The rank that many further; keep it inside the communicator with `%`.
  @inlinable
  public static func + (rank: Rank, offset: Int) -> Rank { Rank(rank.index &+ offset) }

  /// The rank that many before.
  @inlinable
  public static func - (rank: Rank, offset: Int) -> Rank { Rank(rank.index &- offset) }

  /// The rank in a ring of that many ranks: never negative, so that `(rank - 1) % size` is the one before.
  @inlinable
  public static func % (rank: Rank, size: Int) -> Rank {
    guard size > 0 else { return rank }
    let remainder = rank.index % size
    return Rank(remainder < 0 ? remainder + size : remainder)
  }
}

extension Rank: CustomStringConvertible {
  /// The number, or `null`.
  public var description: String { self == .null ? "null" : "\(value)" }
}
