import ExampleSupport
import Foundation
import MPIBenchmarking
import MPILaunching

/// A run of this program under callgrind, which writes what it counted at each mark.
struct CallgrindRun {
  /// Where the files go.
  let folder: String

  /// Runs this program, which calls `cbench_mark` before and after each stretch that is counted.
  ///
  /// - Parameters:
  ///   - arguments: Of this program.
  ///   - count: How many stretches there are.
  /// - Returns: What was counted in each stretch.
  func dumps(_ arguments: [String], count: Int) throws -> [CallgrindDump] {
    let program = "\(folder)/mpi-bench"
    // Valgrind 3.19 cannot read the debug information of Swift 6.3.
    try run("strip", ["-g", "-o", program, try Executable.path], "strip, of binutils, is needed")
    try run(
      "valgrind",
      [
        "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", "--dump-before=cbench_mark",
        "--callgrind-out-file=\(folder)/counts", program,
      ] + arguments, "valgrind is needed (launch/setup --test installs it)")
    return try (0..<count).map { number in
      // The odd ones are what lies between two stretches. The first file has no number.
      let file = "\(folder)/counts.\(2 * number + 2)"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      guard let dump = CallgrindDump(text, counting: Self.isCounted, from: Self.isOurs) else {
        throw ExampleError("\(file) has no total: callgrind did not finish it.")
      }
      return dump
    }
  }

  private static func isCounted(_ function: Substring) -> Bool {
    let allocating = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"]
    let counting = ["swift_retain", "swift_release", "swift_bridgeObjectRetain", "swift_bridgeObjectRelease"]
    return allocating.contains(String(function)) || counting.contains(String(function))
  }

  private static func isOurs(_ object: Substring) -> Bool {
    object.hasSuffix("/mpi-bench") || object.split(separator: "/").last?.hasPrefix("libswift") == true
  }

  private func run(_ name: String, _ arguments: [String], _ advice: String) throws {
    var environment = ProcessInfo.processInfo.environment
    environment["LD_BIND_NOW"] = "1"
    let output = "\(folder)/\(name).output"
    let process = try ChildProcess("/usr/bin/env", [name] + arguments, environment: environment, output: output)
    guard process.wait(seconds: 300) == .exited(status: 0) else {
      process.signalGroup(SIGKILL)
      let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
      throw ExampleError("\(name) failed; \(advice):\n\(text.suffix(2000))")
    }
  }
}
