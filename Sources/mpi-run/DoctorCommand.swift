internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// Looks for what keeps a job from running on hosts, before it starts.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check hosts, and a program on them, before a job starts.",
    discussion: """
      Asks all hosts at once, and answers within ten seconds, whatever hangs: a line for each host, and one for each \
      problem with what mends it. Status 0: a job can run; 1: it cannot.
      """)

  @OptionGroup(title: "Hosts") var hosts: HostOptions
  @OptionGroup(title: "Build") var build: BuildOptions

  @Option(
    name: [.customShort("n"), .customLong("np", withSingleDash: true), .customLong("ranks")],
    help: ArgumentHelp("How many ranks the job will have, to see whether there are slots for them.", valueName: "ranks")
  )
  var ranks: Int?

  @Flag(help: "Print one JSON object instead of text: ok, seconds, network, hosts, findings.")
  var json = false

  @Argument(help: "A product of the package in this folder, or a program; without one, only the hosts are checked.")
  var program: String?

  func run() throws {
    try orExit { try check() }
  }

  private func check() throws {
    let environment = ProcessInfo.processInfo.environment
    let source = try hosts.source(environment)
    let builder = ProgramBuilder(options: build, environment: environment)
    let path = try program.map { try builder.program($0) }
    let launcher =
      try path.map { try JobProgram(path: $0, environment: environment).launcher }
      ?? (try? Launcher.of(.other, library: nil, name: "any MPI", environment: environment))

    let start = monotonicSeconds()
    var survey = HostSurvey(hosts: source.hosts.map(\.name))
    survey.program = path ?? ""
    survey.launcher = launcher?.path ?? ""
    survey.sshArguments = hosts.sshArguments(environment)
    survey.environment = environment
    let surveyed = survey.run()
    let slots = Dictionary(source.hosts.compactMap { host in host.slots.map { (host.name, $0) } }) { first, _ in first }
    let findings = Findings(
      surveyed, slots: slots, ranks: ranks, program: path ?? "", connectLimit: survey.connectLimit)
    let report = DoctorReport(
      hosts: surveyed, findings: findings, program: path, launcher: launcher, seconds: monotonicSeconds() - start)
    print(json ? try report.json() : report.text)
    if !findings.failures.isEmpty { throw ExitCode(1) }
  }
}
