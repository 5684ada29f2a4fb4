/// A host, with all that was found out about it.
package struct SurveyedHost: Sendable {
  /// Its name, as the user gave it.
  package let name: String
  /// Whether it is the one that asks.
  package var isLocal = false
  /// The addresses that its name leads to.
  package var addresses: [IPv4Address] = []
  /// What it said of itself; `nil` if it did not come to that.
  package var facts: HostFacts?
  /// Why it was not reached.
  package var failure: SSHFailure?
  /// Seconds that its clock is ahead of this host's.
  package var clockOffset: Double?
  /// Hosts that it could not open a TCP connection to, with the reason.
  package var unreached: [(host: String, reason: String)] = []
  /// Whether it has tried.
  package var hasTriedOthers = false

  package init(name: String) { self.name = name }

  /// What is known of its networks.
  package var networks: HostNetworks {
    HostNetworks(
      name: name, addresses: addresses, interfaces: facts?.interfaces.isEmpty == false ? facts?.interfaces : nil)
  }
}

/// Whether a host is the one that this program runs on.
package func isThisHost(_ name: String, addresses: [IPv4Address], interfaces: [NetworkInterface]) -> Bool {
  let own = hostName()
  let short = { (name: String) in name.prefix { $0 != "." } }
  if name == "localhost" || name == own { return true }
  // A name with another domain is another host.
  if name.contains(".") != own.contains("."), short(name) == short(own) { return true }
  return addresses.contains { address in address.isLoopback || interfaces.contains { $0.address == address } }
}
