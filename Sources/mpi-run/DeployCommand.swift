internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// Copies a program with its libraries to hosts that share no file system.
struct DeployCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy", abstract: "Copy a program with its libraries to hosts that share no file system.",
    discussion: """
      The program comes to the same path on each host, since that is where a launcher looks for it. Libraries that a \
      system does not have by itself (the Swift runtime of a program that was built without --static-swift-stdlib) come \
      beside it, where it looks for them; the MPI and the system's own are left to each host. What is there already is not \
      copied again, and what was copied is compared by its SHA-256.
      """)

  @OptionGroup(title: "Hosts") var hosts: HostOptions
  @OptionGroup(title: "Build") var build: BuildOptions

  @Argument(help: "A product of the package in this folder, or a program.")
  var program: String

  func run() throws {
    try orExit { try deploy() }
  }

  private func deploy() throws {
    let environment = ProcessInfo.processInfo.environment
    let source = try hosts.source(environment)
    guard source != .thisHost else { throw Failure("name the hosts with --hosts or --hostfile") }
    let path = try ProgramBuilder(options: build, environment: environment).program(program)
    let cargo = try DeployedFiles(program: path, environment: environment)
    let results = Deployment(
      cargo, hosts: source.hosts.map(\.name), sshArguments: hosts.sshArguments(environment), environment: environment
    ).run()
    for result in results { print("\(result.host): \(result.text)") }
    guard results.allSatisfy(\.isGood) else { throw ExitCode(1) }
  }
}
