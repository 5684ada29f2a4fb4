internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// Which hosts, and how to reach them.
struct HostOptions: ParsableArguments {
  @Option(
    name: [.customLong("hosts"), .customLong("host"), .customShort("H")],
    help: ArgumentHelp("The hosts, each with its slots; without a number, as many as cores.", valueName: "a:4,b:4"))
  var hosts: String?

  @Option(
    name: [.customLong("hostfile"), .customLong("machinefile"), .customShort("f")],
    help: ArgumentHelp("The hosts, one a line: `node1 slots=4` or `node1:4`.", valueName: "file"), completion: .file())
  var hostFile: String?

  @Option(
    name: .customLong("ssh-args"), parsing: .unconditional,
    help: ArgumentHelp(
      "Options of ssh; those in \(SSHArguments.variable) are used as well.", valueName: "options"))
  var sshOptions: String?

  func validate() throws {
    guard hosts == nil || hostFile == nil else { throw ValidationError("Give --hosts or --hostfile, not both.") }
  }

  /// Where the job is to run.
  func source(_ environment: [String: String]) throws -> HostSource {
    try HostSource(list: hosts, file: hostFile, environment: environment)
  }

  /// Options of ssh that the user gives.
  func sshArguments(_ environment: [String: String]) -> [String] {
    SSHArguments.ofUser(sshOptions, environment: environment)
  }
}
