/// Asks all hosts of a job at once what a job needs to know of them, and lets them try to reach each other.
///
/// Nothing that hangs, here or on a host, delays the answer: what has not come within the time limits is a finding.
package struct HostSurvey: Sendable {
  /// The hosts.
  package var hosts: [String]
  /// The file of the job's program; empty for none.
  package var program = ""
  /// The file of the launcher; empty for none.
  package var launcher = ""
  /// Options of ssh that the user gives.
  package var sshArguments: [String] = []
  /// The environment.
  package var environment: [String: String] = [:]
  /// Seconds until ssh gives up.
  package var connectLimit = 4
  /// Seconds from the start until a host must have told what it has.
  package var factsLimit = 6.0
  /// Seconds after that until the hosts must have tried to reach each other.
  package var reachLimit = 2.5

  package init(hosts: [String]) { self.hosts = hosts }

  /// Asks them. This host is asked as well, and is the first of the answers if it is not among the hosts.
  package func run() -> [SurveyedHost] {
    let own = NetworkInterface.ofThisHost()
    var surveyed = hosts.map { name in
      var host = SurveyedHost(name: name)
      host.addresses = MPILaunching.addresses(ofHost: name)
      host.isLocal = isThisHost(name, addresses: host.addresses, interfaces: own)
      return host
    }
    if !surveyed.contains(where: \.isLocal) {
      var host = SurveyedHost(name: hostName())
      host.isLocal = true
      host.addresses = own.map(\.address)
      surveyed.insert(host, at: 0)
    }
    let talks = surveyed.map { start($0) }
    defer { for talk in talks { talk?.end() } }
    hearFacts(&surveyed, talks)
    if surveyed.count > 1 { hearReached(&surveyed, talks) }
    return surveyed
  }

  private func start(_ host: SurveyedHost) -> Conversation? {
    let ssh = programOnPath("ssh", environment: environment) ?? "/usr/bin/ssh"
    let arguments = SSHArguments.patient(sshArguments, connectLimit: connectLimit)
    let talk =
      host.isLocal
      ? try? Conversation("/bin/sh", [], environment: environment)
      : try? Conversation(ssh, arguments + [host.name, "sh"], environment: environment)
    talk?.say(ProbeScript.text(program: program, launcher: launcher))
    return talk
  }

  /// Hears what each host has, until all have told it or the time is over.
  private func hearFacts(_ surveyed: inout [SurveyedHost], _ talks: [Conversation?]) {
    let deadline = monotonicSeconds() + factsLimit
    var waiting = Set(talks.indices.filter { talks[$0] != nil })
    while !waiting.isEmpty, monotonicSeconds() < deadline {
      Conversation.listen(waiting.compactMap { talks[$0] }, seconds: deadline - monotonicSeconds())
      for index in waiting {
        guard let talk = talks[index] else { continue }
        if talk.lines.last?.hasPrefix("port ") == true || talk.isOver { waiting.remove(index) }
      }
    }
    for index in surveyed.indices {
      guard let talk = talks[index] else {
        surveyed[index].failure = .other("ssh is not installed here")
        continue
      }
      if talk.lines.contains(where: { $0.hasPrefix("port ") }) {
        var facts = HostFacts(lines: talk.lines)
        if surveyed[index].isLocal { facts.interfaces = NetworkInterface.ofThisHost() }
        surveyed[index].facts = facts
      } else if talk.isOver {
        _ = talk.process.wait(seconds: 0.2)
        surveyed[index].failure = SSHFailure(complaints: talk.complaints)
      } else {
        surveyed[index].failure = .hung
      }
    }
  }

  /// Lets the hosts that have answered try to reach each other, in both directions.
  private func hearReached(_ surveyed: inout [SurveyedHost], _ talks: [Conversation?]) {
    let network = NetworkChoice(surveyed.filter { $0.facts != nil }.map(\.networks))
    var targets: [String: String] = [:]
    for host in surveyed {
      guard let port = host.facts?.port, let address = host.address(in: network) else { continue }
      targets["\(address):\(port)"] = host.name
    }
    let asked = monotonicSeconds()
    let askedByClock = wallClockSeconds()
    var waiting = Set<Int>()
    for index in surveyed.indices {
      guard surveyed[index].facts != nil, let talk = talks[index] else { continue }
      let others = targets.filter { $0.value != surveyed[index].name }.keys.sorted()
      talk.say((["go"] + others).joined(separator: " ") + "\n")
      waiting.insert(index)
    }
    while !waiting.isEmpty, monotonicSeconds() < asked + reachLimit {
      Conversation.listen(waiting.compactMap { talks[$0] }, seconds: asked + reachLimit - monotonicSeconds())
      let waited = monotonicSeconds() - asked
      for index in waiting {
        guard let talk = talks[index] else { continue }
        if surveyed[index].clockOffset == nil,
          let clock = talk.lines.last(where: { $0.hasPrefix("clock ") }).flatMap({ Double($0.dropFirst(6)) })
        {
          // The answer was written at some moment between the question and now.
          let offset = clock - askedByClock - waited / 2
          surveyed[index].clockOffset = abs(offset) <= waited / 2 ? 0 : offset
        }
        if talk.lines.last == "done" || talk.isOver { waiting.remove(index) }
      }
    }
    for index in surveyed.indices {
      guard let talk = talks[index], surveyed[index].facts != nil else { continue }
      surveyed[index].hasTriedOthers = talk.lines.last == "done"
      for line in talk.lines where line.hasPrefix("unreached ") {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2, let host = targets[words[1]] else { continue }
        surveyed[index].unreached.append((host, words.count > 2 ? words[2] : "no answer"))
      }
    }
  }
}

extension SurveyedHost {
  /// Its address in the network of the job, or the one that its name leads to.
  package func address(in choice: NetworkChoice) -> IPv4Address? {
    let interfaces = facts?.interfaces ?? []
    return interfaces.first { choice.networks.contains($0.network) }?.address ?? addresses.first { !$0.isLoopback }
  }
}
