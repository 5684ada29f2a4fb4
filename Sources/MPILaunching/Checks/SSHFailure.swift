/// Why ssh did not come to a host, from what it wrote and how it ended.
package enum SSHFailure: Equatable, Sendable {
  case unresolved, refused, unreachable, timedOut, unknownKey, changedKey, notPermitted, hung
  case other(String)

  /// The reason in ssh's words, as OpenSSH has had them for many versions.
  package init(complaints: String) {
    let known: [(String, SSHFailure)] = [
      ("Could not resolve hostname", .unresolved), ("Connection refused", .refused), ("No route to host", .unreachable),
      ("Network is unreachable", .unreachable), ("timed out", .timedOut),
      ("REMOTE HOST IDENTIFICATION HAS", .changedKey),
      ("Host key verification failed", .unknownKey), ("Permission denied", .notPermitted),
      ("Too many authentication failures", .notPermitted),
    ]
    if let match = known.first(where: { complaints.contains($0.0) }) {
      self = match.1
    } else {
      let line = complaints.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
      self = .other(line.trimmingSpaces())
    }
  }

  /// What was found, and what mends it.
  package func finding(host: String, seconds: Int) -> Finding {
    let (text, cure): (String, String) =
      switch self {
      case .unresolved:
        ("the name leads nowhere", "correct it, or give it an address: echo 'ADDRESS \(host)' | sudo tee -a /etc/hosts")
      case .refused: ("nothing listens to ssh there", "start it there: sudo systemctl start ssh")
      case .unreachable:
        ("no way leads there", "is it on, in this network, and its address right? getent hosts \(host)")
      case .timedOut, .hung:
        ("no answer within \(seconds) s", "is it on, and does a firewall let ssh in? ssh -v \(host) true")
      case .unknownKey: ("its key is not known here", "accept it: ssh-keyscan \(host) >> ~/.ssh/known_hosts")
      case .changedKey:
        (
          "its key has changed",
          "if it was installed anew: ssh-keygen -R \(host); ssh-keyscan \(host) >> ~/.ssh/known_hosts"
        )
      case .notPermitted: ("it asks for a password", "give it your key: ssh-copy-id \(host)")
      case .other(let line):
        (line.isEmpty ? "ssh ended without a word" : "ssh says: \(line)", "try it: ssh \(host) true")
      }
    return Finding(host, .ssh, .failure, text, cure: cure)
  }
}
