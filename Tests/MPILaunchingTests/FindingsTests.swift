import MPILaunching
import Testing

/// What a healthy host tells.
private func lines(_ host: String, _ number: Int, _ changes: [String: String?] = [:]) -> [String] {
  var lines: [(String, String?)] = [
    ("host", host), ("system", "Linux x86_64"), ("cores", "4"), ("memory", "8000000"), ("room", "9000000 /tmp"),
    ("room", "4000000 /dev/shm"), ("files", "1024"), ("locked", "unlimited"), ("features", "sse4_2 avx avx2 fma"),
    ("route", "eth0\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0"), ("address", "10.77.0.\(number)"),
    ("launcher", "mpirun (Open MPI) 4.1.4 Report bugs to http://www.open-mpi.org/community/help/"),
    ("checksum", "abc"), ("port", "4000\(number)"),
  ]
  let folder = { (text: String?) in text?.split(separator: " ").last }
  for (key, value) in changes {
    lines.removeAll { $0.0 == key && (key != "room" || folder($0.1) == folder(value)) }
    lines.insert((key, value), at: 0)
  }
  return lines.compactMap { key, value in value.map { "\(key) \($0)" } }
}

private func healthyHosts(_ changesOfThird: [String: String?] = [:]) -> [SurveyedHost] {
  (1...3).map { number in
    var host = SurveyedHost(name: "h\(number)")
    host.addresses = [IPv4Address("10.77.0.\(number)")!]
    host.isLocal = number == 1
    host.facts = HostFacts(lines: lines("h\(number)", number, number == 3 ? changesOfThird : [:]))
    host.hasTriedOthers = true
    host.clockOffset = 0
    return host
  }
}

private func survey(_ changes: [String: String?] = [:], _ change: (inout SurveyedHost) -> Void = { _ in }) -> Findings {
  var hosts = healthyHosts(changes)
  change(&hosts[2])
  return Findings(hosts, slots: ["h1": 2, "h2": 2, "h3": 2], program: "/p", connectLimit: 4)
}

@Suite struct FindingsTests {
  @Test func factsAreRead() {
    let facts = HostFacts(lines: lines("h2", 2, ["elsewhere": nil]))
    #expect(facts.cores == 4 && facts.port == 40002 && facts.openFiles == 1024 && facts.lockedMemory == nil)
    #expect(facts.launcher == .found(.openMPI, version: "4.1.4"))
    #expect(facts.interfaces.map(\.address.description) == ["10.77.0.2"])
    let hydra = HostFacts(lines: ["launcher HYDRA build details: Version: 4.0.2 Release Date: Thu Apr  7"])
    #expect(hydra.launcher == .found(.mpich, version: "4.0.2"))
    #expect(HostFacts(lines: ["", "x", "cores many", "port none"]) == HostFacts())
  }

  @Test func healthyHostsHaveNoFindings() {
    let findings = survey()
    #expect(findings.all.isEmpty)
    #expect(findings.network.networks.map(\.description) == ["10.77.0.0/24"])
  }

  @Test(
    arguments: [
      (["program": "missing", "checksum": nil], Finding.Check.program, "is not there; mpi-run deploy --hosts h3 /p"),
      (["program": "unusable", "checksum": nil], .program, "ssh h3 chmod +x /p"),
      (["checksum": "other"], .build, "another build there; mpi-run deploy --hosts h3 /p"),
      (["absent": "libswiftCore.so"], .libraries, "--static-swift-stdlib"),
      (["absent": "libmpi.so.40"], .libraries, "apt-get install openmpi-bin"),
      (["absent": "libgsl.so.27"], .libraries, "libgsl.so.27"),
      (["outdated": "/lib/libc.so.6: version `GLIBC_2.38' not found (required by /p)"], .libraries, "GLIBC_2.38"),
      (["launcher": "missing"], .mpi, "Open MPI 4.1.4 is not where it is on this host"),
      (["launcher": "mpirun (Open MPI) 4.1.8 Report"], .mpi, "it has Open MPI 4.1.8"),
      (["launcher": "HYDRA build details: Version: 4.0.2"], .mpi, "it has MPICH 4.0.2"),
      (["system": "Linux aarch64"], .processor, "use hosts of one kind"), (["unwritable": "/tmp"], .room, "df /tmp"),
      (["room": "100 /tmp"], .room, "0 MiB are free in /tmp"),
      (["room": "64 /dev/shm"], .room, "mount -o remount,size=1G /dev/shm"),
    ] as [([String: String?], Finding.Check, String)])
  func aFailureIsNamedWithItsHostAndCure(changes: [String: String?], check: Finding.Check, text: String) throws {
    let findings = survey(changes)
    try #require(findings.failures.count == 1, "\(findings.all.map(\.line))")
    #expect(findings.failures[0].host == "h3" && findings.failures[0].check == check)
    #expect(findings.failures[0].line.contains(text), "\(findings.failures[0].line)")
  }

