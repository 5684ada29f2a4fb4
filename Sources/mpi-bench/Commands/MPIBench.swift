// Micro-benchmarks of MPI, each in Swift and in C, measured in turn in one process.
//
// mpirun -n 2 .build/release/mpi-bench latency bandwidth all-reduce
import ArgumentParser
import ExampleSupport
import Foundation
import MPI

@main
struct MPIBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mpi-bench",
    abstract: "Micro-benchmarks of MPI, each in Swift and in C, measured in turn in one process.",
    usage: """
      mpirun -n RANKS mpi-bench [NAME …] [--door DOOR] [--sizes LIST] [--element TYPE] [--against mpi4py] \
      [--json | --csv] [--plot FILE.svg]
      mpi-bench instructions [NAME …]
      mpi-bench startup [--ranks N]
      """,
    subcommands: [Measure.self, Instructions.self, Startup.self], defaultSubcommand: Measure.self)

  /// Every rank parses the same command line; what is said about it is said once.
  static func main() {
    do {
      switch try parseAsRoot() {
      case let measure as Measure: try measure.start()
      case var other: try other.run()
      }
    } catch let status as ExitCode {
      // What was wrong has been printed.
      Foundation.exit(status.rawValue)
    } catch {
      let isSuccess = exitCode(for: error).isSuccess
      let isUsage = isSuccess || isParsing(error)
      let message = isUsage ? fullMessage(for: error) : "error: \(error)"
      if Self.isFirstOfJob {
        if isSuccess { print(message) } else { printError(message) }
      }
      Foundation.exit(isSuccess ? 0 : isUsage ? 2 : 1)
    }
  }

  /// An error of the command line.
  private static func isParsing(_ error: any Error) -> Bool { exitCode(for: error) == ExitCode.validationFailure }

  /// Whether this is rank 0, as the launcher says it: MPI is not running yet.
  private static var isFirstOfJob: Bool {
    let environment = ProcessInfo.processInfo.environment
    let rank = ["OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"].compactMap { environment[$0] }.first
    return rank == nil || rank == "0"
  }
}
