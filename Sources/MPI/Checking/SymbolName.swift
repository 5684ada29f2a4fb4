internal import CMPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// A function's name in the object file, and what people call it.
struct SymbolName {
  /// The Swift module that declares it; empty for functions of other languages.
  let module: String
  /// The name without module, types and attributes: `Solver.step(by:)`.
  let readable: String

  init(_ symbol: String) {
    let name = symbol.hasPrefix("_$s") ? String(symbol.dropFirst()) : symbol
    guard name.hasPrefix("$s") || name.hasPrefix("$S"), let text = Self.demangled(name) else {
      module = ""
      readable = name
      return
    }
    let core = Self.innermostDeclaration(of: text)
    if core.hasPrefix("(extension in "), let end = core.firstIndex(of: ")") {
      module = String(core[core.index(core.startIndex, offsetBy: 14)..<end])
      // What follows is the extended type with its own module.
      readable = Self.readable(core[core.index(end, offsetBy: 2)...])
    } else {
      module = String(core.prefix { $0 != "." && $0 != "(" && $0 != "<" })
      readable = Self.readable(core[...])
    }
  }

  private static func demangled(_ symbol: String) -> String? {
    guard let text = cmpi_demangle(symbol) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// The declaration inside of which a closure, a thunk or a specialisation is.
  private static func innermostDeclaration(of text: String) -> String {
    var text = unwrappingPrivateNames(text)
    for separator in [" of ", " in ", " for "] {
      // "closure #1 () -> () in f()", "generic specialization <Int> of f()"; but "(extension in M):T.f()" keeps its "in".
      while let range = text.lastRange(of: separator) {
        if text[..<range.lowerBound].hasSuffix("(extension") { break }
        text = String(text[range.upperBound...])
      }
    }
    for word in ["static ", "dispatch thunk of ", "merged ", "specialized "] where text.hasPrefix(word) {
      text = String(text.dropFirst(word.count))
    }
    return text
  }

  /// `(name in _A1B2)` as `name`.
  private static func unwrappingPrivateNames(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let range = rest.firstRange(of: " in _") {
      guard let open = rest[..<range.lowerBound].lastIndex(of: "("),
        let close = rest[range.upperBound...].firstIndex(of: ")")
      else { break }
      result += rest[..<open]
      result += rest[rest.index(after: open)..<range.lowerBound]
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// Without module, generic arguments, types of parameters and results: `M.T<A>.f(x: Int) throws -> B` as `T.f(x:)`.
  private static func readable(_ text: Substring) -> String {
    var name = ""
    var depth = 0
    var rest = text[...]
    while let character = rest.first, character != "(" || depth > 0, !rest.hasPrefix(" ") || depth > 0 {
      if character == "<" { depth += 1 }
      if depth == 0 { name.append(character) }
      if character == ">" { depth -= 1 }
      rest.removeFirst()
    }
    if let dot = name.firstIndex(of: ".") { name = String(name[name.index(after: dot)...]) }
    guard rest.first == "(" else { return name }
    return name + "(" + labels(rest.dropFirst()) + ")"
  }

  /// The labels of a parameter list that begins here.
  private static func labels(_ text: Substring) -> String {
    var result = ""
    var current = ""
    var depth = 0
    for character in text {
      if depth == 0, character == "," || character == ")" {
        if !current.isEmpty {
          let label = current.firstIndex(of: ":").map { current[..<$0] } ?? "_"
          result += label.contains(" ") ? "_:" : "\(label):"
        }
        current = ""
        if character == ")" { return result }
        continue
      }
      if "([<".contains(character) { depth += 1 }
      if ")]".contains(character) || (character == ">" && current.last != "-") { depth -= 1 }
      if !(current.isEmpty && character == " ") { current.append(character) }
    }
    return result
  }
}

extension StringProtocol {
  /// Where a text occurs first.
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      formIndex(after: &start)
    }
    return nil
  }

  /// Where a text occurs last.
  fileprivate func lastRange(of text: String) -> Range<Index>? {
    var start = endIndex
    while start > startIndex {
      formIndex(before: &start)
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
    }
    return nil
  }
}
