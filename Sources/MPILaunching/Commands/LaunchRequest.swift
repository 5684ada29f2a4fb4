/// A job to start: all that decides the launcher's command, as values.
package struct LaunchRequest: Sendable {
  /// How many ranks.
  package var ranks: Int
  /// Where, each host with its slots; none for this host alone.
  package var hosts: [HostSlots] = []
  /// Whether something that is no ssh starts the launcher's daemons on the hosts: Slurm.
  package var isScheduled = false
  /// The program's file.
  package var program: String
  /// Its arguments.
  package var arguments: [String]
  /// Whether some host has fewer cores than ranks, or fewer slots.
  package var isOversubscribed = false
  /// Whether root starts it.
  package var isRoot = false
  /// Whether a host has a fabric that is better than Ethernet, which the MPI then chooses by itself.
  package var hasFabric = false
  /// The network to use between hosts.
  package var network = NetworkChoice.none
  /// Options of ssh.
  package var sshArguments: [String] = []
  /// Variables for the ranks, beside those that every launcher passes on: a name alone for the value that it has here.
  package var variables: [(name: String, value: String?)] = []
  /// Seconds after which the launcher ends the job; `nil` for no limit, or where a ``Supervisor`` keeps it.
  package var timeLimit: Int?
  /// Whether each line of output begins with its rank.
  package var tagsOutput = false
  /// A folder for a file of each rank's output.
  package var logFolder: String?
  /// Options that the user gives to the launcher.
  package var launcherArguments: [String] = []
  /// The environment of the launcher: what its user has set there wins.
  package var environment: [String: String] = [:]

  package init(ranks: Int, program: String, arguments: [String] = []) {
    self.ranks = ranks
    self.program = program
    self.arguments = arguments
  }

  /// The program and its arguments, or the shell that writes its output to a file of its rank.
  ///
  /// The ranks write the files themselves: a launcher may lose the last words of a rank that dies.
  var command: [String] {
    guard let logFolder else { return [program] + arguments }
    let script = """
      mkdir -p "$0" && exec "$@" >"$0/rank.${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-${PMIX_RANK:-0}}}" 2>&1
      """
    return ["/bin/sh", "-c", script, logFolder, program] + arguments
  }
}

/// The command that starts a job.
package struct LaunchCommand: Equatable, Sendable {
  /// Variables that are set for it.
  package var environment: [Variable] = []
  /// The launcher's file.
  package var path: String
  /// Its arguments.
  package var arguments: [String]

  /// A variable of the environment.
  package struct Variable: Equatable, Sendable {
    package let name: String
    package let value: String
  }

  package init(path: String, arguments: [String] = []) {
    self.path = path
    self.arguments = arguments
  }

  /// The command as a shell takes it.
  package var shellText: String {
    let assignments = environment.map { "\($0.name)=\(shellQuoted($0.value))" }
    return (assignments + ([path] + arguments).map(shellQuoted)).joined(separator: " ")
  }
}

/// The text as one word of a POSIX shell.
package func shellQuoted(_ text: String) -> String {
  let isPlain =
    !text.isEmpty
    && text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", ",", "=", "+", "@", "%", "^": true
      default: false
      }
    }
  if isPlain { return text }
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
