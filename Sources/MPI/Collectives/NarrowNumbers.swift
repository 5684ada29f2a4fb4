internal import CMPI

/// Where the counts of ``Blocks`` lie, and behind them the offsets, as the classic procedures read them.
@frozen @usableFromInline
struct NarrowNumbers: @unchecked Sendable {
  /// Filled once, before anybody else sees them; never looked at where there are none.
  @usableFromInline let counts: UnsafePointer<CInt>
  @usableFromInline let offsets: UnsafePointer<CInt>
  /// For how many ranks; -1 where there are none, which the classic procedures do not take.
  @usableFromInline let size: CInt

  init(_ owner: NumbersOwner?, size: Int) {
    counts = owner?.numbers ?? UnsafePointer(bitPattern: MemoryLayout<CInt>.alignment)!
    offsets = counts + (owner == nil ? 0 : size)
    self.size = owner == nil ? -1 : CInt(truncatingIfNeeded: size)
  }
}

/// The owner of the numbers for all copies of ``Blocks``; requests that use them are owners of their own.
@usableFromInline
final class NumbersOwner: @unchecked Sendable {
  let numbers: UnsafePointer<CInt>

  /// Takes counts and offsets that fit, one for each rank; the offset of a block of nothing is not looked at.
  init?(_ counts: [Int], _ offsets: [Int]) {
    let size = counts.count
    guard size <= CInt.max, let room = cmpi_numbers_make(CInt(size), nil) else { return nil }
    for rank in 0..<size {
      (room + rank).initialize(to: CInt(truncatingIfNeeded: counts[rank]))
      (room + size + rank).initialize(to: counts[rank] == 0 ? 0 : CInt(truncatingIfNeeded: offsets[rank]))
    }
    numbers = UnsafePointer(room)
  }

  deinit { cmpi_numbers_drop(numbers) }
}
