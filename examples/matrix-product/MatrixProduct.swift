// The product of two matrices, which are spread over the ranks as the best plan for their shapes has them.
//
// mpirun -n 4 .build/release/matrix-product A.npy B.npy --output C.npy --verify
import ArgumentParser
import DistributedArrays
import ExampleSupport
import MPI
import MPIComplex
import MatrixExampleSupport

@main
struct MatrixProduct: SPMDCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix-product",
    abstract: "The product of two matrices, over all ranks of an MPI job.",
    usage: """
      mpirun -n RANKS matrix-product A.npy B.npy [--output C.npy] [--transpose-a] [--transpose-b] [--verify] [--json]
      mpirun -n RANKS matrix-product --rows M --inner K --columns N [--element float|double|complex] [--verify] [--json]
      """,
    discussion: """
      Reads two NumPy files, in C or Fortran order, or makes two matrices of random numbers. Each rank reads, keeps and \
      writes only its part; who computes what is chosen for the shape, so that as little as possible is sent. Each rank \
      needs its share of the three matrices, and what others send it: --plan says how much, and computes nothing.

      Elements are float32, float64, complex64, complex128, multiplied by the BLAS that the program is linked with, or \
      integers of any size, which wrap around as in NumPy. --transpose-a and --transpose-b multiply by the transposes.

      --json prints one object: {"rows", "inner", "columns": the shape; "ranks"; "element": NumPy's name of the type; \
      "grid": [rows, columns, layers] of ranks; "seconds": the product itself, on the slowest rank, without reading; \
      "gigaflopsPerSecond": operations of all ranks / seconds / 10^9; "fractionOfPeak": of what the same BLAS does with \
      matrices that each rank has for itself, on the same cores at the same time, measured before; "bytesSentPerRank": \
      the most that a rank sent, counted; "lowerBoundBytesPerRank": what some rank must send or receive by any method; \
      with --verify "relativeError": the largest error in units of the sum of the terms' magnitudes}. --verify computes \
      small products by definition, and checks others with 20 random vectors (Freivalds): an element that is wrong is \
      missed with a probability below 2^-20.

      Exit status: 0 for success; 1 for a file that cannot be read or written, matrices that do not match, or an answer \
      that --verify finds wrong; 2 for a mistake in the command line. No unfinished output file is left behind.
      """)

  @Argument(help: "The left matrix.", completion: .file(extensions: ["npy"]))
  var a: String?

  @Argument(help: "The right matrix.", completion: .file(extensions: ["npy"]))
  var b: String?

  @Option(help: ArgumentHelp("Make matrices of random numbers in 0 ..< 1: rows of the product.", valueName: "m"))
  var rows: Int?

  @Option(help: ArgumentHelp("Columns of the left and rows of the right random matrix.", valueName: "k"))
  var inner: Int?

  @Option(help: ArgumentHelp("Columns of the product of random matrices.", valueName: "n"))
  var columns: Int?

  @Option(
    help: ArgumentHelp("Write the random matrices to A.npy and B.npy in this folder.", valueName: "folder"),
    completion: .directory)
  var writeInputs: String?

  @Flag(help: "Multiply by the transpose of the left matrix.")
  var transposeA = false

  @Flag(help: "Multiply by the transpose of the right matrix.")
  var transposeB = false

  @Option(help: ArgumentHelp("Use this grid of ranks, for example 2x2x1, instead of the best.", valueName: "grid"))
  var grid: GridArgument?

  @Option(help: ArgumentHelp("The memory that matrices and product may take on each rank, in MB.", valueName: "mb"))
  var memoryLimit: Int?

  @Flag(help: "Print the plan and compute nothing.")
  var plan = false

  @OptionGroup
  var options: ProductOptions

  func validate() throws {
    let sides = [rows, inner, columns]
    if sides.contains(where: { $0 != nil }) {
      guard a == nil else { throw ValidationError("Give two files, or --rows, --inner and --columns; not both.") }
      for (name, side) in zip(["--rows", "--inner", "--columns"], sides) {
        guard let side else { throw ValidationError("\(name) is missing: a product has rows, inner and columns.") }
        guard 0...(1 << 30) ~= side else { throw ValidationError("\(name) \(side) is no length of a matrix.") }
      }
      guard !transposeA, !transposeB else {
        throw ValidationError("--transpose-a and --transpose-b go with files, not with random matrices.")
      }
    } else {
      guard b != nil else { throw ValidationError("Give two files, or --rows, --inner and --columns.") }
      guard !options.areOfRandomMatrices, writeInputs == nil else {
        throw ValidationError("--seed, --element and --write-inputs go with --rows, --inner and --columns.")
      }
    }
    if let memoryLimit, memoryLimit < 1 { throw ValidationError("--memory-limit \(memoryLimit): at least 1 MB.") }
  }

  func run(on world: Communicator) throws {
    if let rows, let inner, let columns {
      try run(options.elementType, rows, inner, columns, .random(seed: options.seed ?? 0), on: world)
    } else if let a, let b {
      let files = try FilePair(a, b, transposeA, transposeB, output: options.output, on: world)
      guard let type = matrixElementType(files.left.header.kind) else { return }
      try run(type, files.rows, files.inner, files.columns, .files(files), on: world)
    }
  }

  private func run<Element: MatrixElement>(
    _: Element.Type, _ rows: Int, _ inner: Int, _ columns: Int, _ input: Input, on world: Communicator
  ) throws {
    let job = Job<Element>(
      input: input, world: world, repetitions: options.repetitions, verifies: options.verify, output: options.output,
      writesInputs: writeInputs)
    let plan = try job.plan(rows, inner, columns, grid: grid?.grid, memoryLimit: memoryLimit.map { $0 * 1_000_000 })
    if self.plan {
      if world.isRoot { print(plan) }
      return
    }
    let report = try job.run(plan)
    if world.isRoot { print(options.json ? report.json.description : report.text) }
  }
}

/// A grid as it is written on the command line.
struct GridArgument: ExpressibleByArgument {
  let grid: ProductPlan.Grid

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard 2...3 ~= sides.count, sides.allSatisfy({ 1...1_000_000 ~= $0 }) else { return nil }
    grid = .init(rows: sides[0], columns: sides[1], layers: sides.count == 3 ? sides[2] : 1)
  }
}
