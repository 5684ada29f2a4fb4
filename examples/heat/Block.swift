import MPI

/// This rank's block of the plate: the temperatures, and what it knows of its neighbours' edges.
struct Block {
  /// Which cells of the plate.
  let rows: Range<Int>
  let columns: Range<Int>

  /// The temperatures, row by row.
  private(set) var current: [Double]

  /// Where the next ones go.
  private var next: [Double]

  /// The nearest row or column of the neighbour in each direction.
  private var north: [Double]
  private var south: [Double]
  private var west: [Double]
  private var east: [Double]

  private let exchange: Exchange

  /// Takes this rank's block of a plate of so many rows and columns. Local.
  init(
    _ plate: any InitialState, on grid: CartesianCommunicator, boundary: Boundary, flow: Double
  ) throws {
    rows = Blocks.evenRange(of: plate.rows, rank: grid.coordinates[0], among: grid.dimensions[0])
    columns = Blocks.evenRange(of: plate.columns, rank: grid.coordinates[1], among: grid.dimensions[1])
    current = try plate.temperatures(rows: rows, columns: columns)
    // Memory of its own from the start.
    next = current.map(\.self)
    north = [Double](repeating: 0, count: columns.count)
    south = north
    west = [Double](repeating: 0, count: rows.count)
    east = west
    let (northRank, southRank) = try grid.shift(along: 0)
    let (westRank, eastRank) = try grid.shift(along: 1)
    let isFixed = boundary == .fixed
    exchange = Exchange(
      grid: grid, north: northRank, south: southRank, west: westRank, east: eastRank,
      // A plate of one row or column is nothing but edge.
      changingRows: rows.shared(with: isFixed ? 1..<max(plate.rows - 1, 1) : 0..<plate.rows),
      changingColumns: columns.shared(with: isFixed ? 1..<max(plate.columns - 1, 1) : 0..<plate.columns),
      column: try .vector(count: rows.count, stride: columns.count), flow: flow)
  }

  /// Computes one step. Collective over the grid: a message to and from each neighbour.
  mutating func step() throws(MPIError) {
    try exchange.step(current, into: &next, &north, &south, &west, &east)
    swap(&current, &next)
  }
}
