internal import Foundation

/// The command that runs the tests of this program on one rank.
enum TestProgram {
  static let command: [String] = {
    #if os(Linux)
      let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    #else
      let program = Bundle.main.executablePath
    #endif
    var command = [program ?? CommandLine.arguments[0]]
    // On macOS the tests are a bundle that a helper of the toolchain loads.
    if let index = CommandLine.arguments.firstIndex(of: "--test-bundle-path") {
      command += CommandLine.arguments[index...].prefix(2)
    }
    return command + ["--testing-library", "swift-testing", "--no-parallel"]
  }()
}

extension String {
  /// The last lines that are not empty.
  func lastLines(_ count: Int) -> [String] {
    split(whereSeparator: \.isNewline).map(String.init).filter { !$0.isEmpty }.suffix(count)
  }
}

/// A signal for people, such as `signal 11 (SIGSEGV)`.
func signalName(_ signal: Int) -> String {
  let names: [CInt: String] = [
    SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGFPE: "SIGFPE",
    SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGQUIT: "SIGQUIT", SIGPIPE: "SIGPIPE",
  ]
  return names[CInt(signal)].map { "signal \(signal) (\($0))" } ?? "signal \(signal)"
}
