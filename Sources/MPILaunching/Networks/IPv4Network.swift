/// An IPv4 address.
package struct IPv4Address: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The address as a number, the first part highest.
  package let bits: UInt32

  package init(bits: UInt32) { self.bits = bits }

  /// An address as in `10.0.0.1`.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard let part else { return nil }
      bits = bits << 8 | UInt32(part)
    }
    self.bits = bits
  }

  /// Whether it leads to the host that uses it.
  package var isLoopback: Bool { bits >> 24 == 127 }

  package var description: String { [24, 16, 8, 0].map { String(bits >> $0 & 255) }.joined(separator: ".") }

  package static func < (a: IPv4Address, b: IPv4Address) -> Bool { a.bits < b.bits }
}

/// An IPv4 network, such as 10.0.0.0/24.
package struct IPv4Network: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Its first address.
  package let base: IPv4Address
  /// How many bits of an address name the network.
  package let prefix: Int

  /// The network of this size that an address is in.
  package init(_ address: IPv4Address, prefix: Int) {
    self.prefix = min(max(prefix, 0), 32)
    base = IPv4Address(bits: address.bits & Self.mask(self.prefix))
  }

  /// A network as in `10.0.0.0/24`.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(parts[0]), let prefix = Int(parts[1]), 0...32 ~= prefix else {
      return nil
    }
    self.init(address, prefix: prefix)
  }

  private static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : ~0 << (32 - UInt32(prefix)) }

  /// Whether the address is in it.
  package func contains(_ address: IPv4Address) -> Bool { address.bits & Self.mask(prefix) == base.bits }

  package var description: String { "\(base)/\(prefix)" }

  package static func < (a: IPv4Network, b: IPv4Network) -> Bool { (a.base, a.prefix) < (b.base, b.prefix) }
}
