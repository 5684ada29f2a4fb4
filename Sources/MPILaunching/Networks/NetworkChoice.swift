/// What is known of the networks of one host.
package struct HostNetworks: Sendable {
  /// The host.
  package let name: String
  /// The addresses that its name leads to, seen from the host that launches.
  package var addresses: [IPv4Address]
  /// Its interfaces; `nil` if it was not asked.
  package var interfaces: [NetworkInterface]?

  package init(name: String, addresses: [IPv4Address], interfaces: [NetworkInterface]?) {
    self.name = name
    self.addresses = addresses
    self.interfaces = interfaces
  }
}

/// The network that the ranks of a job talk over.
///
/// Left to itself, Open MPI tries every network that a host has, and waits for ever on one that the others do not reach:
/// Docker's, which has the same addresses on every host, is one.
package enum NetworkChoice: Equatable, Sendable {
  /// One network that all hosts are in.
  case common(IPv4Network, interfaces: [String])
  /// No network has all hosts, but each can be reached by its name, at an address in one of these.
  case routed([IPv4Network], interfaces: [String])
  /// The hosts that were asked have no network in common, nor one that their names lead to.
  case none

  /// Chooses among the networks of all hosts of a job.
  ///
  /// A network in which two hosts have the same address is no common one. Of several, the one that the hosts' names lead
  /// to is taken. A host that was not asked is believed to be where its name leads.
  package init(_ hosts: [HostNetworks]) {
    let known = hosts.compactMap(\.interfaces)
    let candidates = Set(known.flatMap { $0.map(\.network) }).sorted { a, b in
      let (named, other) = (Self.named(a, hosts), Self.named(b, hosts))
      return named == other ? a < b : named > other
    }
    for network in candidates {
      let members = hosts.map { Self.members(of: network, $0) }
      let asked = hosts.indices.filter { hosts[$0].interfaces != nil }.flatMap { members[$0].map(\.address) }
      if members.allSatisfy({ !$0.isEmpty }), Set(asked).count == asked.count {
        self = .common(network, interfaces: Self.names(members.flatMap { $0 }))
        return
      }
    }
    let reached = hosts.map { host in
      (host.interfaces ?? []).filter { host.addresses.contains($0.address) }
    }
    if !hosts.isEmpty, reached.allSatisfy({ !$0.isEmpty }) {
      let all = reached.flatMap { $0 }
      self = .routed(Set(all.map(\.network)).sorted(), interfaces: Self.names(all))
    } else {
      self = .none
    }
  }

  /// What a host has in a network: its interfaces there, or where its name leads if it was not asked.
  private static func members(of network: IPv4Network, _ host: HostNetworks) -> [NetworkInterface] {
    if let interfaces = host.interfaces { return interfaces.filter { $0.network == network } }
    let address = host.addresses.first { network.contains($0) }
    return address.map { [NetworkInterface(name: "", address: $0, network: network)] } ?? []
  }

  /// How many hosts' names lead into a network.
  private static func named(_ network: IPv4Network, _ hosts: [HostNetworks]) -> Int {
    hosts.count { $0.addresses.contains { network.contains($0) } }
  }

  private static func names(_ interfaces: [NetworkInterface]) -> [String] {
    Set(interfaces.map(\.name)).filter { !$0.isEmpty }.sorted()
  }

  /// The networks to use; none if there is nothing to choose.
  package var networks: [IPv4Network] {
    switch self {
    case .common(let network, _): [network]
    case .routed(let networks, _): networks
    case .none: []
    }
  }

  /// The names that the interfaces to those networks have on the hosts.
  package var interfaces: [String] {
    switch self {
    case .common(_, let interfaces), .routed(_, let interfaces): interfaces
    case .none: []
    }
  }
}