  @Test(
    arguments: [
      (["features": "sse4_2 avx"], Finding.Check.processor, "lacks fma, avx2"), (["files": "64"], .limits, "64 files"),
      (["cores": "1"], .slots, "2 slots on 1 core"), (["memory": "100000"], .memory, "97 MiB of memory are free"),
      (["room": "40000 /tmp"], .room, "only 39 MiB are free in /tmp"),
      (["fabric": "mlx5_0", "locked": "64"], .limits, "too little for mlx5_0"),
    ] as [([String: String?], Finding.Check, String)])
  func aWarningStopsNothing(changes: [String: String?], check: Finding.Check, text: String) {
    let findings = survey(changes)
    #expect(findings.failures.isEmpty)
    #expect(findings.all.contains { $0.check == check && $0.line.contains(text) }, "\(findings.all.map(\.line))")
  }

  @Test func tooFewSlotsAreAFailureOfTheHostWithTheFewest() {
    let hosts = healthyHosts()
    func failures(_ ranks: Int, _ slots: [String: Int]) -> [String] {
      Findings(hosts, slots: slots, ranks: ranks, program: "/p", connectLimit: 4).failures.map(\.line)
    }
    #expect(failures(6, ["h1": 2, "h2": 1, "h3": 3]).isEmpty)
    let line = "h2: slots: 7 ranks need as many slots, and h1:2,h2:1,h3:3 has 6; add hosts or slots"
    #expect(failures(7, ["h1": 2, "h2": 1, "h3": 3]).map { $0.hasPrefix(line) } == [true])
    // A host without a number has a slot for each of its 4 cores.
    #expect(failures(8, ["h1": 2, "h2": 2]).isEmpty)
    #expect(failures(9, ["h1": 2, "h2": 2]).count == 1)
  }

  @Test func theClockIsCompared() {
    #expect(survey { $0.clockOffset = -7.25 }.all.map(\.text) == ["its clock is 7.3 s behind"])
    #expect(survey { $0.clockOffset = 0.5 }.all.isEmpty)
  }

  @Test func whoIsNotReachedIsBlamedUnlessItReachesNobody() {
    var hosts = (1...3).map { number in
      var host = SurveyedHost(name: "h\(number)")
      host.isLocal = number == 1
      host.facts = HostFacts(lines: lines("h\(number)", number))
      host.hasTriedOthers = true
      return host
    }
    hosts[0].unreached = [("h3", "timed out")]
    hosts[1].unreached = [("h3", "timed out")]
    var failures = Findings(hosts, program: "", connectLimit: 4).failures
    #expect(failures.map(\.host) == ["h3"])
    #expect(failures[0].line.contains("h1, h2 cannot open TCP connections to it: timed out"))
    #expect(failures[0].line.contains("iptables -I INPUT -p tcp -s 10.77.0.0/24 -j ACCEPT"))
    hosts[0].unreached = []
    hosts[1].unreached = [("h1", "no answer"), ("h3", "no answer")]
    failures = Findings(hosts, program: "", connectLimit: 4).failures
    #expect(failures.map(\.host) == ["h2"] && failures[0].text.contains("reaches no other host"))
  }

  @Test func hostsWithoutACommonNetworkAreNamed() {
    let findings = survey(["address": "10.88.0.3", "route": "eth0\t0000580A\t00000000\t1\t0\t0\t0\t00FFFFFF\t0\t0\t0"])
    {
      $0.addresses = []
    }
    #expect(findings.failures.contains { $0.host == "h3" && $0.check == .network && $0.text.contains("10.88.0.0/24") })
  }

  @Test(
    arguments: [
      ("ssh: Could not resolve hostname h9: Name or service not known", SSHFailure.unresolved),
      ("ssh: connect to host h9 port 22: Connection refused", .refused),
      ("ssh: connect to host h9 port 22: No route to host", .unreachable),
      ("ssh: connect to host h9 port 22: Connection timed out", .timedOut),
      ("Connection timed out during banner exchange\n", .timedOut), ("Host key verification failed.\n", .unknownKey),
      ("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", .changedKey),
      ("root@h9: Permission denied (publickey,password).\n", .notPermitted), ("odd\n", .other("odd")), ("", .other("")),
    ])
  func whatSSHSaysIsUnderstood(complaints: String, failure: SSHFailure) {
    #expect(SSHFailure(complaints: complaints) == failure)
    let finding = failure.finding(host: "h9", seconds: 4)
    #expect(finding.host == "h9" && finding.severity == .failure && finding.cure?.isEmpty == false)
  }

  @Test func whatARankDoesIsRead() throws {
    let state = try #require(RankState("rank 3 4711 R 250 heat", host: "h2"))
    #expect(state.text == "rank 3 on h2: heat, process 4711, running, 2.5 s of a core")
    for bad in ["rank x 1 R 2 p", "told", "", "rank 1 2 R"] { #expect(RankState(bad, host: "h") == nil) }
  }
}
