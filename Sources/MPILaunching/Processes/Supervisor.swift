internal import Foundation

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// Runs a launcher to its end, and holds a line to each host, where the launcher alone cannot be trusted.
///
/// Needed because of what launchers do: MPICH's does not return when a host is lost; that of Open MPI 5 does, with status
/// 0; neither can say what each rank was doing when a job has run too long. The launcher has the terminal, the input and
/// the outputs as if it had been started by itself, and its status is returned.
package final class Supervisor {
  /// The status of a job that has run too long, as of timeout(1).
  package static let timeLimitStatus: Int32 = 124
  /// The status of a job that has lost a host, as of Open MPI 4.
  package static let lostHostStatus: Int32 = 205

  /// Seconds without a sign of life after which a host is lost.
  private static let patience = 12.0

  private let command: LaunchCommand
  private let hosts: [String]
  private let environment: [String: String]
  private let sshArguments: [String]
  private let timeLimit: Double?
  private let report: (String) -> Void
  private var lines: [Line] = []

  /// The line to a host.
  private struct Line {
    let host: String
    let talk: Conversation
    var heard: Double
    var seen = 0
  }

  /// Prepares to run a command.
  ///
  /// - Parameters:
  ///   - command: The launcher's command; its environment must carry ``jobVariable``.
  ///   - hosts: The hosts that are reached by ssh; this host is always watched as well.
  ///   - environment: All of its environment.
  ///   - sshArguments: Options of ssh.
  ///   - timeLimit: Seconds that the job may take.
  ///   - report: Prints a line.
  package init(
    _ command: LaunchCommand, hosts: [String], environment: [String: String], sshArguments: [String],
    timeLimit: Double?, report: @escaping (String) -> Void
  ) {
    self.command = command
    self.hosts = hosts
    self.environment = environment
    self.sshArguments = sshArguments
    self.timeLimit = timeLimit
    self.report = report
  }

  /// The variable by which the processes of a job are known.
  package static var jobVariable: String { LifelineScript.variable }

  /// Runs the command to its end.
  ///
  /// - Returns: The status for this program to end with.
  package func run() throws(LaunchError) -> Int32 {
    let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in signals { sigaddset(&blocked, signal) }
    sigprocmask(SIG_BLOCK, &blocked, nil)
    defer { for line in lines { line.talk.end() } }

    try startLines()
    var all = environment
    for variable in command.environment { all[variable.name] = variable.value }
    let launcher = try ChildProcess(
      command.path, command.arguments, environment: all, descriptors: [], ownGroup: false)
    let started = monotonicSeconds()
    var nextPing = started
    var signalled: Double?
    var ending: Int32?
    while true {
      if let end = launcher.end {
        if let signal = pendingSignal(blocked) { ending = ending ?? signal }
        let status = finish(end)
        // MPICH's launcher says 0 when it is interrupted.
        return status == 0 ? ending.map { 128 + $0 } ?? 0 : status
      }
      let now = monotonicSeconds()
      if now >= nextPing {
        for line in lines { line.talk.say("ping\n") }
        nextPing = now + 2
      }
      Conversation.listen(lines.map(\.talk), seconds: 0.05)
      if let host = lostHost() {
        report("lost \(host): the job is ended")
        stop(launcher)
        return Self.lostHostStatus
      }
      // Ranks go on without their daemon, and MPICH's launcher waits for it; those that are about to end are let end.
      if let line = lines.first(where: { $0.talk.lines.count { $0 == "orphaned" } > 1 }) {
        report("the launcher's daemon on \(line.host) has died: the job is ended")
        stop(launcher)
        return Self.lostHostStatus
      }
      if let timeLimit, now - started > timeLimit {
        reportStates(after: timeLimit)
        stop(launcher)
        return Self.timeLimitStatus
      }
      if let signal = pendingSignal(blocked) {
        // Ctrl-C and its like reach the launcher from the terminal; a signal to this process alone is passed on.
        if signal == SIGTERM || signal == SIGHUP || tcgetpgrp(0) != getpgrp() { launcher.signalGroup(signal) }
        signalled = signalled ?? now
        ending = ending ?? signal
      }
      if let signalled, now - signalled > 5 {
        stop(launcher)
        return 128 + (ending ?? SIGINT)
      }
    }
  }

  private func startLines() throws(LaunchError) {
    let job = environment[Self.jobVariable] ?? ""
    var clean = environment
    clean[Self.jobVariable] = nil
    let ssh = programOnPath("ssh", environment: environment) ?? "/usr/bin/ssh"
    let own = NetworkInterface.ofThisHost()
    let remote = hosts.filter { !isThisHost($0, addresses: addresses(ofHost: $0), interfaces: own) }
    for host in [hostName()] + remote {
      let isLocal = lines.isEmpty
      let keepAlive = ["-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=3"]
      let talk =
        isLocal
        ? try Conversation("/bin/sh", [], environment: clean)
        : try Conversation(ssh, sshArguments + keepAlive + [host, "sh"], environment: clean)
      talk.say(LifelineScript.text(job: job))
      lines.append(Line(host: host, talk: talk, heard: monotonicSeconds()))
    }
  }

  /// A host of which nothing more is heard.
  private func lostHost() -> String? {
    let now = monotonicSeconds()
    for index in lines.indices {
      if lines[index].talk.lines.count > lines[index].seen {
        lines[index].seen = lines[index].talk.lines.count
        lines[index].heard = now
      }
      if lines[index].talk.isOver || now - lines[index].heard > Self.patience {
        let said = lines[index].talk.complaints.split(whereSeparator: \.isNewline).last.map { " (\($0))" } ?? ""
        return lines[index].host + said
      }
    }
    return nil
  }

  /// The launcher has ended; believes it if all hosts are still there.
  private func finish(_ end: ChildProcess.End) -> Int32 {
    let status: Int32 =
      switch end {
      case .exited(let status): Int32(status)
      case .killed(let signal): 128 + Int32(signal)
      }
    if status == 0 {
      for index in lines.indices {
        lines[index].seen = lines[index].talk.lines.count
        lines[index].talk.say("ping\n")
      }
      let deadline = monotonicSeconds() + Self.patience
      while monotonicSeconds() < deadline {
        let silent = lines.filter { $0.talk.lines.count <= $0.seen }
        if silent.isEmpty || silent.contains(where: { $0.talk.isOver }) { break }
        Conversation.listen(silent.map(\.talk), seconds: 0.5)
      }
      if let silent = lines.first(where: { $0.talk.lines.count <= $0.seen }) {
        report("lost \(silent.host), although the launcher reports success")
        endLines()
        return Self.lostHostStatus
      }
    }
    endLines()
    return status
  }

  private func stop(_ launcher: ChildProcess) {
    // One that can end the job does so with its own daemons; MPICH's does not listen.
    launcher.signalGroup(SIGTERM)
    _ = launcher.wait(seconds: 3)
    endLines()
    if launcher.end == nil {
      launcher.signalGroup(SIGKILL)
      _ = launcher.wait(seconds: 5)
    }
  }

  /// Lets each host end what is left of the job there.
  private func endLines() {
    for line in lines { line.talk.say("end\n") }
    let deadline = monotonicSeconds() + 4
    while monotonicSeconds() < deadline {
      let open = lines.filter { !$0.talk.isOver }.map(\.talk)
      if open.isEmpty || open.allSatisfy({ $0.lines.last == "ended" }) { break }
      Conversation.listen(open, seconds: 0.2)
    }
  }

  /// Prints what each rank is doing on its host.
  private func reportStates(after limit: Double) {
    let seconds = limit.rounded() == limit ? "\(Int(limit))" : "\(limit)"
    report("the job has run for \(seconds) s, its time limit, and is ended; what its ranks were doing:")
    for line in lines { line.talk.say("tell\n") }
    let starts = lines.map { $0.talk.lines.count }
    let deadline = monotonicSeconds() + 3
    let silent = { (lines: [Line]) in
      zip(lines, starts).filter { line, start in !line.talk.lines[start...].contains("told") && !line.talk.isOver }
    }
    while monotonicSeconds() < deadline, !silent(lines).isEmpty {
      Conversation.listen(lines.map(\.talk), seconds: 0.2)
    }
    var states: [Int: RankState] = [:]
    for (line, start) in zip(lines, starts) {
      for state in line.talk.lines[start...].compactMap({ RankState($0, host: line.host) }) {
        states[state.rank] = states[state.rank] ?? state
      }
    }
    for rank in states.keys.sorted() { report("  " + states[rank]!.text) }
    for (line, _) in silent(lines) { report("  \(line.host) does not answer") }
    if states.isEmpty { report("  no rank has started") }
  }

  /// A signal that has come for this process since it was last asked.
  private func pendingSignal(_ set: sigset_t) -> Int32? {
    var pending = sigset_t()
    sigpending(&pending)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] where sigismember(&pending, signal) == 1 {
      var one = sigset_t()
      sigemptyset(&one)
      sigaddset(&one, signal)
      var taken: Int32 = 0
      sigwait(&one, &taken)
      return taken
    }
    return nil
  }
}
