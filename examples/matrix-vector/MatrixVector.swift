// The product of a matrix and a vector, which are spread over the ranks and stay there.
//
// mpirun -n 4 .build/release/matrix-vector A.npy x.npy --output y.npy --verify
import ArgumentParser
import DistributedArrays
import ExampleSupport
import MPI
import MPIComplex
import MatrixExampleSupport

@main
struct MatrixVector: SPMDCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix-vector",
    abstract: "The product of a matrix and a vector, over all ranks of an MPI job.",
    usage: """
      mpirun -n RANKS matrix-vector A.npy x.npy [--output y.npy] [--transpose-a] [--verify] [--json]
      mpirun -n RANKS matrix-vector --rows M --columns N [--element float|double|complex] [--verify] [--json]
      """,
    discussion: """
      Reads two NumPy files, the matrix in C or Fortran order, or makes random numbers. Each rank reads and keeps some \
      rows of the matrix as it lies in the file, which are never sent; only vectors are. Elements are float32, float64, \
      complex64, complex128 or integers of any size, which wrap around as in NumPy.

      --json prints one object: {"rows", "columns": the shape, after --transpose-a; "ranks"; "element": NumPy's name of \
      the type; "seconds": the product itself, on the slowest rank, without reading; "gigabytesPerSecond": bytes of the \
      matrix / seconds / 10^9; "gigaflopsPerSecond"; with --verify "relativeError": the largest error of an element, in \
      units of the sum of its terms' magnitudes, each computed again in double precision}.

      Exit status: 0 for success; 1 for a file that cannot be read or written, shapes that do not match, or an answer \
      that --verify finds wrong; 2 for a mistake in the command line. No unfinished output file is left behind.
      """)

  @Argument(help: "The matrix.", completion: .file(extensions: ["npy"]))
  var a: String?

  @Argument(help: "The vector.", completion: .file(extensions: ["npy"]))
  var x: String?

  @Option(help: ArgumentHelp("Make a random matrix with so many rows, and a vector.", valueName: "m"))
  var rows: Int?

  @Option(help: ArgumentHelp("Columns of the random matrix, elements of the vector.", valueName: "n"))
  var columns: Int?

  @Flag(help: "Multiply the transpose of the matrix.")
  var transposeA = false

  @OptionGroup
  var options: ProductOptions

  func validate() throws {
    if rows != nil || columns != nil {
      guard a == nil else { throw ValidationError("Give two files, or --rows and --columns; not both.") }
      for (name, side) in [("--rows", rows), ("--columns", columns)] {
        guard let side else { throw ValidationError("\(name) is missing: a matrix has rows and columns.") }
        guard 0...(1 << 40) ~= side else { throw ValidationError("\(name) \(side) is no length of a matrix.") }
      }
    } else {
      guard x != nil else { throw ValidationError("Give two files, or --rows and --columns.") }
      guard !options.areOfRandomMatrices else {
        throw ValidationError("--seed and --element go with --rows and --columns.")
      }
    }
  }

  func run(on world: Communicator) throws {
    if let rows, let columns {
      try run(options.elementType, .random(rows: rows, columns: columns, seed: options.seed ?? 0), on: world)
    } else if let a, let x {
      let input = try Input(a, x, transposeA, output: options.output, on: world)
      guard let type = input.elementType else { return }
      try run(type, input, on: world)
    }
  }

  private func run<Element: MatrixElement>(_: Element.Type, _ input: Input, on world: Communicator) throws {
    let job = Job<Element>(
      input: input, transposes: transposeA, world: world, repetitions: options.repetitions, verifies: options.verify,
      output: options.output)
    let report = try job.run()
    if world.isRoot { print(options.json ? report.json.description : report.text) }
  }
}
