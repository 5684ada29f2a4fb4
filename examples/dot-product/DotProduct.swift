// The sum of the products of two arrays, which are spread over the ranks and stay there.
//
// mpirun -n 4 .build/release/dot-product x.npy y.npy --output products.npy --verify
import ArgumentParser
import DistributedArrays
import ExampleSupport
import MPI

@main
struct DotProduct: SPMDCommand {
  static let configuration = CommandConfiguration(
    commandName: "dot-product",
    abstract: "The sum of the products of two arrays, over all ranks of an MPI job.",
    usage: """
      mpirun -n RANKS dot-product X.npy Y.npy [--output P.npy] [--verify] [--json]
      mpirun -n RANKS dot-product --length N [--seed S] [--element float|double] [--output P.npy] [--verify] [--json]
      """,
    discussion: """
      Reads two NumPy files of the same shape, order and element type, or makes two arrays of random numbers. Each rank \
      reads, keeps and writes only its part: its memory is its share of the two arrays (10^8 numbers of float64 on 4 \
      ranks: twice 200 MB, and 40 MB for the program and MPI), and no more with --output and --verify.

      Elements are float32, float64, complex64, complex128 or integers of any size, in either byte order. float32 and \
      complex64 are multiplied and summed in double precision; complex numbers are not conjugated; sums of integers are \
      exact up to 128 bits, and an error beyond. The products that --output writes have the type of the elements, and \
      integers wrap around there, as in NumPy.

      --json prints one object: {"result": number, or [re, im] if complex; "length": elements in each array; "ranks"; \
      "element": NumPy's name of the type; "seconds": the product itself, on the slowest rank, without reading; \
      "gigabytesPerSecond": bytes of both arrays / seconds; "partials": one sum per rank}. What is not finite is "nan", \
      "inf" or "-inf"; a partial sum of integers beyond 128 bits is null.

      Exit status: 0 for success; 1 for a file that cannot be read or written, arrays that do not match, or an answer \
      that --verify finds wrong; 2 for a mistake in the command line. No unfinished output file is left behind.
      """)

  @Argument(help: "The first array.", completion: .file(extensions: ["npy"]))
  var x: String?

  @Argument(help: "The second array.", completion: .file(extensions: ["npy"]))
  var y: String?

  @Option(help: ArgumentHelp("Make two arrays of random numbers in 0 ..< 1 instead of reading.", valueName: "n"))
  var length: Int?

  @Option(help: ArgumentHelp("Which random numbers; the same for any number of ranks. (default: 0)", valueName: "s"))
  var seed: UInt64?

  @Option(help: "The type of the random numbers. (default: double)")
  var element: RandomElement?

  @Option(
    help: ArgumentHelp("Write the random arrays to x.npy and y.npy in this folder.", valueName: "folder"),
    completion: .directory)
  var writeInputs: String?

  @Option(
    help: ArgumentHelp("Write the products of the elements to this file.", valueName: "p.npy"),
    completion: .file(extensions: ["npy"]))
  var output: String?

  @Flag(help: "Check the sum by an independent computation, and the output by reading it again.")
  var verify = false

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  @Option(name: .customLong("repeat"), help: ArgumentHelp("Compute so many times; the median counts.", valueName: "k"))
  var repetitions = 1

  enum RandomElement: String, CaseIterable, ExpressibleByArgument {
    case float, double
  }

  func validate() throws {
    if let length {
      guard x == nil else { throw ValidationError("Give two files or --length, not both.") }
      guard 0...Int.max / 16 ~= length else { throw ValidationError("--length \(length) is no length of an array.") }
    } else {
      guard y != nil else { throw ValidationError("Give two files, or --length.") }
      guard seed == nil, element == nil, writeInputs == nil else {
        throw ValidationError("--seed, --element and --write-inputs go with --length, not with files.")
      }
    }
    guard repetitions >= 1 else { throw ValidationError("--repeat \(repetitions): at least once is needed.") }
  }

  func run(on world: Communicator) throws {
    if let length {
      switch element ?? .double {
      case .float: try run(RandomInput<Float>(count: length, seed: seed ?? 0), on: world)
      case .double: try run(RandomInput<Double>(count: length, seed: seed ?? 0), on: world)
      }
    } else if let x, let y {
      let header = try FilePair.commonHeader(x, y, output: output, on: world)
      guard let type = header.kind.elementType as? any ProgramElement.Type else {
        return try world.agree {
          throw ExampleError("\(x): Elements of type \(header.kind) have no dot product here. Convert the arrays.")
        }
      }
      try run(type, FilePair(x: x, y: y, header: header), on: world)
    }
  }

  private func run<Element: ProgramElement>(_: Element.Type, _ files: FilePair, on world: Communicator) throws {
    try run(FileInput<Element>(files: files), on: world)
  }

  private func run(_ input: some Input, on world: Communicator) throws {
    let job = Job(input: input, world: world, repetitions: repetitions, verifies: verify, output: output)
    let report = try job.run(writingInputsTo: writeInputs)
    if world.isRoot { print(json ? report.json.description : report.text) }
  }
}
