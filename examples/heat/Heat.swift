// Heat that flows over a plate: the 5-point stencil on a grid of processes, which exchange the edges of their blocks while
// they compute the inside.
//
// mpirun -n 4 .build/release/heat --rows 1000 --columns 2000 --steps 500 --image heat.png --verify
import ArgumentParser
import DistributedArrays
import ExampleSupport
import MPI

@main
struct Heat: SPMDCommand {
  static let configuration = CommandConfiguration(
    commandName: "heat",
    abstract: "Heat that flows over a plate, whose blocks are spread over the ranks of an MPI job.",
    usage: """
      mpirun -n RANKS heat [--rows N] [--columns N] [--steps N] [--boundary fixed|periodic] [--seed S] [options]
      mpirun -n RANKS heat --initial START.npy [--steps N] [--output END.npy] [--image END.png] [--verify] [--json]
      """,
    discussion: """
      In every step, each cell of the plate takes up a part of the difference to its four neighbours: \
      u + a (north + south + west + east - 4 u), in double precision. The plate begins with hot spots, which are random \
      but the same on any number of ranks, or as a NumPy file of float64 with two dimensions has it. With a fixed \
      boundary the outermost cells keep their temperature; a periodic plate has no edges: its last row is the neighbour \
      of its first, and the columns likewise.

      The ranks form a grid, each with one block of the plate; two copies of the block are all the memory that grows with \
      the plate. Ranks that find no cell of their own wait for the others. --output is written by all ranks at once, \
      --image by rank 0. --verify computes everything once more on rank 0, without messages, and compares every bit.

      --json prints one object: {"rows"; "columns"; "steps"; "ranks"; "processGrid": [rows, columns] of ranks; \
      "boundary"; "seconds": the steps on the slowest rank; "cellUpdatesPerSecond"; "minimum"; "maximum"; "mean"; \
      "initialMean": temperatures of the plate at the end, and the mean at the start}.

      Exit status: 0 for success; 1 for a file that cannot be read or written, a grid that does not fit, or an answer \
      that --verify finds wrong; 2 for a mistake in the command line. No unfinished output file is left behind.
      """)

  @Option(help: ArgumentHelp("Rows of the plate. (default: 512)", valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("Columns of the plate. (default: 512)", valueName: "n"))
  var columns: Int?

  @Option(help: ArgumentHelp("How many steps to compute.", valueName: "n"))
  var steps = 1000

  @Option(help: ArgumentHelp("What flows in a step, as part of a difference: above 0, at most 0.25.", valueName: "a"))
  var flow = 0.2

  @Option(help: "What is at the edges of the plate.")
  var boundary = Boundary.fixed

  @Option(
    help: ArgumentHelp("Begin with the temperatures in this file.", valueName: "start.npy"),
    completion: .file(extensions: ["npy"]))
  var initial: String?

  @Option(help: ArgumentHelp("Which hot spots. (default: 0)", valueName: "s"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("How the ranks divide the plate; without it, so that they send least.", valueName: "RxC"))
  var processGrid: ProcessGridShape?

  @Option(
    help: ArgumentHelp("Write the temperatures at the end to this file.", valueName: "end.npy"),
    completion: .file(extensions: ["npy"]))
  var output: String?

  @Option(
    help: ArgumentHelp("Write a picture of the end to this file.", valueName: "end.png"),
    completion: .file(extensions: ["png"]))
  var image: String?

  @Flag(help: "Check every bit of the result by a computation on one rank, and the output by reading it again.")
  var verify = false

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func validate() throws {
    if initial != nil {
      guard rows == nil, columns == nil, seed == nil else {
        throw ValidationError(
          "--initial says how large the plate is and how it begins: give no --rows, --columns, --seed.")
      }
    }
    for (name, length) in [("--rows", rows), ("--columns", columns)] {
      guard let length else { continue }
      guard 1...Int(Int32.max) ~= length else { throw ValidationError("\(name) \(length) is no length of a plate.") }
    }
    guard steps >= 0 else { throw ValidationError("--steps \(steps): at least 0 are needed.") }
    guard flow > 0, flow <= 0.25 else {
      throw ValidationError("--flow \(flow): above 0.25 the temperatures would swing beyond all bounds; 0 is no flow.")
    }
  }

  func run(on world: Communicator) throws {
    let start: any InitialState = try world.agree {
      if let initial { return try FileState(path: initial) }
      return HotSpots(rows: rows ?? 512, columns: columns ?? 512, seed: seed ?? 0)
    }
    let job = Job(world: world, start: start, steps: steps, flow: flow, boundary: boundary, verifies: verify)
    let report = try job.run(processGrid: processGrid, output: output, image: image)
    if world.isRoot { print(json ? report.json.description : report.text) }
  }
}

/// What is at the edges of the plate.
enum Boundary: String, CaseIterable, ExpressibleByArgument {
  /// The outermost cells keep their temperature.
  case fixed
  /// The plate goes round in both directions.
  case periodic
}
