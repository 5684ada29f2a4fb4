internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// How a job is started, apart from where.
struct JobOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .customLong("np", withSingleDash: true), .customLong("ranks")],
    help: ArgumentHelp("How many ranks. (default: one for each slot or core)", valueName: "ranks"))
  var ranks: Int?

  @Flag(help: "More ranks than slots may run. (Without hosts, more ranks than cores always may.)")
  var oversubscribe = false

  @Option(
    name: [.customShort("x"), .customLong("env")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A variable for all ranks, also on other hosts. May be given again.", valueName: "NAME[=VALUE]"))
  var variables: [String] = []

  @Option(
    help: ArgumentHelp(
      "The job is ended after this time, and told where each rank was: 90, 10m, 2h.", valueName: "time"))
  var timeLimit: TimeLimit?

  @Flag(help: "Begin each line of output with its rank.")
  var tag = false

  @Option(
    help: ArgumentHelp("Write each rank's output to rank.N in this folder, on its own host.", valueName: "folder"))
  var logs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Options for the launcher itself, as a shell would read them.", valueName: "options"))
  var launcherArgs: String?

  @Flag(help: "Print the launcher's command instead of running it.")
  var show = false

  @Flag(help: "Do not ask the hosts first whether the job can run there.")
  var unchecked = false

  func validate() throws {
    if let ranks, ranks < 1 { throw ValidationError("-n \(ranks): at least one rank is needed.") }
    for variable in variables where variable.hasPrefix("=") || variable.isEmpty {
      throw ValidationError("-x \(variable): a name is missing.")
    }
  }

  /// The variables to pass on, as names with values where they have one.
  var namedVariables: [(name: String, value: String?)] {
    variables.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return (parts[0], parts.count == 2 ? parts[1] : nil)
    }
  }
}

/// A time on a command line.
struct TimeLimit: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    let factor = argument.last.flatMap { factors[$0] }
    let digits = factor == nil ? argument : String(argument.dropLast())
    guard let number = Double(digits), number.isFinite, number > 0 else { return nil }
    seconds = number * (factor ?? 1)
  }
}
