/// The hosts that Slurm has given to the job that this process is part of.
package struct SlurmAllocation: Equatable, Sendable {
  /// The hosts, and how many tasks were asked for on each.
  package let hosts: [HostSlots]

  /// The allocation that the environment describes; `nil` outside one.
  ///
  /// Reads `SLURM_JOB_NODELIST`, and `SLURM_TASKS_PER_NODE` or `SLURM_JOB_CPUS_PER_NODE`.
  ///
  /// - Throws: ``HostListError`` if they contradict each other or cannot be read.
  package init?(environment: [String: String]) throws(HostListError) {
    guard let list = environment["SLURM_JOB_NODELIST"] ?? environment["SLURM_NODELIST"], !list.isEmpty else {
      return nil
    }
    let names = try Self.names(list)
    let counts = environment["SLURM_TASKS_PER_NODE"] ?? environment["SLURM_JOB_CPUS_PER_NODE"]
    let slots = try counts.map { (text) throws(HostListError) in try Self.counts(text) }
    if let slots, slots.count != names.count {
      throw HostListError("Slurm names \(names.count) hosts (\(list)) and \(slots.count) numbers of tasks.")
    }
    hosts = names.indices.map { HostSlots(names[$0], slots: slots?[$0]) }
  }

  /// The names in a list such as `gpu[01-03,7],login`.
  package static func names(_ list: String) throws(HostListError) -> [String] {
    var names: [String] = []
    for item in splitOutsideBrackets(list) {
      var prefixes = [""]
      var rest = Substring(item)
      while let open = rest.firstIndex(of: "[") {
        guard let close = rest[open...].firstIndex(of: "]") else { throw HostListError("\"\(list)\" has no end.") }
        let before = rest[..<open]
        let numbers = try ranges(rest[rest.index(after: open)..<close], of: list)
        prefixes = prefixes.flatMap { prefix in numbers.map { prefix + before + $0 } }
        rest = rest[rest.index(after: close)...]
      }
      names += prefixes.map { $0 + rest }
    }
    return names
  }

  /// The numbers in `01-03,7`, with their zeros.
  private static func ranges(_ text: Substring, of list: String) throws(HostListError) -> [String] {
    var result: [String] = []
    for range in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false)
      guard ends.count <= 2, let first = Int(ends[0]), let last = Int(ends[ends.count - 1]), first <= last,
        last - first < 1_000_000
      else { throw HostListError("\"\(range)\" in \"\(list)\" is no range of numbers.") }
      let width = ends[0].count
      for number in first...last {
        let digits = String(number)
        result.append(String(repeating: "0", count: max(0, width - digits.count)) + digits)
      }
    }
    return result
  }

  private static func splitOutsideBrackets(_ list: String) -> [String] {
    var items = [""]
    var depth = 0
    for character in list {
      switch character {
      case "[": depth += 1
      case "]": depth -= 1
      case "," where depth == 0:
        items.append("")
        continue
      default: break
      }
      items[items.count - 1].append(character)
    }
    return items.filter { !$0.isEmpty }
  }

  /// The numbers in a list such as `2(x3),1`.
  package static func counts(_ list: String) throws(HostListError) -> [Int] {
    var counts: [Int] = []
    for item in list.split(separator: ",") {
      let parts = item.split(separator: "(", maxSplits: 1)
      let times = parts.count == 1 ? 1 : Int(parts[1].drop { $0 == "x" }.prefix { $0.isNumber }) ?? 0
      guard let count = Int(parts[0]), count > 0, 1...1_000_000 ~= times else {
        throw HostListError("\"\(item)\" in \"\(list)\" is no number of tasks.")
      }
      counts += Array(repeating: count, count: times)
    }
    return counts
  }
}
