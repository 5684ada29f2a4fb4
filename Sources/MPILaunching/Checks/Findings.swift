/// What is to be said of the hosts of a job before it starts.
package struct Findings: Sendable {
  /// All of them, host by host.
  package private(set) var all: [Finding] = []
  /// The network that the job will use.
  package let network: NetworkChoice

  private let hosts: [SurveyedHost]
  private let local: SurveyedHost?
  private let slots: [String: Int]
  private let program: String
  private let connectLimit: Int

  /// Judges what the hosts have said.
  ///
  /// - Parameters:
  ///   - hosts: The hosts; the one that launches is among them.
  ///   - slots: How many ranks each will run, if that is known.
  ///   - ranks: How many ranks the job will have, if that is known.
  ///   - program: The file of the job's program; empty for none.
  ///   - connectLimit: Seconds after which ssh gave up.
  package init(
    _ hosts: [SurveyedHost], slots: [String: Int] = [:], ranks: Int? = nil, program: String, connectLimit: Int
  ) {
    self.hosts = hosts
    self.slots = slots
    self.program = program
    self.connectLimit = connectLimit
    local = hosts.first(where: \.isLocal)
    network = hosts.count > 1 ? NetworkChoice(hosts.filter { $0.facts != nil }.map(\.networks)) : .none
    for host in hosts {
      if let failure = host.failure {
        all.append(failure.finding(host: host.name, seconds: connectLimit))
      } else if let facts = host.facts {
        all += judge(host, facts)
      }
    }
    if hosts.count > 1 { judgeConnections() }
    if let ranks { judgeSlots(ranks) }
    let order = Dictionary(hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let rank = Dictionary(uniqueKeysWithValues: Finding.Check.allCases.enumerated().map { ($1, $0) })
    all.sort { a, b in
      (order[a.host] ?? 0, rank[a.check] ?? 0) < (order[b.host] ?? 0, rank[b.check] ?? 0)
    }
  }

  /// What keeps the job from running.
  package var failures: [Finding] { all.filter { $0.severity == .failure } }

  private func judge(_ host: SurveyedHost, _ facts: HostFacts) -> [Finding] {
    judgeProgram(host, facts) + judgeMPI(host, facts) + judgeMachine(host, facts) + judgeResources(host, facts)
  }

  // MARK: - The program

  private func judgeProgram(_ host: SurveyedHost, _ facts: HostFacts) -> [Finding] {
    let name = host.name
    let deploy = "mpi-run deploy --hosts \(name) \(shellQuoted(program))"
    switch facts.program {
    case .notAsked: return []
    case .missing: return [Finding(name, .program, .failure, "\(program) is not there", cure: deploy)]
    case .unusable:
      return [
        Finding(
          name, .program, .failure, "\(program) is not an executable file",
          cure: host.isLocal ? "chmod +x \(shellQuoted(program))" : "ssh \(name) chmod +x \(shellQuoted(program))")
      ]
    case .found(let checksum):
      var findings: [Finding] = []
      if case .found(let own)? = local?.facts?.program, own != checksum {
        findings.append(Finding(name, .build, .failure, "\(program) is another build there", cure: deploy))
      }
      return findings + judgeLibraries(host, facts, deploy)
    }
  }

  private func judgeLibraries(_ host: SurveyedHost, _ facts: HostFacts, _ deploy: String) -> [Finding] {
    var findings: [Finding] = []
    let swift = facts.missingLibraries.filter {
      $0.hasPrefix("libswift") || $0.hasPrefix("lib_Foundation") || $0.hasPrefix("libFoundation")
    }
    if !swift.isEmpty {
      findings.append(
        Finding(
          host.name, .libraries, .failure, "the Swift runtime is not there (\(listed(swift)))",
          cure: "link it into the program with `swift build --static-swift-stdlib`, or copy it: \(deploy)"))
    }
    let others = facts.missingLibraries.filter { !swift.contains($0) }
    let mpi = others.filter { $0.hasPrefix("libmpi") }
    if !mpi.isEmpty {
      findings.append(
        Finding(
          host.name, .libraries, .failure, "the MPI library is not there (\(mpi.joined(separator: ", ")))",
          cure: "install the MPI of this host there: sudo apt-get install \(package(for: mpi[0]))"))
    }
    let rest = others.filter { !mpi.contains($0) }
    if !rest.isEmpty {
      findings.append(
        Finding(
          host.name, .libraries, .failure, "libraries are not there: \(listed(rest))",
          cure: "install them there, or copy them: \(deploy)"))
    }
    if let first = facts.outdatedLibraries.first {
      findings.append(
        Finding(
          host.name, .libraries, .failure, "its libraries are older than the program: \(first)",
          cure: "build on the host with the oldest system"))
    }
    return findings
  }

  private func package(for library: String) -> String {
    library.hasPrefix("libmpich") || library == "libmpi.so.12" ? "mpich" : "openmpi-bin"
  }

  // MARK: - The MPI

  private func judgeMPI(_ host: SurveyedHost, _ facts: HostFacts) -> [Finding] {
    guard case .found(let family, let version)? = local?.facts?.launcher else { return [] }
    let package = family == .mpich ? "mpich" : "openmpi-bin"
    switch facts.launcher {
    case .notAsked: return []
    case .missing(let instead):
      let other = instead.map { "; there is \($0)" } ?? ""
      return [
        Finding(
          host.name, .mpi, .failure, "\(family.rawValue) \(version) is not where it is on this host\(other)",
          cure: "install the same there: sudo apt-get install \(package)")
      ]
    case .found(let itsFamily, let itsVersion):
      guard family != itsFamily || version != itsVersion else { return [] }
      return [
        Finding(
          host.name, .mpi, .failure,
          "it has \(itsFamily.rawValue) \(itsVersion), and this host has \(family.rawValue) \(version)",
          cure: "install the same version on all hosts")
      ]
    }
  }

  // MARK: - The machine

  /// Instructions that compilers use when they are told to build for the machine that they run on.
  private static let telling = [
    "sse4_2", "popcnt", "avx", "f16c", "fma", "avx2", "bmi2", "avx512f", "avx512vl", "avx512bw", "avx512_bf16",
    "avx512_vnni", "avx512_fp16", "amx_tile", "asimdhp", "asimddp", "sve", "sve2",
  ]

  private func judgeMachine(_ host: SurveyedHost, _ facts: HostFacts) -> [Finding] {
    var findings: [Finding] = []
    if let own = local?.facts {
      if own.system != facts.system {
        findings.append(
          Finding(
            host.name, .processor, .failure, "it is \(facts.system), and this host is \(own.system)",
            cure: "use hosts of one kind"))
      } else if !facts.features.isEmpty {
        let lacking = Self.telling.filter { own.features.contains($0) && !facts.features.contains($0) }
        if !lacking.isEmpty {
          findings.append(
            Finding(
              host.name, .processor, .warning, "its processor lacks \(lacking.joined(separator: ", ")) of this host",
              cure: "do not build with -march=native here, or build on that host"))
        }
      }
    }
    if let offset = host.clockOffset, abs(offset) > 1 {
      let seconds = (abs(offset) * 10).rounded() / 10
      findings.append(
        Finding(
          host.name, .clock, .warning, "its clock is \(seconds) s \(offset > 0 ? "ahead" : "behind")",
          cure: "let both follow a time server: sudo timedatectl set-ntp true"))
    }
    return findings
  }

  // MARK: - Resources

  private func judgeResources(_ host: SurveyedHost, _ facts: HostFacts) -> [Finding] {
    var findings: [Finding] = []
    let ranks = slots[host.name] ?? max(facts.cores, 1)
    if let given = slots[host.name], facts.cores > 0, given > facts.cores {
      findings.append(
        Finding(
          host.name, .slots, .warning, "\(given) slots on \(counted(facts.cores, "core")): the ranks will share cores",
          cure: "give it \(facts.cores) slots"))
    }
    if let memory = facts.memory, memory < ranks * 128 << 20 {
      findings.append(
        Finding(
          host.name, .memory, .warning, "\(megabytes(memory)) of memory are free for \(counted(ranks, "rank"))",
          cure: "see what uses it: ssh \(host.name) ps aux --sort -rss"))
    }
    for folder in facts.unwritable {
      let room = facts.room[folder].map { " (\(megabytes($0)) are free)" } ?? ""
      findings.append(
        Finding(
          host.name, .room, .failure, "nothing can be written to \(folder)\(room)",
          cure: "make room: ssh \(host.name) df \(folder)"))
    }
    for (folder, room) in facts.room.sorted(by: { $0.key < $1.key }) where !facts.unwritable.contains(folder) {
      let isShared = folder == "/dev/shm"
      let needed = isShared ? ranks * 4 << 20 : 16 << 20
      if room < needed {
        findings.append(
          Finding(
            host.name, .room, .failure,
            "\(megabytes(room)) are free in \(folder), of \(megabytes(needed)) that MPI needs",
            cure: isShared ? "sudo mount -o remount,size=1G /dev/shm" : "make room: ssh \(host.name) df \(folder)"))
      } else if room < 4 * needed {
        findings.append(Finding(host.name, .room, .warning, "only \(megabytes(room)) are free in \(folder)"))
      }
    }
    if let files = facts.openFiles, files < max(256, 4 * ranks) {
      findings.append(
        Finding(
          host.name, .limits, .warning, "a process may open \(files) files only",
          cure: "raise nofile in /etc/security/limits.conf there"))
    }
    if !facts.fabric.isEmpty, let locked = facts.lockedMemory, locked < 64 << 20 {
      findings.append(
        Finding(
          host.name, .limits, .warning,
          "\(megabytes(locked)) of memory may be locked: too little for \(facts.fabric[0])",
          cure: "set memlock to unlimited in /etc/security/limits.conf there"))
    }
    return findings
  }

  // MARK: - Between hosts

  /// Blames the host with the fewest slots, if there are not enough of them for the job.
  private mutating func judgeSlots(_ ranks: Int) {
    let given = hosts.compactMap { host in (slots[host.name] ?? host.facts?.cores).map { (host.name, $0) } }
    let total = given.reduce(0) { $0 + $1.1 }
    guard given.count == hosts.count, ranks > total, let least = given.min(by: { $0.1 < $1.1 }) else { return }
    let sum = given.map { "\($0.0):\($0.1)" }.joined(separator: ",")
    all.append(
      Finding(
        least.0, .slots, .failure, "\(ranks) ranks need as many slots, and \(sum) has \(total)",
        cure: "add hosts or slots, or give mpi-run --oversubscribe"))
  }

  private mutating func judgeConnections() {
    let answering = hosts.filter { $0.facts != nil }
    guard answering.count > 1 else { return }
    if network == .none, answering.allSatisfy({ $0.facts?.interfaces.isEmpty == false }) {
      for host in answering where !host.isLocal {
        let networks = Set((host.facts?.interfaces ?? []).map(\.network)).sorted().map(\.description)
        let list = networks.isEmpty ? "none" : networks.joined(separator: ", ")
        all.append(
          Finding(
            host.name, .network, .failure, "no network that all hosts have; it has \(list)",
            cure: "name each host by its address in one network in /etc/hosts"))
      }
      return
    }
    // Who reaches nobody is itself the cause; else it is the one that is not reached.
    var blamed: [String: [(from: String, reason: String)]] = [:]
    for host in answering {
      let others = answering.count - 1
      if others > 1, host.unreached.count == others {
        all.append(
          Finding(
            host.name, .tcp, .failure, "it reaches no other host: \(host.unreached[0].reason)",
            cure: "let a firewall there allow TCP to the others: \(Self.opening(network, "OUTPUT", "-d"))"))
      } else {
        for (target, reason) in host.unreached { blamed[target, default: []].append((host.name, reason)) }
      }
      if !host.hasTriedOthers, host.facts?.port == nil {
        all.append(
          Finding(
            host.name, .tcp, .warning, "TCP was not tried: it has neither python3 nor perl", cure: nil))
      }
    }
    for (target, sources) in blamed.sorted(by: { $0.key < $1.key }) {
      let names = sources.map(\.from).sorted().joined(separator: ", ")
      all.append(
        Finding(
          target, .tcp, .failure, "\(names) cannot open TCP connections to it: \(sources[0].reason)",
          cure: "let a firewall there allow them: \(Self.opening(network, "INPUT", "-s"))"))
    }
  }

  private static func opening(_ network: NetworkChoice, _ chain: String, _ option: String) -> String {
    let networks = network.networks.map(\.description).joined(separator: ",")
    return "sudo iptables -I \(chain) -p tcp \(networks.isEmpty ? "" : "\(option) \(networks) ")-j ACCEPT"
  }

  private func listed(_ names: [String]) -> String {
    names.count <= 3 ? names.joined(separator: ", ") : "\(names[0]) and \(names.count - 1) more"
  }

  private func megabytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
