#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// An address of a host, with the interface and the network that it belongs to.
package struct NetworkInterface: Hashable, Sendable {
  /// The interface, such as `eth0`.
  package let name: String
  /// The host's address there.
  package let address: IPv4Address
  /// The network that can be reached there directly.
  package let network: IPv4Network

  package init(name: String, address: IPv4Address, network: IPv4Network) {
    self.name = name
    self.address = address
    self.network = network
  }

  /// The interfaces of a Linux host, from what its kernel says in `/proc/net`; those that lead to itself are left out.
  ///
  /// - Parameters:
  ///   - routes: Lines of `/proc/net/route`.
  ///   - addresses: The host's own addresses, as `/proc/net/fib_trie` lists them.
  package static func list(routes: [String], addresses: [String]) -> [NetworkInterface] {
    let networks = routes.compactMap { line -> (name: String, network: IPv4Network)? in
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count >= 8, let destination = UInt32(fields[1], radix: 16),
        let gateway = UInt32(fields[2], radix: 16),
        let mask = UInt32(fields[7], radix: 16), gateway == 0, mask != 0
      else { return nil }
      // The kernel prints them in the byte order of the network, as it has them in memory.
      let base = IPv4Address(bits: destination.byteSwapped)
      return (String(fields[0]), IPv4Network(base, prefix: mask.nonzeroBitCount))
    }
    var result: [NetworkInterface] = []
    for address in addresses.compactMap({ IPv4Address($0) }) where !address.isLoopback {
      let best = networks.filter { $0.network.contains(address) }.max { $0.network.prefix < $1.network.prefix }
      if let best { result.append(NetworkInterface(name: best.name, address: address, network: best.network)) }
    }
    return result
  }

  /// The interfaces of this host that are up; those that lead to itself are left out.
  package static func ofThisHost() -> [NetworkInterface] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [] }
    defer { freeifaddrs(first) }
    var result: [NetworkInterface] = []
    var next = first
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard UInt32(entry.ifa_flags) & UInt32(IFF_UP) != 0, let address = ipv4(entry.ifa_addr),
        let mask = ipv4(entry.ifa_netmask), !address.isLoopback
      else { continue }
      let network = IPv4Network(address, prefix: mask.bits.nonzeroBitCount)
      result.append(NetworkInterface(name: String(cString: entry.ifa_name), address: address, network: network))
    }
    return result
  }

  private static func ipv4(_ address: UnsafeMutablePointer<sockaddr>?) -> IPv4Address? {
    guard let address, address.pointee.sa_family == sa_family_t(AF_INET) else { return nil }
    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      IPv4Address(bits: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
    }
  }
}

/// The IPv4 addresses that this host finds for a name; none if it finds none.
package func addresses(ofHost name: String) -> [IPv4Address] {
  var hints = addrinfo()
  hints.ai_family = AF_INET
  var first: UnsafeMutablePointer<addrinfo>?
  guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
  defer { freeaddrinfo(first) }
  var result: [IPv4Address] = []
  var next = first
  while let entry = next?.pointee {
    next = entry.ai_next
    guard let address = entry.ai_addr else { continue }
    let found = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      IPv4Address(bits: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
    }
    if !result.contains(found) { result.append(found) }
  }
  return result
}
