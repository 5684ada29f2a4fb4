// Solves a sparse system of equations by conjugate gradients: rows over the ranks, a plan of which numbers travel, and
// messages that are on their way while each rank computes with what it has.
//
// mpirun -n 4 .build/release/conjugate-gradient matrix.mtx --jacobi --output x.npy --verify
import ArgumentParser
import DistributedArrays
import ExampleSupport
import MPI

@main
struct ConjugateGradient: SPMDCommand {
  static let configuration = CommandConfiguration(
    commandName: "conjugate-gradient",
    abstract: "Solves a sparse symmetric positive definite system, over all ranks of an MPI job.",
    usage: """
      mpirun -n RANKS conjugate-gradient A.mtx [B.mtx|B.npy] [--tolerance T] [--jacobi] [--output X.npy] [options]
      """,
    discussion: """
      Solves A x = b. A is read from a Matrix Market file (coordinate; real, integer or pattern; general or symmetric), \
      each rank its part of the file. b is one column in a Matrix Market file, or a NumPy file of float64; without it, b \
      is A times ones, and x is near 1 everywhere. The rows are divided evenly; each rank keeps its rows of A and its \
      parts of the vectors.

      The iteration ends when the residual's norm is the tolerance times that of b, or less. It needs a matrix that is \
      symmetric and positive definite: what shows that this one is not is told, as far as the iteration meets it. \
      --verify computes b - A x once more from the entries of the file, without the plan.

      --json prints one object: {"rows"; "nonzeros": of the whole matrix; "ranks"; "preconditioner": "jacobi" or "none"; \
      "iterations"; "residual": relative, as the iteration knows it; "trueResidual": relative, computed from x, with \
      --verify, else null; "seconds": the iteration on the slowest rank; "history": with --history, the relative residual \
      after 0, 1, 2 … iterations}.

      Exit status: 0 for success; 1 for a file that cannot be read or written, a system that cannot be solved so, or an \
      answer that --verify finds wrong; 2 for a mistake in the command line. No unfinished output file is left behind.
      """)

  @Argument(help: "The matrix.", completion: .file(extensions: ["mtx"]))
  var matrix: String

  @Argument(help: "The right-hand side. (default: A times ones)", completion: .file(extensions: ["mtx", "npy"]))
  var rightHandSide: String?

  @Option(help: ArgumentHelp("What is left of the residual at the end, as part of the norm of b.", valueName: "t"))
  var tolerance = 1e-8

  @Option(help: ArgumentHelp("When to give up. (default: 10 times the rows)", valueName: "n"))
  var maxIterations: Int?

  @Flag(help: "Divide each equation by its diagonal entry (Jacobi's preconditioner).")
  var jacobi = false

  @Option(
    help: ArgumentHelp("Write x to this file.", valueName: "x.npy"), completion: .file(extensions: ["npy"]))
  var output: String?

  @Flag(help: "Print the relative residual after each iteration.")
  var history = false

  @Flag(help: "Check the residual by an independent computation.")
  var verify = false

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func validate() throws {
    guard tolerance > 0, tolerance < 1 else {
      throw ValidationError("--tolerance \(tolerance): a number between 0 and 1 is needed.")
    }
    guard maxIterations ?? 0 >= 0 else { throw ValidationError("--max-iterations \(maxIterations!): 0 or more.") }
  }

  func run(on world: Communicator) throws {
    let entries = try MatrixEntries(path: matrix, on: world)
    let system = try SparseMatrix(entries, on: world)
    let b: [Double]
    if let rightHandSide {
      b = try VectorInput.read(rightHandSide, rows: entries.rows, on: world)
    } else {
      b = try system.times([Double](repeating: 1, count: entries.rows.local.count))
    }
    let solver = Solver(matrix: system, usesJacobi: jacobi, tolerance: tolerance)
    let limit = maxIterations ?? entries.rows.count.multipliedReportingOverflow(by: 10).partialValue
    let prints = history && !json && world.isRoot
    let (solution, seconds) = try world.measured {
      try solver.solve(b, maxIterations: limit) { if prints { print("\($0)  \($1)") } }
    }
    var trueResidual: Double?
    if verify { trueResidual = try entries.verify(solution.x, b, solver.tolerance, on: world) }
    if let output {
      try NumPyFile.write(to: output, kind: .float64, shape: [entries.rows.count], on: world) { writer in
        try writer.write(solution.x, startingAt: entries.rows.local.lowerBound)
      }
    }
    let report = Report(
      rows: entries.rows.count, nonzeros: system.nonzeros, ranks: world.size, usesJacobi: jacobi,
      solution: solution, trueResidual: trueResidual, seconds: seconds, showsHistory: history, output: output)
    if world.isRoot { print(json ? report.json.description : report.text) }
  }
}
