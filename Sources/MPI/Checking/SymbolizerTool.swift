internal import CMPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

extension Symbolizer {
  /// A program that finds source lines.
  struct Tool {
    /// What it says of one frame.
    struct Answer {
      var symbol: String
      var file: String?
      var line: Int?
      var column: Int?
    }

    private enum Kind { case llvm, addr2line, atos }

    private let kind: Kind
    private let path: String

    /// Those of this machine, the best first.
    static let installed: [Tool] = {
      let candidates: [(Kind, String)] = [
        (.llvm, "llvm-symbolizer"), (.addr2line, "addr2line"), (.atos, "atos"),
      ]
      return candidates.compactMap { kind, program in Symbolizer.find(program).map { Tool(kind: kind, path: $0) } }
    }()

    /// The frames at each place, the innermost first; `nil` when the tool does not answer.
    func ask(_ places: [String], in module: String) -> [[Answer]]? {
      var answers: [[Answer]] = []
      for start in stride(from: 0, to: places.count, by: 200) {
        let some = Array(places[start..<min(start + 200, places.count)])
        guard let text = run(arguments(module) + some) else { return nil }
        answers += parse(text, count: some.count)
      }
      return answers
    }

    private func arguments(_ module: String) -> [String] {
      switch kind {
      case .llvm: ["--obj=\(module)", "--inlines", "--no-demangle", "--functions=linkage"]
      case .addr2line: ["-a", "-f", "-i", "-e", module]
      case .atos: ["-fullPath", "-o", module, "-s", "0"]
      }
    }

    private func run(_ arguments: [String]) -> String? {
      var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
      words.append(nil)
      defer { for word in words { free(word) } }
      guard let text = cmpi_run_tool(words, 30) else { return nil }
      defer { free(text) }
      return String(cString: text)
    }

    private func parse(_ text: String, count: Int) -> [[Answer]] {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      switch kind {
      case .llvm: return Self.pairs(lines) { $0.isEmpty }
      case .addr2line: return Self.pairs(lines.drop { !$0.hasPrefix("0x") }.dropFirst()) { $0.hasPrefix("0x") }
      case .atos: return lines.prefix(count).map { [Self.atosAnswer($0)] }
      }
    }

    /// Pairs of lines, function and place, in groups that a line divides.
    private static func pairs(_ lines: some Sequence<Substring>, isDivider: (Substring) -> Bool) -> [[Answer]] {
      var groups: [[Answer]] = []
      var current: [Answer] = []
      var function: Substring?
      for line in lines {
        if isDivider(line), function == nil {
          if !current.isEmpty { groups.append(current) }
          current = []
        } else if let name = function {
          current.append(answer(name, line))
          function = nil
        } else {
          function = line
        }
      }
      if !current.isEmpty { groups.append(current) }
      return groups
    }

    /// `file:line`, `file:line:column`, with question marks for what is not known.
    private static func answer(_ function: Substring, _ place: Substring) -> Answer {
      var rest = place.split(separator: " ").first ?? place
      if place.contains("/"), !place.contains(" (") { rest = place }
      var numbers: [Int] = []
      while let colon = rest.lastIndex(of: ":"), numbers.count < 2,
        let number = Int(rest[rest.index(after: colon)...]) ?? (rest.hasSuffix(":?") ? 0 : nil)
      {
        numbers.insert(number, at: 0)
        rest = rest[..<colon]
      }
      let line = numbers.first.flatMap { $0 > 0 ? $0 : nil }
      return Answer(
        symbol: function == "??" ? "" : String(function), file: rest == "??" || line == nil ? nil : String(rest),
        line: line, column: numbers.count == 2 && numbers[1] > 0 ? numbers[1] : nil)
    }

    /// `function (in module) (file:line)`.
    private static func atosAnswer(_ text: Substring) -> Answer {
      guard let open = text.lastIndex(of: "("), text.hasSuffix(")") else { return Answer(symbol: String(text)) }
      let function = text.prefix { $0 != "(" }
      return answer(function.dropLast(), text[text.index(after: open)...].dropLast())
    }
  }
}
