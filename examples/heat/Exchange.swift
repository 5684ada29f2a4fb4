import DistributedArrays
import MPI

/// What a step of a block needs beside the temperatures.
struct Exchange {
  let grid: CartesianCommunicator
  let north, south, west, east: Rank

  /// The cells that change, counted in the block.
  let changingRows: Range<Int>
  let changingColumns: Range<Int>

  /// A column of the block.
  let column: Layout<Double>
  let flow: Double

  /// Computes one step, the inside of the block while the edges are on their way. Collective over the grid.
  ///
  /// The requests are bound to the memory that they use: until they are waited for, the compiler keeps everybody from the
  /// neighbours' edges, and from changing what is being sent.
  ///
  /// - Parameters:
  ///   - before: The block before the step.
  ///   - new: The block after it.
  ///   - northEdge: Where the nearest row of the northern neighbour goes; in the same way the others.
  func step(
    _ before: [Double], into new: inout [Double], _ northEdge: inout [Double], _ southEdge: inout [Double],
    _ westEdge: inout [Double], _ eastEdge: inout [Double]
  ) throws(MPIError) {
    let (height, width) = (westEdge.count, northEdge.count)
    let old = before.span
    // The tag says which way a message goes, as one rank may be the neighbour in several directions.
    let fromNorth = try grid.startReceive(into: &northEdge, from: north, tag: 0)
    let fromSouth = try grid.startReceive(into: &southEdge, from: south, tag: 1)
    let fromWest = try grid.startReceive(into: &westEdge, from: west, tag: 2)
    let fromEast = try grid.startReceive(into: &eastEdge, from: east, tag: 3)
    let toSouth = try grid.startSend(old.extracting(last: width), to: south, tag: 0)
    let toNorth = try grid.startSend(old.extracting(first: width), to: north, tag: 1)
    let toEast = try grid.startSend(old.extracting(droppingFirst: width - 1), as: column, to: east, tag: 2)
    let toWest = try grid.startSend(old, as: column, to: west, tag: 3)

    var cells = new.mutableSpan
    relaxInside(old, height, width, into: &cells)

    try fromNorth.wait()
    try fromSouth.wait()
    try fromWest.wait()
    try fromEast.wait()
    let around = Surroundings(
      north: northEdge.span, south: southEdge.span, west: westEdge.span, east: eastEdge.span)
    // The first and the last, which may be the same.
    for row in stride(from: 0, through: height - 1, by: max(height - 1, 1)) where changingRows.contains(row) {
      around.relax(row, old, into: &cells, flow: flow)
    }
    for column in stride(from: 0, through: width - 1, by: max(width - 1, 1)) where changingColumns.contains(column) {
      around.relax(changingRows, ofColumn: column, old, into: &cells, flow: flow)
    }

    try toSouth.wait()
    try toNorth.wait()
    try toEast.wait()
    try toWest.wait()
  }

  /// Computes all rows but the first and the last, but for their ends.
  private func relaxInside(
    _ old: Span<Double>, _ height: Int, _ width: Int, into new: inout MutableSpan<Double>
  ) {
    guard width > 2 else { return }
    let old = RowPanel(old, rows: height, columns: width)
    var new = MutableRowPanel(&new, rows: height, columns: width)
    var row = 1
    if width >= Cells.scalarCount + 2 {
      while row + 4 < height {
        relaxFourRows(old, from: row, into: &new, flow: flow)
        row += 4
      }
    }
    while row + 1 < height {
      relax(
        old.row(row), north: old.row(row - 1), south: old.row(row + 1), into: new.extracting(rows: row..<(row + 1)),
        flow: flow)
      row += 1
    }
  }
}
