/// One thing that was found out about a host.
package struct Finding: Equatable, Sendable, Codable {
  /// How bad it is.
  package enum Severity: String, Sendable, Codable { case ok, warning, failure }

  /// What is looked at, in the order in which it is told.
  package enum Check: String, Sendable, Codable, CaseIterable {
    case ssh, program, build, libraries, mpi, network, tcp, clock, processor, slots, memory, room, limits
  }

  /// The host.
  package let host: String
  /// What was looked at.
  package let check: Check
  /// How bad it is.
  package let severity: Severity
  /// What was found.
  package let text: String
  /// A command, or what else to do, that mends it.
  package let cure: String?

  package init(_ host: String, _ check: Check, _ severity: Severity, _ text: String, cure: String? = nil) {
    self.host = host
    self.check = check
    self.severity = severity
    self.text = text
    self.cure = cure
  }

  /// One line for people.
  package var line: String { "\(host): \(check.rawValue): \(text)" + (cure.map { "; \($0)" } ?? "") }
}
