/// What a rank was doing on its host.
package struct RankState: Equatable, Sendable {
  /// The rank.
  package let rank: Int
  /// The host.
  package let host: String
  /// The process.
  package let process: Int
  /// The letter of its state, as `ps` has it.
  package let state: String
  /// Seconds of a core that it has used.
  package let seconds: Double
  /// The program.
  package let program: String

  /// Reads a line of the script on a host.
  package init?(_ line: String, host: String) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count >= 6, words[0] == "rank", let rank = Int(words[1]), let process = Int(words[2]),
      let ticks = Double(words[4])
    else { return nil }
    self.rank = rank
    self.host = host
    self.process = process
    state = words[3]
    seconds = ticks / 100
    program = words[5]
  }

  /// One line for people.
  package var text: String {
    let doing =
      switch state {
      case "R": "running"
      case "S": "waiting"
      case "D": "waiting for a device"
      case "T", "t": "stopped"
      case "Z": "ended"
      default: "in state \(state)"
      }
    return
      "rank \(rank) on \(host): \(program), process \(process), \(doing), \((seconds * 10).rounded() / 10) s of a core"
  }
}
