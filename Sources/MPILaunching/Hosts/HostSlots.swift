/// A host of a job, and how many ranks it may run.
package struct HostSlots: Equatable, Sendable {
  /// Its name, as ssh knows it.
  package var name: String
  /// How many ranks it may run; its cores when `nil`.
  package var slots: Int?

  package init(_ name: String, slots: Int? = nil) {
    self.name = name
    self.slots = slots
  }
}

/// A list of hosts that cannot be used, in a full sentence.
package struct HostListError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

extension [HostSlots] {
  /// Hosts as in `node1:16,node2:16`; a name without a number has as many slots as cores.
  ///
  /// A host that is named again adds to its slots.
  ///
  /// - Throws: ``HostListError``.
  package init(parsing list: String) throws(HostListError) {
    self = []
    for item in list.split(separator: ",", omittingEmptySubsequences: false) {
      let text = item.trimmingSpaces()
      guard !text.isEmpty else {
        throw HostListError("\"\(list)\" is no list of hosts: a name is missing; one such as node1:4,node2:4 is.")
      }
      try add(HostSlots(word: text))
    }
  }

  /// The hosts of a host file, in the form of Open MPI (`node1 slots=16`) or of MPICH (`node1:16`).
  ///
  /// One host a line; what follows a `#` is a remark. A host that is named again adds to its slots, so that the files of
  /// schedulers that repeat a name for each slot are read as well.
  ///
  /// - Parameters:
  ///   - text: The contents of the file.
  ///   - file: Its name, for messages.
  /// - Throws: ``HostListError``, with the line.
  package init(hostFile text: String, file: String) throws(HostListError) {
    self = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first else { continue }
      do {
        var host = try HostSlots(word: first)
        for word in words.dropFirst() { try host.set(word) }
        try add(host)
      } catch {
        throw HostListError("\(file), line \(number): \(error.description)")
      }
    }
    guard !isEmpty else { throw HostListError("\(file) names no host; a line such as `node1 slots=4` does.") }
  }

  private mutating func add(_ host: HostSlots) throws(HostListError) {
    guard let index = firstIndex(where: { $0.name == host.name }) else { return append(host) }
    // A scheduler's file names a host once for each slot.
    let (sum, overflow) = (self[index].slots ?? 1).addingReportingOverflow(host.slots ?? 1)
    guard !overflow else { throw HostListError("\(host.name) has too many slots.") }
    self[index].slots = sum
  }

  /// All slots, if those of each host are known.
  package var totalSlots: Int? {
    var sum = 0
    for host in self {
      guard let slots = host.slots else { return nil }
      sum += slots
    }
    return sum
  }

  /// The hosts as launchers take them, such as `node1:4,node2:4`.
  package var text: String {
    map { host in host.slots.map { "\(host.name):\($0)" } ?? host.name }.joined(separator: ",")
  }
}

extension HostSlots {
  /// A host as in `node1` or `node1:4`.
  fileprivate init(word: String) throws(HostListError) {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2 else {
      throw HostListError("\"\(word)\" is no host; node1 or node1:4 is. (Give an IPv6 address a name in /etc/hosts.)")
    }
    name = String(parts[0])
    guard !name.contains("@") else {
      throw HostListError(
        "\"\(word)\": Put the user into ~/.ssh/config (`Host …`, `User …`), where all launchers find it.")
    }
    // A name that begins with a dash would be an option of ssh.
    let isName = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-._".unicodeScalars.contains($0))
    }
    guard isName, let first = name.first, first != "-" else { throw HostListError("\"\(name)\" is no name of a host.") }
    guard parts.count == 2 else { return }
    slots = try Self.slots(String(parts[1]), of: name)
  }

  private static func slots(_ text: String, of name: String) throws(HostListError) -> Int {
    guard let slots = Int(text), slots > 0 else {
      throw HostListError("\(name) cannot have \"\(text)\" slots; a number from 1 is needed.")
    }
    return slots
  }

  /// Sets what a word of a host file says, such as `slots=4`.
  fileprivate mutating func set(_ word: String) throws(HostListError) {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("slots", 2), ("slot", 2): slots = try Self.slots(parts[1], of: name)
    case ("max_slots", 2), ("max-slots", 2):
      let most = try Self.slots(parts[1], of: name)
      slots = Swift.min(slots ?? most, most)
    default: throw HostListError("\"\(word)\" is not understood; slots=4 and max_slots=4 are.")
    }
  }
}

extension StringProtocol {
  /// Without white space at its ends.
  func trimmingSpaces() -> String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
