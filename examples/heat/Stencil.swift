import DistributedArrays

/// So many cells beside each other are computed at once.
typealias Cells = SIMD4<Double>

/// Computes a step of four rows, but for their ends: what is loaded of one row serves those above and below it as well.
///
/// - Parameters:
///   - old: The block before the step, at least two columns wider than what is computed at once.
///   - top: The first of the rows; there is one above it, and one below the last.
///   - new: The block after the step.
///   - flow: What part of a difference flows.
@inline(__always)
func relaxFourRows(
  _ old: RowPanel<Double>, from top: Int, into new: inout MutableRowPanel<Double>, flow: Double
) {
  let old = old.extracting(rows: (top &- 1)..<(top &+ 5))
  var new = new.extracting(rows: top..<(top &+ 4))
  // The last ones end where the row does: some are computed again, which gives the same.
  for column in old.columns(of: Cells.self, margin: 1) {
    var north = old.vector(row: 0, at: column)
    var here = old.vector(row: 1, at: column)
    for row in 0..<4 {
      let south = old.vector(row: row &+ 2, at: column)
      let after = relaxed(here, in: old, row &+ 1, at: column, north: north, south: south, flow: flow)
      new.store(after, row: row, at: column)
      (north, here) = (here, south)
    }
  }
}

/// Computes a step of one row, but for its ends.
///
/// - Parameters:
///   - row: The row before the step.
///   - north: The row above it, of as many cells; so is the other.
///   - south: The row below it.
///   - new: The row after the step.
///   - flow: What part of a difference flows.
@inline(__always)
func relax(
  _ row: RowPanel<Double>, north: RowPanel<Double>, south: RowPanel<Double>,
  into new: consuming MutableRowPanel<Double>, flow: Double
) {
  guard row.columns >= Cells.scalarCount &+ 2 else {
    for i in 1..<(row.columns &- 1) {
      new[0, i] = relaxed(
        row[0, i], north: north[0, i], south: south[0, i], west: row[0, i &- 1], east: row[0, i &+ 1], flow: flow)
    }
    return
  }
  for column in row.columns(of: Cells.self, margin: 1) {
    let (above, here, below) = (
      north.vector(row: 0, at: column), row.vector(row: 0, at: column), south.vector(row: 0, at: column)
    )
    new.store(relaxed(here, in: row, 0, at: column, north: above, south: below, flow: flow), row: 0, at: column)
  }
}

/// The temperatures of some cells of a row after a step.
@inline(__always)
private func relaxed(
  _ cells: Cells, in old: RowPanel<Double>, _ row: Int, at column: VectorColumn<Cells>, north: Cells, south: Cells,
  flow: Double
) -> Cells {
  let west = old.vector(row: row, at: column, offset: -1)
  let east = old.vector(row: row, at: column, offset: 1)
  return cells + flow * (((north + south) + (west + east)) - 4 * cells)
}

/// The temperature of one cell after a step.
@inline(__always)
func relaxed(_ center: Double, north: Double, south: Double, west: Double, east: Double, flow: Double) -> Double {
  center + flow * (((north + south) + (west + east)) - 4 * center)
}

extension RowPanel {
  /// One of the rows.
  @inline(__always) @_lifetime(copy self)
  func row(_ index: Int) -> Self { extracting(rows: index..<(index &+ 1)) }
}
