internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// Builds a program and becomes the launcher that starts it on many ranks.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Build a program and run it on many ranks. (default)",
    discussion: """
      mpi-run becomes the launcher: input, output, Ctrl-C and exit status are the launcher's own. Only where a launcher \
      cannot be trusted with its end (MPICH and Open MPI 5 across hosts), or a time limit is given, it stays as a parent \
      that watches the hosts, and leaves nothing behind there.

      Status 124: the time limit; 205: a host was lost; 1 with a line that begins with "mpi-run:": not started.
      """)

  @OptionGroup(title: "Job") var job: JobOptions
  @OptionGroup(title: "Hosts") var hosts: HostOptions
  @OptionGroup(title: "Build") var build: BuildOptions

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp(
      "A product of the package in this folder, or a program, and its arguments.", valueName: "program"))
  var command: [String] = []

  func validate() throws {
    guard !command.isEmpty else { throw ValidationError("Name the program to run.") }
  }

  func run() throws {
    try orExit {
      var start = try JobStart(self, environment: ProcessInfo.processInfo.environment)
      try start.run()
    }
  }
}
