internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// The start of a job: from what the user gives to the launcher's command, and into it.
struct JobStart {
  private let options: RunCommand
  private var environment: [String: String]
  private let source: HostSource

  init(_ options: RunCommand, environment: [String: String]) throws {
    self.options = options
    self.environment = environment
    source = try options.hosts.source(environment)
  }

  /// Starts it. Returns only if nothing was to be started.
  mutating func run() throws {
    let arguments = options.command.first == "--" ? Array(options.command.dropFirst()) : options.command
    guard let name = arguments.first else { throw Failure("name the program to run") }
    let path = try ProgramBuilder(options: options.build, environment: environment).program(name)
    let program = try JobProgram(path: path, environment: environment)
    if !program.isLinked, !options.job.show {
      tell("\(name) is not linked to an MPI itself; it is started by \(program.launcher.path)")
    }

    var request = LaunchRequest(ranks: 1, program: path, arguments: Array(arguments.dropFirst()))
    request.sshArguments = SSHArguments.patient(options.hosts.sshArguments(environment), connectLimit: 10)
    request.isScheduled = !source.usesSSH && source != .thisHost
    let survey = try ask(program)
    try place(&request, survey)
    let isSupervised = needsSupervisor(program.launcher)
    if isSupervised { environment[Supervisor.jobVariable] = String(UInt64.random(in: 1...UInt64.max), radix: 16) }
    try fill(&request, survey, isSupervised: isSupervised)
    let command = LaunchCommand(request, launcher: program.launcher)
    if options.job.show { return print(command.shellText) }
    guard isSupervised else { try become(command, environment: environment) }
    let status = try Supervisor(
      command, hosts: source.usesSSH ? request.hosts.map(\.name) : [], environment: environment,
      sshArguments: request.sshArguments, timeLimit: options.job.timeLimit?.seconds, report: tell
    ).run()
    throw ExitCode(status)
  }

  /// Whether the launcher alone cannot be trusted to end, and to end truthfully. Slurm ends its jobs itself.
  private func needsSupervisor(_ launcher: Launcher) -> Bool {
    if source.usesSSH, launcher.family == .mpich || launcher.family == .openMPI && launcher.majorVersion >= 5 {
      return true
    }
    return options.job.timeLimit != nil && (source.usesSSH || source == .thisHost)
  }

  /// Asks the hosts whether the job can run there, and stops if it cannot.
  private func ask(_ program: JobProgram) throws -> [SurveyedHost] {
    guard source.usesSSH, !options.job.unchecked else { return [] }
    var survey = HostSurvey(hosts: source.hosts.map(\.name))
    survey.program = program.path
    survey.launcher = program.launcher.path
    survey.sshArguments = options.hosts.sshArguments(environment)
    survey.environment = environment
    survey.connectLimit = 8
    survey.factsLimit = 15
    let hosts = survey.run()
    let failures = Findings(hosts, program: program.path, connectLimit: survey.connectLimit).failures
    guard failures.isEmpty else {
      for failure in failures { tell(failure.line) }
      tell("the job was not started; --unchecked starts it all the same")
      throw ExitCode(1)
    }
    return hosts
  }

  /// Decides how many ranks there are, and how many slots each host has.
  private func place(_ request: inout LaunchRequest, _ survey: [SurveyedHost]) throws {
    let cores = Dictionary(survey.map { ($0.name, $0.facts?.cores ?? 1) }, uniquingKeysWith: { first, _ in first })
    var hosts = source.hosts
    guard !hosts.isEmpty else {
      let here = ProcessInfo.processInfo.activeProcessorCount
      request.ranks = options.job.ranks ?? here
      request.isOversubscribed = request.ranks > here || options.job.oversubscribe
      return
    }
    let share = options.job.ranks.map { ($0 + hosts.count - 1) / hosts.count } ?? 1
    for index in hosts.indices where hosts[index].slots == nil {
      hosts[index].slots = cores[hosts[index].name] ?? share
    }
    let slots = hosts.totalSlots ?? 0
    request.ranks = options.job.ranks ?? slots
    if request.ranks > slots, !options.job.oversubscribe {
      throw Failure(
        "\(request.ranks) ranks need as many slots, and \(hosts.text) has \(slots); add hosts or slots, or --oversubscribe"
      )
    }
    request.hosts = hosts
    request.isOversubscribed =
      request.ranks > slots || hosts.contains { host in cores[host.name].map { host.slots ?? 0 > $0 } ?? false }
  }

  private func fill(_ request: inout LaunchRequest, _ survey: [SurveyedHost], isSupervised: Bool) throws {
    request.isRoot = geteuid() == 0
    request.environment = environment
    request.hasFabric = hasFabric(survey)
    request.network = request.hosts.count > 1 ? network(survey) : .none
    if request.hosts.count > 1 || source.usesSSH {
      let own = options.job.namedVariables
      let others = variablesForAllHosts(environment).filter { name in !own.contains { $0.name == name } }
      request.variables = others.map { ($0, nil) } + own
    } else {
      request.variables = options.job.namedVariables
    }
    if let missing = request.variables.first(where: { $0.value == nil && environment[$0.name] == nil }) {
      throw Failure("-x \(missing.name): this variable is not set here; -x \(missing.name)=VALUE sets it")
    }
    if !isSupervised, let limit = options.job.timeLimit { request.timeLimit = Int(limit.seconds.rounded(.up)) }
    request.tagsOutput = options.job.tag
    if let logs = options.job.logs {
      let path = logs.hasPrefix("/") ? logs : FileManager.default.currentDirectoryPath + "/" + logs
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      request.logFolder = (path as NSString).standardizingPath
    }
    if let text = options.job.launcherArgs { request.launcherArguments = try shellWords(text) }
  }

  /// Whether some host has InfiniBand or the like, for which the MPI makes a better choice than we do.
  private func hasFabric(_ survey: [SurveyedHost]) -> Bool {
    let here = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/infiniband")) ?? []
    return !here.isEmpty || survey.contains { $0.facts?.fabric.isEmpty == false }
  }

  /// The network between the hosts: from what they said, or from where their names lead.
  private func network(_ survey: [SurveyedHost]) -> NetworkChoice {
    guard survey.isEmpty else { return NetworkChoice(survey.map(\.networks)) }
    let own = NetworkInterface.ofThisHost()
    let named = source.hosts.map { host in
      let addresses = addresses(ofHost: host.name)
      let isOwn = isThisHost(host.name, addresses: addresses, interfaces: own)
      return HostNetworks(name: host.name, addresses: addresses, interfaces: isOwn ? own : nil)
    }
    let here = HostNetworks(name: hostName(), addresses: own.map(\.address), interfaces: own)
    return NetworkChoice(named.contains { $0.interfaces != nil } ? named : [here] + named)
  }
}
