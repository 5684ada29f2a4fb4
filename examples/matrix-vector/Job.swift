import DistributedArrays
import ExampleSupport
import MPI
import MatrixExampleSupport

/// The work: read, multiply, check, write.
struct Job<Element: MatrixElement> {
  let input: Input
  let transposes: Bool
  let world: Communicator
  let repetitions: Int
  let verifies: Bool
  let output: String?

  /// Does everything. Collective; a failure is thrown on all ranks, agreed.
  func run() throws -> Report {
    let shape = input.shape
    let part = Blocks.evenRange(of: shape[0], rank: world.rank.index, among: world.size).count
    let (count, overflows) = part.multipliedReportingOverflow(by: shape[1] * MemoryLayout<Element>.stride)
    try world.requireMemory(overflows ? .max : count)
    let operation: MatrixOperation = input.isTransposed != transposes ? .transposed : .none
    let (rows, columns) = operation.isTransposing ? (shape[1], shape[0]) : (shape[0], shape[1])
    let matrix = try input.matrix(Element.self, on: world)
    let x = try input.vector(Element.self, count: columns, on: world)
    let (y, seconds) = try world.measured(repetitions: repetitions) { try matrix.multiplied(operation, by: x) }
    let check = verifies ? try ProductCheck(matrix, operation, x, y) : nil
    if let output {
      try y.redistributed(to: .rows(y.shape, among: world.size)).write(to: output)
    }
    return Report(
      rows: rows, columns: columns, ranks: world.size, kind: Element.numPyKind, seconds: seconds,
      operations: Double(Element.operationsPerTerm) * Double(rows) * Double(columns), check: check, output: output,
      peakMemory: try world.peakMemory())
  }
}
