internal import Foundation
internal import MPILaunching

/// Copies files to hosts, all at once, and compares them there.
struct Deployment {
  /// What became of one host.
  struct Result {
    let host: String
    let text: String
    let isGood: Bool
  }

  private let cargo: DeployedFiles
  private let hosts: [String]
  private let sshArguments: [String]
  private let environment: [String: String]
  /// Seconds without any progress after which a host is given up.
  private let patience = 30.0

  init(_ cargo: DeployedFiles, hosts: [String], sshArguments: [String], environment: [String: String]) {
    self.cargo = cargo
    self.hosts = hosts
    self.sshArguments = SSHArguments.patient(sshArguments, connectLimit: 8)
    self.environment = environment
  }

  /// Copies what a host does not have.
  func run() -> [Result] {
    let own = NetworkInterface.ofThisHost()
    let remote = hosts.filter { !isThisHost($0, addresses: addresses(ofHost: $0), interfaces: own) }
    let sums: String
    let staging: String
    do {
      staging = try stage()
      sums = try checksums(in: staging)
    } catch {
      return [Result(host: hostName(), text: "FAILED: \(error)", isGood: false)]
    }
    defer { try? FileManager.default.removeItem(atPath: staging) }
    var results = hosts.filter { !remote.contains($0) }.map {
      Result(host: $0, text: "this host, nothing to copy", isGood: true)
    }
    // So many at once that the network of this host, not their number, is the limit.
    var rest = remote[...]
    while !rest.isEmpty {
      results += copy(staging, sums, to: Array(rest.prefix(16)))
      rest = rest.dropFirst(16)
    }
    return hosts.compactMap { host in results.first { $0.host == host } }
  }

  /// A folder with the files under the names that they will have.
  private func stage() throws -> String {
    let folder = NSTemporaryDirectory() + "/mpi-run-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for file in cargo.files {
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(file.name)", withDestinationPath: file.path)
    }
    return folder
  }

  /// The list of all files as `sha256sum` prints it.
  private func checksums(in folder: String) throws -> String {
    let script = """
      cd "$0" && find -L . -type f | LC_ALL=C sort | while IFS= read -r f; do
        sha256sum "$f" 2>/dev/null || shasum -a 256 "$f"
      done
      """
    guard let text = Launcher.output(of: "/bin/sh", ["-c", script, folder], environment), !text.isEmpty else {
      throw Failure("the files of \(cargo.folder) cannot be read")
    }
    return text
  }

  /// The script on a host: it compares, takes what is sent if that is needed, and compares again.
  private func script(_ sums: String, send: Bool) -> String {
    let prepare = """
      folder=\(shellQuoted(cargo.folder)); export LC_ALL=C
      same() { cd "$1" 2>/dev/null && { sha256sum -c --status 2>/dev/null || shasum -a 256 -c >/dev/null 2>&1; } <<'SUMS'
      \(sums.trimmingCharacters(in: .newlines))
      SUMS
      }
      """
    // On a shared file system the program is there already, and finds its libraries where they are.
    let usable = """

      usable() {
        sum=$(sha256sum "$folder/$1" 2>/dev/null || shasum -a 256 "$folder/$1" 2>/dev/null) && [ "${sum%% *}" = "$2" ] &&
          ! ldd "$folder/$1" 2>&1 | grep 'not found' >/dev/null
      }
      if ( same "$folder" ) || usable \(shellQuoted(cargo.files[0].name)) \(programChecksum(sums)); then
        echo same
      else
        echo different
      fi

      """
    guard send else { return prepare + usable }
    // Each file takes the place of the old one at once, so that a job that runs is not disturbed.
    return prepare + """

      new=$folder/.mpi-run.$$
      mkdir -p "$new" && tar -xf - -C "$new" || { rm -rf "$new"; echo failed: it cannot be written; exit 1; }
      ( same "$new" ) || { rm -rf "$new"; echo failed: what arrived is not what was sent; exit 1; }
      for file in "$new"/*; do
        name=${file##*/}
        [ ! -d "$folder/$name" ] || rm -rf "$folder/$name"
        mv -f "$file" "$folder/$name" || exit 1
      done
      rm -rf "$new"
      ( same "$folder" ) && echo copied || echo failed: the copy differs

      """
  }

  /// The checksum of the program alone.
  private func programChecksum(_ sums: String) -> String {
    let line = sums.split(whereSeparator: \.isNewline).first { $0.hasSuffix("  ./\(cargo.files[0].name)") }
    return String(line?.prefix { !$0.isWhitespace } ?? "-")
  }

  private func copy(_ staging: String, _ sums: String, to hosts: [String]) -> [Result] {
    let ssh = programOnPath("ssh", environment: environment) ?? "/usr/bin/ssh"
    let asking = hosts.map { host in
      let talk = try? Conversation(ssh, sshArguments + [host, "sh"], environment: environment)
      talk?.say(script(sums, send: false))
      talk?.endInput()
      return (host, talk)
    }
    listen(asking.compactMap(\.1))
    let states = asking.map { host, talk in (host, talk?.lines.last, talk?.complaints ?? "") }
    let different = states.filter { $0.1 == "different" }.map(\.0)
    let sending = different.map { host in
      let pipeline =
        "tar -chf - -C \(shellQuoted(staging)) . | \(([ssh] + sshArguments).map(shellQuoted).joined(separator: " "))"
      let command = "\(pipeline) \(shellQuoted(host)) \(shellQuoted("sh -c " + shellQuoted(script(sums, send: true))))"
      return (host, try? Conversation("/bin/sh", ["-c", command], environment: environment))
    }
    listen(sending.compactMap(\.1))
    defer { for (_, talk) in asking + sending { talk?.end() } }
    return states.map { host, answer, complaints in
      if answer == "same" { return Result(host: host, text: "has it already", isGood: true) }
      guard answer == "different", let talk = sending.first(where: { $0.0 == host })?.1 else {
        let finding = SSHFailure(complaints: complaints).finding(host: host, seconds: 8)
        return Result(host: host, text: "FAILED: \(finding.text); \(finding.cure ?? "")", isGood: false)
      }
      if talk.lines.last == "copied" {
        return Result(host: host, text: "copied to \(cargo.folder), checksums right", isGood: true)
      }
      let said = talk.lines.last ?? talk.complaints.split(whereSeparator: \.isNewline).last.map(String.init)
      return Result(host: host, text: "FAILED: \(said ?? "it did not go on")", isGood: false)
    }
  }

  /// Listens until all have ended; what does not go on for some time is given up.
  private func listen(_ talks: [Conversation]) {
    let deadline = monotonicSeconds() + patience * 10
    while talks.contains(where: { !$0.isOver }), monotonicSeconds() < deadline {
      Conversation.listen(talks.filter { !$0.isOver }, seconds: 1)
    }
  }
}
