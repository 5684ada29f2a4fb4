import DistributedArrays
import ExampleSupport
import MPI

/// The work: divide the plate, compute, check, write.
struct Job {
  let world: Communicator
  let start: any InitialState
  let steps: Int
  let flow: Double
  let boundary: Boundary
  let verifies: Bool

  /// Does everything. Collective; a failure is thrown on all ranks, agreed.
  func run(processGrid: ProcessGridShape?, output: String?, image: String?) throws -> Report {
    let shape = try world.agree {
      let best = ProcessGridShape.best(for: world.size, rows: start.rows, columns: start.columns)
      let shape = processGrid ?? best
      try shape.check(ranks: world.size, rows: start.rows, columns: start.columns)
      return shape
    }
    try world.requireMemory(memory(shape))
    let grid = try world.cartesian(
      [shape.rows, shape.columns], isPeriodic: [boundary == .periodic, boundary == .periodic])
    var block = try world.agree { try grid.map { try Block(start, on: $0, boundary: boundary, flow: flow) } }

    let before = try Summary(block?.current ?? [], cells: start.rows * start.columns, on: world)
    let (_, seconds) = try world.measured { for _ in 0..<steps { try block?.step() } }
    let after = try Summary(block?.current ?? [], cells: start.rows * start.columns, on: world)

    var checks: [String] = []
    if verifies {
      let reference = SerialPlate(start, boundary: boundary)
      checks.append(try reference.verify(block, steps: steps, flow: flow, on: world))
    }
    if let output { checks += try write(block, to: output) }
    if let image {
      try PlatePicture(rows: start.rows, columns: start.columns).write(block, after, to: image, on: world)
    }
    return Report(
      rows: start.rows, columns: start.columns, steps: steps, ranks: world.size, shape: shape, boundary: boundary,
      seconds: seconds, before: before, after: after, checks: checks, files: [output, image].compactMap(\.self),
      peakMemory: try world.peakMemory())
  }

  /// Bytes that this rank is going to need.
  private func memory(_ shape: ProcessGridShape) -> Int {
    // As numbers that cannot overflow: the plate may be larger than any memory.
    let (rows, columns) = (Double(start.rows), Double(start.columns))
    let own = world.rank.index < shape.count ? 2 * (rows / Double(shape.rows)) * (columns / Double(shape.columns)) : 0
    let checked = verifies && world.isRoot ? 3 * rows * columns : 0
    return Int(min((own + checked) * Double(MemoryLayout<Double>.stride), 0x1p60))
  }

  /// Writes the plate, each rank its block, and reads it again where that is asked for. Collective.
  private func write(_ block: Block?, to path: String) throws -> [String] {
    let runs = block.map { block in
      NumPyRuns(
        start: block.rows.lowerBound * start.columns + block.columns.lowerBound, length: block.columns.count,
        stride: start.columns, count: block.rows.count)
    }
    try NumPyFile.write(to: path, kind: .float64, shape: [start.rows, start.columns], on: world) { writer in
      if let block, let runs { try writer.write(block.current.span, runs: runs) }
    } check: { unfinished in
      guard verifies, let block, let runs else { return }
      var again = [Double](repeating: .nan, count: block.current.count)
      var span = again.mutableSpan
      try NumPyFile(path: unfinished).read(into: &span, runs: runs)
      guard isSame(again, block.current) else {
        throw ExampleError("\(path): What was written is not what is read again.")
      }
    }
    return verifies ? ["\(path) was read again: every temperature is right"] : []
  }
}

/// Whether two arrays have the same bits.
func isSame(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}

/// The least, the greatest and the mean temperature of a plate.
struct Summary {
  let minimum: Double
  let maximum: Double
  let mean: Double

  /// Looks at the cells of all ranks. Collective.
  init(_ cells: [Double], cells count: Int, on world: Communicator) throws {
    minimum = try world.allReduce(cells.min() ?? .infinity, .minimum)
    maximum = try world.allReduce(cells.max() ?? -.infinity, .maximum)
    mean = try world.allReduce(cells.reduce(0, +), .sum) / Double(count)
  }
}
