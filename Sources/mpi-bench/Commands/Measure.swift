import ArgumentParser
import CMPIBench
import Dispatch
import ExampleSupport
import Foundation
import MPI
import MPIBenchmarking

/// Measures benchmarks on the ranks of a job.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure benchmarks on the ranks of a job (the default).",
    discussion: """
      Each benchmark has a form in Swift and one in C, compiled with the same optimiser into this program. Batches of \
      calls are run in turn, C and Swift, over the same memory; the slowest rank counts. The table has for each size \
      the medians of C and Swift, the median of the ratios of their times (1 where they are equal, above where Swift is \
      slower), the 95 % confidence interval of that, half of the distance between the quartiles (spread) and the \
      slowest hundredth over the median (p99) of the batches in Swift. Before, each benchmark is checked to compute the \
      same in both.

      --json prints one object: {"mpi", "ranks", "host", "element", "batches", "rows": [{"benchmark", "door", "bytes", \
      "calls", "unit", "c", "swift", "ratio", "ratioLow", "ratioHigh", "cSeconds", "swiftSeconds", "cSpread", \
      "swiftSpread", "cP99", "swiftP99", "allocations": {"c", "swift"}, "overlap": {"c", "swift"}, \
      "mpi4py": {"seconds", "ratio"}}]}.

      Exit status: 0 for success; 1 where --tolerance is exceeded or a call fails; 2 for a mistake in the command line.
      """)

  @Argument(help: "Which benchmarks, see --list; all of them without a name.")
  var names: [String] = []

  @Option(help: ArgumentHelp("Only this form of each: value, array, in-place, span, …", valueName: "door"))
  var door: String?

  @OptionGroup var options: MeasuringOptions

  @Option(help: "The type of the values.")
  var element: ElementName = .double

  @Option(help: "Measure mpi4py as well, in the same process.")
  var against: Other?

  @Option(help: "Where async calls run: on the thread of MPI, or on any, with an engine that completes them.")
  var progress: Progress = .thread

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  @Flag(help: "Print comma-separated values instead of tables.")
  var csv = false

  @Option(
    help: ArgumentHelp("Draw the tables as a picture.", valueName: "file.svg"), completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(help: "Measure C in the place of Swift too: the ratios are then the noise of this machine.")
  var selfCheck = false

  @Option(
    help: ArgumentHelp(
      "Fail where a confidence interval lies wholly outside 1 ± this.", valueName: "part"))
  var tolerance: Double?

  @Flag(help: "Print the names of the benchmarks, and their forms.")
  var list = false

  enum ElementName: String, CaseIterable, ExpressibleByArgument {
    case double, float, int64, byte
  }
  enum Other: String, CaseIterable, ExpressibleByArgument {
    case mpi4py
  }
  enum Progress: String, CaseIterable, ExpressibleByArgument {
    case thread, engine
  }

  func validate() throws {
    let known = Catalogue<Double>.all
    for name in names where !known.contains(where: { $0.name == name }) {
      throw ValidationError("There is no benchmark \(name); see --list.")
    }
    if let door, !known.contains(where: { (names.isEmpty || names.contains($0.name)) && $0.door == door }) {
      throw ValidationError("None of the benchmarks has a door \(door); see --list.")
    }
    guard !json || !csv else { throw ValidationError("Give --json or --csv, not both.") }
    if let tolerance, tolerance < 0 { throw ValidationError("--tolerance \(tolerance): a part of 1 is needed.") }
  }

  /// Starts MPI as the benchmarks need it, measures, and ends the process when something failed.
  func start() throws {
    if list { return try withMPI { world in if world.isRoot { print(listing) } } }
    let isEven: Bool
    if progress == .thread {
      isEven = try withMPIThread { world in try await run(on: world) }
    } else {
      isEven = try withMPI(threadLevel: .multiple) { world in try blocking { try await run(on: .world) } }
    }
    if !isEven { throw ExitCode(1) }
  }

  private var listing: String {
    var names: [String] = []
    var doors: [String: [String]] = [:]
    for benchmark in Catalogue<Double>.all {
      if doors[benchmark.name] == nil { names.append(benchmark.name) }
      doors[benchmark.name, default: []].append(benchmark.door)
    }
    let width = names.map(\.count).max() ?? 0
    return names.map { name in
      let list = doors[name, default: []].filter { !$0.isEmpty }.joined(separator: ", ")
      return list.isEmpty ? name : name + String(repeating: " ", count: width + 2 - name.count) + list
    }.joined(separator: "\n")
  }

  private nonisolated(nonsending) func run(on world: Communicator) async throws -> Bool {
    switch element {
    case .double: try await run(Double.self, on: world)
    case .float: try await run(Float.self, on: world)
    case .int64: try await run(Int64.self, on: world)
    case .byte: try await run(UInt8.self, on: world)
    }
  }

  /// Measures the benchmarks that this number of ranks can run, and reports; false where the tolerance is exceeded.
  private nonisolated(nonsending) func run<Element: BenchmarkElement>(
    _: Element.Type, on world: Communicator
  ) async throws -> Bool {
    let chosen = Catalogue<Element>.all.filter { benchmark in
      (names.isEmpty || names.contains(benchmark.name)) && (door == nil || benchmark.door == door)
    }
    let possible = chosen.filter { $0.ranks.isMet(by: world.size) }
    try world.agree {
      if possible.isEmpty {
        throw ExampleError(
          "None of these benchmarks runs on \(world.size) ranks; most that send need two: mpirun -n 2.")
      }
    }
    let python = try against.map { _ in try world.agree { try PythonTwin() } }
    let runner = Runner<Element>(world: world, options: options, isSelfCheck: selfCheck, python: python)
    var rows: [Row] = []
    for benchmark in possible {
      let first = rows.count
      for bytes in benchmark.hasSizes ? sizes(of: benchmark) : [0] {
        rows.append(try await runner.row(benchmark, bytes: bytes))
      }
      // A table as soon as it is whole.
      if world.isRoot, !json, !csv, rows.count > first { print(Array(rows[first...]).text + "\n") }
    }
    if world.isRoot { try report(rows, world) }
    guard let tolerance else { return true }
    return rows.allSatisfy { $0.times.isEven(within: tolerance) }
  }

  private func sizes<Element>(of benchmark: Benchmark<Element>) -> [Int] {
    let width = MemoryLayout<Element>.stride
    // A rank's message to itself lies in 64 bytes.
    let most = benchmark.ranks == .one ? 64 : Int.max
    let sizes = options.bytes.filter { $0 <= most }.map { max(width, $0 / width * width) }
    return sizes.isEmpty ? [width] : sizes
  }

  private func report(_ rows: [Row], _ world: Communicator) throws {
    let job = JobDescription(ranks: world.size, element: element.rawValue, batches: options.batches)
    if json { print(job.json(rows)) }
    if csv { print(rows.csv) }
    if let plot { try rows.svg(title: job.title).write(toFile: plot, atomically: true, encoding: .utf8) }
  }
}

/// Runs asynchronous work, and blocks this thread until it is done.
private func blocking<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) throws -> Result {
  let done = DispatchSemaphore(value: 0)
  let outcome = Outcome<Result>()
  Task.detached {
    do { outcome.result = .success(try await work()) } catch { outcome.result = .failure(error) }
    done.signal()
  }
  done.wait()
  return try outcome.result!.get()
}

private final class Outcome<Value>: @unchecked Sendable {
  var result: Result<Value, any Error>?
}
