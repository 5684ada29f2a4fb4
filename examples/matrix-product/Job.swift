import DistributedArrays
import ExampleSupport
import MPI
import MatrixExampleSupport

/// The work: read, multiply, check, write.
struct Job<Element: MatrixElement> {
  let input: Input
  let world: Communicator
  let repetitions: Int
  let verifies: Bool
  let output: String?
  let writesInputs: String?

  /// How the work is divided; a grid that cannot be, or too little memory, is thrown on all ranks, agreed.
  func plan(
    _ rows: Int, _ inner: Int, _ columns: Int, grid: ProductPlan.Grid?, memoryLimit: Int?
  ) throws -> ProductPlan {
    try world.agree {
      guard let grid else {
        return try ProductPlan(
          for: Element.self, rows: rows, inner: inner, columns: columns, on: world, memoryLimit: memoryLimit)
      }
      guard grid.count <= world.size else {
        throw ExampleError("The grid has \(grid.count) places, and there are \(world.size) ranks.")
      }
      return ProductPlan(
        rows: rows, inner: inner, columns: columns, ranks: world.size, elementSize: MemoryLayout<Element>.stride,
        grid: grid)
    }
  }

  /// Does everything. Collective; a failure is thrown on all ranks, agreed.
  func run(_ plan: ProductPlan) throws -> Report {
    try world.requireMemory(plan.memory(of: world.rank))
    let peak = try world.localPeak(Element.self, side: Self.peakSide(plan))
    let (left, leftOperation, right, rightOperation) = try matrices(plan)
    if let folder = writesInputs {
      try MatrixFile.write(left, to: folder + "/A.npy")
      try MatrixFile.write(right, to: folder + "/B.npy")
    }
    var result = try DistributedMatrix<Element>(repeating: .zero, as: plan.result, on: world)
    let bar = ProgressBar("multiplying", isShown: world.isRoot)
    let (statistics, seconds) = try world.measured(repetitions: repetitions) {
      try DistributedMatrix.multiply(
        left, leftOperation, by: right, rightOperation, into: &result, plan: plan,
        progress: bar.isShown ? bar.show : nil)
    }
    bar.end()
    let sent = try world.allReduce(statistics.bytesSent + statistics.redistributedBytes, .maximum)
    let check = verifies ? try ProductCheck(left, leftOperation, right, rightOperation, result) : nil
    if let output { try MatrixFile.write(result, to: output) }
    return Report(
      plan: plan, kind: Element.numPyKind, seconds: seconds,
      operations: Double(Element.operationsPerTerm) * Double(plan.rows) * Double(plan.inner) * Double(plan.columns),
      peak: peak, bytesSent: sent, check: check, output: output, peakMemory: try world.peakMemory())
  }

  /// Both matrices where the plan has them, and what is to be done to each.
  private func matrices(
    _ plan: ProductPlan
  ) throws -> (DistributedMatrix<Element>, MatrixOperation, DistributedMatrix<Element>, MatrixOperation) {
    switch input {
    case .random(let seed):
      let (a, b) = (IndexedRandom(seed: seed, stream: 0), IndexedRandom(seed: seed, stream: 1))
      let (inner, columns) = (plan.inner, plan.columns)
      return (
        try DistributedMatrix(as: plan.left, on: world) { Element.random(a, at: $0 * inner + $1) }, .none,
        try DistributedMatrix(as: plan.right, on: world) { Element.random(b, at: $0 * columns + $1) }, .none
      )
    case .files(let files):
      let (left, right) = (files.leftOperation, files.rightOperation)
      return (
        try files.left.read(Element.self, as: plan.left(left), on: world), left,
        try files.right.read(Element.self, as: plan.right(right), on: world), right
      )
    }
  }

  /// Matrices for the peak: large enough for full speed, and not much larger than the work.
  private static func peakSide(_ plan: ProductPlan) -> Int {
    let work = Double(max(plan.rows, 1)) * Double(max(plan.inner, 1)) * Double(max(plan.columns, 1))
    for side in [1024, 512, 256, 128] where Double(side * side * side) <= work { return side }
    return 64
  }
}
