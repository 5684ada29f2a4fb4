import DistributedArrays

/// So many cells beside each other are computed at once.
typealias Cells = SIMD4<Double>

/// Computes a step of four rows, but for their ends: what is loaded of one row serves those above and below it as well.
///
/// - Parameters:
///   - old: The block before the step.
///   - top: The first of the rows; there is one above it, and one below the last.
///   - width: How many cells a row has, at least two more than are computed at once.
///   - new: The block after the step.
///   - flow: What part of a difference flows.
@inline(__always)
func relaxFourRows(
  _ old: Span<Double>, from top: Int, width: Int, into new: inout MutableSpan<Double>, flow: Double
) {
  let (north, south) = (old.row(top &- 1, width), old.row(top &+ 4, width))
  let (rowA, rowB) = (old.row(top, width), old.row(top &+ 1, width))
  let (rowC, rowD) = (old.row(top &+ 2, width), old.row(top &+ 3, width))
  // So that one comparison serves all rows.
  precondition(north.count == width && rowA.count == width && rowB.count == width)
  precondition(south.count == width && rowC.count == width && rowD.count == width)
  let start = top &* width
  precondition(start >= 0 && start <= new.count &- 4 &* width)
  let last = width &- 1 &- Cells.scalarCount
  var i = 1
  while true {
    let (above, a, b) = (north.cells(at: i), rowA.cells(at: i), rowB.cells(at: i))
    new.store(relaxed(a, in: rowA, at: i, north: above, south: b, flow: flow), at: start &+ i)
    let c = rowC.cells(at: i)
    new.store(relaxed(b, in: rowB, at: i, north: a, south: c, flow: flow), at: start &+ width &+ i)
    let d = rowD.cells(at: i)
    new.store(relaxed(c, in: rowC, at: i, north: b, south: d, flow: flow), at: start &+ 2 &* width &+ i)
    let below = south.cells(at: i)
    new.store(relaxed(d, in: rowD, at: i, north: c, south: below, flow: flow), at: start &+ 3 &* width &+ i)
    if i >= last { return }
    // The last ones end where the row does: some are computed again, which gives the same.
    i = min(i &+ Cells.scalarCount, last)
  }
}

/// Computes a step of one row, but for its ends.
///
/// - Parameters:
///   - row: The row before the step.
///   - north: The row above it, of as many cells; so is the other.
///   - south: The row below it.
///   - new: The block after the step.
///   - start: Where the row begins in it.
///   - flow: What part of a difference flows.
@inline(__always)
func relax(
  _ row: Span<Double>, north: Span<Double>, south: Span<Double>, into new: inout MutableSpan<Double>, at start: Int,
  flow: Double
) {
  let width = row.count
  // After this the checks in the loops are of one index.
  precondition(north.count == width && south.count == width)
  precondition(start >= 0 && start <= new.count &- width)
  guard width >= Cells.scalarCount &+ 2 else {
    for i in 1..<(width &- 1) {
      new[start &+ i] = relaxed(
        row[i], north: north[i], south: south[i], west: row[i &- 1], east: row[i &+ 1], flow: flow)
    }
    return
  }
  let last = width &- 1 &- Cells.scalarCount
  var i = 1
  while true {
    let (above, here, below) = (north.cells(at: i), row.cells(at: i), south.cells(at: i))
    new.store(relaxed(here, in: row, at: i, north: above, south: below, flow: flow), at: start &+ i)
    if i >= last { return }
    i = min(i &+ Cells.scalarCount, last)
  }
}

/// The temperatures of some cells of a row after a step.
@inline(__always)
private func relaxed(_ cells: Cells, in row: Span<Double>, at i: Int, north: Cells, south: Cells, flow: Double) -> Cells
{
  let (west, east) = (row.cells(at: i &- 1), row.cells(at: i &+ 1))
  return cells + flow * (((north + south) + (west + east)) - 4 * cells)
}

/// The temperature of one cell after a step.
@inline(__always)
func relaxed(_ center: Double, north: Double, south: Double, west: Double, east: Double, flow: Double) -> Double {
  center + flow * (((north + south) + (west + east)) - 4 * center)
}

extension Span<Double> {
  /// One of the rows of a block that is so wide.
  @inline(__always) @_lifetime(copy self)
  func row(_ index: Int, _ width: Int) -> Span<Double> {
    let start = index &* width
    return extracting(start..<(start &+ width))
  }

  /// Some cells beside each other.
  @inline(__always)
  func cells(at index: Int) -> Cells { vector(Cells.self, at: index) }
}
