public import ArgumentParser
public import MPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// A command of which every rank runs a copy (single program, multiple data).
///
/// Every rank parses the same command line. Help, usage errors and results are printed by rank 0 only, and all ranks
/// end together with the same exit status: 0 for success, 1 for a failure, 2 for a mistake in the command line.
///
/// ```swift
/// @main struct Count: SPMDCommand {
///   @Argument var name: String
///
///   func run(on world: Communicator) throws { … }
/// }
/// ```
public protocol SPMDCommand: ParsableCommand {
  /// Does the work, with MPI running.
  ///
  /// Checks that may fail on some ranks only, reading a file for example, belong into ``MPI/Communicator/agree(_:)``:
  /// then the error is printed once and all ranks end in order. Any other error ends the job at once.
  func run(on world: Communicator) throws
}

extension SPMDCommand {
  /// Parses the command line, runs the command, and ends the process.
  public static func main() {
    let status: Int32
    do {
      status = try withMPI { world in try runParsed(on: world) }
    } catch {
      // Only where MPI was running before.
      status = 1
    }
    endProcess(status)
  }

  private static func runParsed(on world: Communicator) throws -> Int32 {
    let command: Self
    do {
      var parsed = try parseAsRoot()
      guard let own = parsed as? Self else {
        try parsed.run()
        return 0
      }
      command = own
    } catch {
      let isSuccess = exitCode(for: error).isSuccess
      if world.isRoot {
        let message = fullMessage(for: error)
        if isSuccess { print(message) } else { printError(message) }
      }
      return isSuccess ? 0 : 2
    }
    try command.run(on: world)
    return 0
  }
}

/// `exit`, which is something else in the scope of a command.
private func endProcess(_ status: Int32) -> Never { exit(status) }

/// Prints a text on standard error, in one piece.
public func printError(_ text: String) {
  var text = text + "\n"
  text.withUTF8 { bytes in _ = write(2, bytes.baseAddress, bytes.count) }
}
