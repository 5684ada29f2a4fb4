import DistributedArrays

/// The edges of the neighbours: what lies around a block.
struct Surroundings: ~Escapable {
  let north: Span<Double>
  let south: Span<Double>
  let west: Span<Double>
  let east: Span<Double>

  @_lifetime(copy north, copy south, copy west, copy east)
  init(north: Span<Double>, south: Span<Double>, west: Span<Double>, east: Span<Double>) {
    self.north = north
    self.south = south
    self.west = west
    self.east = east
  }

  private var height: Int { west.count }
  private var width: Int { north.count }

  /// Computes a step of a row anywhere in a block, but for its ends.
  func relax(_ row: Int, _ old: Span<Double>, into new: inout MutableSpan<Double>, flow: Double) {
    guard width > 2 else { return }
    let old = RowPanel(old, rows: height, columns: width)
    var new = MutableRowPanel(&new, rows: height, columns: width)
    heat.relax(
      old.row(row), north: row == 0 ? RowPanel(north, rows: 1, columns: width) : old.row(row - 1),
      south: row == height - 1 ? RowPanel(south, rows: 1, columns: width) : old.row(row + 1),
      into: new.extracting(rows: row..<(row + 1)), flow: flow)
  }

  /// Computes a step of some cells of the first or the last column of a block.
  func relax(
    _ rows: Range<Int>, ofColumn column: Int, _ old: Span<Double>, into new: inout MutableSpan<Double>, flow: Double
  ) {
    guard width > 1 else {
      for row in rows { relax(row, column, old, into: &new, flow: flow) }
      return
    }
    let (outside, inward) = column == 0 ? (west, 1) : (east, -1)
    for row in rows {
      guard row > 0 && row < height &- 1 else {
        relax(row, column, old, into: &new, flow: flow)
        continue
      }
      let cell = row &* width &+ column
      new[cell] = relaxed(
        old[cell], north: old[cell &- width], south: old[cell &+ width], west: outside[row], east: old[cell &+ inward],
        flow: flow)
    }
  }

  /// Computes a step of one cell anywhere in a block.
  private func relax(_ row: Int, _ column: Int, _ old: Span<Double>, into new: inout MutableSpan<Double>, flow: Double)
  {
    let cell = row * width + column
    new[cell] = relaxed(
      old[cell], north: row == 0 ? north[column] : old[cell - width],
      south: row == height - 1 ? south[column] : old[cell + width],
      west: column == 0 ? west[row] : old[cell - 1], east: column == width - 1 ? east[row] : old[cell + 1],
      flow: flow)
  }
}

extension Range<Int> {
  /// What two ranges share, counted from the beginning of this one.
  func shared(with other: Range<Int>) -> Range<Int> {
    let common = clamped(to: other)
    return (common.lowerBound - lowerBound)..<(common.upperBound - lowerBound)
  }
}
