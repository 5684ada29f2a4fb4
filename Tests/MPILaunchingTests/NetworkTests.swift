import MPILaunching
import Testing

/// `eth0 10.0.0.1/24` as an interface.
private func interface(_ text: String) -> NetworkInterface {
  let words = text.split(separator: " ")
  let parts = words[1].split(separator: "/")
  let address = IPv4Address(parts[0])!
  return NetworkInterface(
    name: String(words[0]), address: address, network: IPv4Network(address, prefix: Int(parts[1])!))
}

private func host(_ name: String, at address: String?, _ interfaces: String...) -> HostNetworks {
  HostNetworks(
    name: name, addresses: [address.flatMap { IPv4Address($0) }].compactMap { $0 },
    interfaces: interfaces.isEmpty ? nil : interfaces.map(interface))
}

@Suite struct NetworkTests {
  @Test func addressesAndNetworksAreRead() throws {
    #expect(IPv4Address("10.77.0.3")?.description == "10.77.0.3")
    for bad in ["10.77.0", "10.77.0.256", "a.b.c.d", "", "1.2.3.4.5", "-1.2.3.4"] { #expect(IPv4Address(bad) == nil) }
    let network = try #require(IPv4Network("10.77.12.0/22"))
    #expect(network.contains(IPv4Address("10.77.15.255")!))
    #expect(!network.contains(IPv4Address("10.77.16.0")!))
    #expect(IPv4Network(IPv4Address("192.168.3.77")!, prefix: 24).description == "192.168.3.0/24")
    #expect(IPv4Network(IPv4Address("192.168.3.77")!, prefix: 0).contains(IPv4Address("1.1.1.1")!))
    #expect(IPv4Network("10.0.0.0/33") == nil)
  }

  @Test func theKernelsTablesAreRead() {
    let routes = [
      "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
      "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
      "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0", "broken line",
    ]
    let found = NetworkInterface.list(routes: routes, addresses: ["10.0.0.7", "127.0.0.1", "172.17.0.1", "9.9.9.9"])
    #expect(found == [interface("eth0 10.0.0.7/24"), interface("docker0 172.17.0.1/16")])
  }

  @Test func theCommonNetworkIsChosen() {
    let choice = NetworkChoice([
      host("a", at: "10.0.0.1", "eth0 10.0.0.1/24", "ib0 192.168.7.1/24"),
      host("b", at: "10.0.0.2", "eth1 10.0.0.2/24"),
    ])
    #expect(choice == .common(IPv4Network("10.0.0.0/24")!, interfaces: ["eth0", "eth1"]))
  }

  @Test func ofSeveralTheOneThatNamesLeadToIsChosen() {
    let hosts = [
      host("a", at: "10.9.0.1", "eth0 10.0.0.1/24", "eth1 10.9.0.1/24"),
      host("b", at: "10.9.0.2", "eth0 10.0.0.2/24", "eth1 10.9.0.2/24"),
    ]
    #expect(NetworkChoice(hosts) == .common(IPv4Network("10.9.0.0/24")!, interfaces: ["eth1"]))
  }

  @Test func aNetworkWithTheSameAddressOnTwoHostsIsNone() {
    let hosts = (1...3).map {
      host("h\($0)", at: nil, "docker0 172.17.0.1/16", "eth0 10.77.0.\($0)/24")
    }
    #expect(NetworkChoice(hosts) == .common(IPv4Network("10.77.0.0/24")!, interfaces: ["eth0"]))
    let only = (1...2).map { host("h\($0)", at: nil, "docker0 172.17.0.1/16", "eth0 10.77.\($0).1/24") }
    #expect(NetworkChoice(only) == .none)
  }

  @Test func hostsThatAreRoutedToEachOtherUseEachItsOwn() {
    let hosts = [
      host("a", at: "10.1.0.5", "eth0 10.1.0.5/24", "docker0 172.17.0.1/16"),
      host("b", at: "10.2.0.6", "ens3 10.2.0.6/24", "docker0 172.17.0.1/16"),
    ]
    let networks = [IPv4Network("10.1.0.0/24")!, IPv4Network("10.2.0.0/24")!]
    #expect(NetworkChoice(hosts) == .routed(networks, interfaces: ["ens3", "eth0"]))
  }

  @Test func aHostThatWasNotAskedIsWhereItsNameLeads() {
    let hosts = [
      host("a", at: "127.0.1.1", "eth0 10.0.0.1/24", "virbr0 192.168.122.1/24"), host("b", at: "10.0.0.2"),
      host("c", at: "10.0.0.3"),
    ]
    #expect(NetworkChoice(hosts) == .common(IPv4Network("10.0.0.0/24")!, interfaces: ["eth0"]))
    #expect(NetworkChoice(hosts + [host("d", at: "8.8.8.8")]) == .none)
    #expect(NetworkChoice([]) == .none)
  }
}
