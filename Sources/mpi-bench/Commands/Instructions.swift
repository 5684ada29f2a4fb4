import ArgumentParser
import CMPIBench
import ExampleSupport
import Foundation
import MPI
import MPIBenchmarking
import MPILaunching

/// Counts instructions above C.
struct Instructions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count the instructions that a call takes above C, with callgrind, on one rank.",
    discussion: """
      Does not depend on how busy or fast the machine is. Each loop is run twice, the second time with twice as many \
      calls, and what both have once is subtracted. Fails where a call takes more than its bound, 15 instructions for \
      a blocking call and 25 for a nonblocking one with its wait, or where one with a bound retains, releases or \
      allocates more than C, but for the one release of an array that it makes. Valgrind is needed.
      """)

  @Argument(help: "Which benchmarks; all that run on one rank without a name.")
  var names: [String] = []

  @Option(help: ArgumentHelp("Calls in the first loop.", valueName: "n"))
  var calls = 500

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  @Flag(help: ArgumentHelp("Be what is counted.", visibility: .hidden))
  var counted = false

  func validate() throws {
    guard calls >= 1 else { throw ValidationError("--calls \(calls): at least one is needed.") }
    for name in names where !benchmarks.contains(where: { $0.name == name }) {
      throw ValidationError("There is no benchmark \(name) that runs on one rank; see --list.")
    }
  }

  private var benchmarks: [Benchmark<Double>] {
    Catalogue<Double>.all.filter { benchmark in
      guard case .call = benchmark.figure else { return false }
      return (names.isEmpty || names.contains(benchmark.name)) && benchmark.ranks.isMet(by: 1) && !benchmark.isAwaited
    }
  }

  func run() throws {
    if counted { return try runLoops() }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mpi-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let dumps = try CallgrindRun(folder: folder.path).dumps(
      ["instructions", "--counted", "--calls", "\(calls)"] + names, count: 4 * benchmarks.count)
    var counts: [InstructionCount] = []
    for (number, benchmark) in benchmarks.enumerated() {
      let four = dumps[(4 * number)..<(4 * number + 4)].map { $0 }
      counts.append(InstructionCount(benchmark, c: four[1] - four[0], swift: four[3] - four[2], calls: calls))
    }
    print(json ? counts.json.description : counts.text)
    if counts.contains(where: { !$0.isWithinBound }) { throw ExitCode(1) }
  }

  /// All loops: C, C with twice as many calls, Swift, Swift with twice as many; a mark behind each.
  private func runLoops() throws {
    try withMPIThread { world in
      for benchmark in benchmarks {
        var stage = Stage(benchmark, bytes: 32, on: world)
        // Caches fill, lazy symbols are bound.
        try stage.runC(3)
        try await stage.runSwift(3)
        for isSwift in [false, true] {
          for calls in [calls, 2 * calls] {
            cbench_mark()
            if isSwift { try await stage.runSwift(calls) } else { try stage.runC(calls) }
            cbench_mark()
          }
        }
      }
    }
  }
}

/// What one benchmark takes.
struct InstructionCount {
  let name: String
  let bound: Int?
  let referencesBound: Int
  /// Instructions of one call, with MPI.
  let c: Double
  let swift: Double
  /// Instructions of the Swift half and its runtime above the C half: without MPI, whose own number depends on addresses.
  let above: Double
  /// References counted up or down, and allocations above C, of one call.
  let references: Double
  let allocations: Double

  init(_ benchmark: Benchmark<Double>, c: CallgrindDump, swift: CallgrindDump, calls: Int) {
    name = benchmark.door.isEmpty ? benchmark.name : "\(benchmark.name) (\(benchmark.door))"
    bound = benchmark.bound
    referencesBound = benchmark.references
    self.c = Double(c.instructions) / Double(calls)
    self.swift = Double(swift.instructions) / Double(calls)
    above = Double(swift.ownInstructions - c.ownInstructions) / Double(calls)
    let isReference = { (name: String) in name.hasPrefix("swift_") }
    let isAllocation = { (name: String) in !name.hasPrefix("swift_") }
    let sum = { (dump: CallgrindDump, matches: (String) -> Bool) in
      Double(dump.calls.filter { matches($0.key) }.values.reduce(0, +)) / Double(calls)
    }
    references = sum(swift, isReference) - sum(c, isReference)
    allocations = sum(swift, isAllocation) - sum(c, isAllocation)
  }

  var isWithinBound: Bool {
    guard let bound else { return true }
    return above <= Double(bound) && references < Double(referencesBound) + 0.01 && allocations < 0.01
  }
}

extension [InstructionCount] {
  var text: String {
    var table = TextTable(titles: ["instructions per call", "C", "Swift", "above", "bound", "retains", "allocations"])
    for count in self {
      table.add([
        count.name, decimal(count.c, 1), decimal(count.swift, 1), decimal(count.above, 1),
        count.bound.map { "\($0)\(count.isWithinBound ? "" : " !")" } ?? "", decimal(count.references, 1),
        decimal(count.allocations, 1),
      ])
    }
    return table.text
  }

  var json: JSONValue {
    .object([
      "mpi": .string(MPIEnvironment.builtAgainst),
      "counts": .array(
        map { count in
          .object([
            "benchmark": .string(count.name), "c": .number(count.c), "swift": .number(count.swift),
            "above": .number(count.above), "bound": count.bound.map { .integer(Int128($0)) } ?? .null,
            "references": .number(count.references), "allocations": .number(count.allocations),
            "isWithinBound": .integer(count.isWithinBound ? 1 : 0),
          ])
        }),
    ])
  }
}
