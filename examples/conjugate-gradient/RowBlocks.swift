import MPI

/// Which rank has which rows: even blocks, in order.
struct RowBlocks {
  /// Rows in all.
  let count: Int

  /// The rows of this rank.
  let local: Range<Int>

  private let size: Int

  init(count: Int, on world: Communicator) {
    self.count = count
    size = world.size
    local = Blocks.evenRange(of: count, rank: world.rank.index, among: size)
  }

  /// Who has a row.
  func owner(of row: Int) -> Int {
    let (each, longer) = count.quotientAndRemainder(dividingBy: size)
    let inLonger = (each + 1) * longer
    return row < inLonger ? row / (each + 1) : longer + (row - inLonger) / each
  }
}
