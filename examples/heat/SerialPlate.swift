import ExampleSupport
import MPI

/// The whole plate on one rank: no blocks, no messages, and none of the code that it checks.
struct SerialPlate {
  private let start: any InitialState
  private let boundary: Boundary

  init(_ start: any InitialState, boundary: Boundary) {
    self.start = start
    self.boundary = boundary
  }

  /// Computes everything on rank 0 and compares the blocks of all ranks with it. Collective.
  ///
  /// - Returns: What was compared.
  /// - Throws: On all ranks, agreed, where some bit differs.
  func verify(_ block: Block?, steps: Int, flow: Double, on world: Communicator) throws -> String {
    let corners = try world.gather(
      block.map { SIMD4($0.rows.lowerBound, $0.rows.upperBound, $0.columns.lowerBound, $0.columns.upperBound) }
        ?? SIMD4(repeating: 0), to: 0)
    let values = try world.gather(block?.current ?? [], to: 0)
    try world.agree {
      guard let corners, let values else { return }
      let expected = try computed(steps: steps, flow: flow)
      var next = 0
      var covered = 0
      for corner in corners {
        for row in corner[0]..<corner[1] {
          for column in corner[2]..<corner[3] {
            let (got, wanted) = (values[next], expected[row * start.columns + column])
            guard got.bitPattern == wanted.bitPattern else {
              throw ExampleError(
                "Wrong answer. In row \(row), column \(column) it is \(got), and \(wanted) when computed on one rank.")
            }
            next += 1
            covered += 1
          }
        }
      }
      guard covered == start.rows * start.columns else { throw ExampleError("The blocks are not the whole plate.") }
    }
    return "computed on one rank, every bit of all \(start.rows * start.columns) cells is the same"
  }

  private func computed(steps: Int, flow: Double) throws -> [Double] {
    let (rows, columns) = (start.rows, start.columns)
    var old = try start.temperatures(rows: 0..<rows, columns: 0..<columns)
    var new = old
    for _ in 0..<steps {
      for row in 0..<rows {
        for column in 0..<columns {
          if boundary == .fixed, row == 0 || row == rows - 1 || column == 0 || column == columns - 1 { continue }
          let (up, down) = ((row + rows - 1) % rows, (row + 1) % rows)
          let (left, right) = ((column + columns - 1) % columns, (column + 1) % columns)
          let here = old[row * columns + column]
          let vertical = old[up * columns + column] + old[down * columns + column]
          let horizontal = old[row * columns + left] + old[row * columns + right]
          new[row * columns + column] = here + flow * ((vertical + horizontal) - 4.0 * here)
        }
      }
      swap(&old, &new)
    }
    return old
  }
}
