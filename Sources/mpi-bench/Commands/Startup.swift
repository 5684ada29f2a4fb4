import ArgumentParser
import CMPIBench
import ExampleSupport
import Foundation
import MPI
import MPIBenchmarking
import MPILaunching

/// Measures how long jobs take to start and to end.
struct Startup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How long jobs take to start and to end: whole jobs, in Swift and in C in turn.",
    discussion: """
      Starts mpirun itself, so it is not run under one. The program of each job is this one, so that the Swift runtime \
      is loaded in both; what loading it takes is in the line "program".
      """)

  @Option(help: ArgumentHelp("Ranks of each job.", valueName: "n"))
  var ranks = 2

  @Option(help: ArgumentHelp("Jobs of each language, in turn.", valueName: "n"))
  var jobs = 10

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  @Option(help: ArgumentHelp("Be a rank of such a job.", visibility: .hidden))
  var rankOf: Language?

  @Option(help: ArgumentHelp("Where the rank writes what it measured.", visibility: .hidden))
  var output: String?

  enum Language: String, CaseIterable, ExpressibleByArgument {
    case c, swift
  }

  func validate() throws {
    guard ranks >= 1, jobs >= 1 else { throw ValidationError("--ranks and --jobs are at least 1.") }
  }

  func run() throws {
    if let rankOf { return try measure(rankOf) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mpi-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let launcher = try Launcher.ofLinkedLibrary()
    var times: [Language: [[Double]]] = [:]
    for job in 0...jobs {
      for language in job.isMultiple(of: 2) ? Language.allCases : Language.allCases.reversed() {
        let seconds = try oneJob(language, launcher, folder.appendingPathComponent("\(language)-\(job)"))
        // The first of each fills the system's caches.
        if job > 0 { times[language, default: []].append(seconds) }
      }
    }
    report(c: times[.c]!, swift: times[.swift]!)
  }

  private static let stages = ["program", "initialise", "barrier", "finalise", "whole job"]

  /// Seconds until `main`, of initialisation, of the first barrier, of finalisation, on the slowest rank, and of all.
  private func oneJob(_ language: Language, _ launcher: Launcher, _ folder: URL) throws -> [Double] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let environment = launcher.environmentForOneMachine(
      ProcessInfo.processInfo.environment, ranks: ranks, scratch: nil)
    let arguments = ["startup", "--rank-of", language.rawValue, "--output", folder.path]
    let start = cbench_seconds()
    let job = try ChildProcess(
      launcher.path, launcher.arguments(ranks: ranks, program: try Executable.path, arguments),
      environment: environment, output: folder.appendingPathComponent("messages").path)
    guard job.wait(seconds: 60) == .exited(status: 0) else {
      job.signalGroup(SIGKILL)
      let messages = try? String(contentsOf: folder.appendingPathComponent("messages"), encoding: .utf8)
      throw ExampleError("A job of \(ranks) ranks did not end well:\n\(messages ?? "")")
    }
    let whole = cbench_seconds() - start
    var slowest = [Double](repeating: 0, count: 4)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "messages" }
    guard files.count == ranks else { throw ExampleError("\(files.count) of \(ranks) ranks have measured.") }
    for file in files {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      var times = text.split(separator: " ").compactMap { Double($0) }
      guard times.count == 4 else { throw ExampleError("A rank wrote \(text).") }
      times[0] -= start
      for index in times.indices { slowest[index] = max(slowest[index], times[index]) }
    }
    return slowest + [whole]
  }

  /// One rank of a job: what it takes to start and end MPI.
  private func measure(_ language: Language) throws {
    let began = cbench_seconds()
    var times = [0.0, 0, 0]
    switch language {
    case .c:
      try times.withUnsafeMutableBufferPointer { times throws(CFailure) in
        try checkC(cbench_start_and_end(&times[0], &times[1], &times[2]))
      }
    case .swift:
      var start = cbench_seconds()
      try withMPI { world in
        times[0] = cbench_seconds() - start
        start = cbench_seconds()
        try world.barrier()
        times[1] = cbench_seconds() - start
        start = cbench_seconds()
      }
      times[2] = cbench_seconds() - start
    }
    let text = ([began] + times).map { "\($0)" }.joined(separator: " ")
    if let output {
      try text.write(toFile: "\(output)/\(getpid())", atomically: true, encoding: .utf8)
    } else {
      print(text)
    }
  }

  private func report(c: [[Double]], swift: [[Double]]) {
    let comparisons = Self.stages.indices.map { stage in
      PairedComparison(reference: c.map { $0[stage] }, candidate: swift.map { $0[stage] })
    }
    if json {
      let stages = zip(Self.stages, comparisons).map { name, times in
        JSONValue.object([
          "stage": .string(name), "cSeconds": .number(times.reference.median),
          "swiftSeconds": .number(times.candidate.median), "ratio": .number(times.ratio),
          "ratioLow": .number(times.interval.lowerBound), "ratioHigh": .number(times.interval.upperBound),
        ])
      }
      let object: JSONValue = .object([
        "mpi": .string(MPIEnvironment.builtAgainst), "ranks": .integer(Int128(ranks)),
        "jobs": .integer(Int128(jobs)), "stages": .array(stages),
      ])
      return print(object)
    }
    var table = TextTable(titles: ["milliseconds", "C", "Swift", "ratio", "95 % interval"])
    for (name, times) in zip(Self.stages, comparisons) {
      table.add([
        name, decimal(times.reference.median * 1000, 2), decimal(times.candidate.median * 1000, 2),
        decimal(times.ratio, 3), "\(decimal(times.interval.lowerBound, 3))–\(decimal(times.interval.upperBound, 3))",
      ])
    }
    print("\(MPIEnvironment.builtAgainst), jobs of \(ranks) ranks\n\(table.text)")
  }
}
