/// A parser of the one Python literal that a `.npy` header is: a dictionary of three entries.
///
/// Works on the bytes themselves, keeps no copy but of short texts, and never looks beyond their end. Takes time
/// proportional to their number.
struct PythonLiteralParser: ~Copyable, ~Escapable {
  /// What is wrong with a text, and at which byte of it.
  struct Failure: Error, CustomStringConvertible {
    let position: Int
    let description: String
  }

  private let bytes: Span<UInt8>
  private(set) var position = 0

  /// Prepares to parse the bytes from their start.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
  }
}

extension PythonLiteralParser {
  /// The next byte, or nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func failure(_ description: String) -> Failure { Failure(position: position, description: description) }

  /// Passes over blanks and line ends.
  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  /// Passes over blanks and then a sign if it is there.
  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  /// Passes over blanks and then a sign that must be there.
  mutating func expect(_ sign: Unicode.Scalar) throws(Failure) {
    guard skip(sign) else { throw failure("'\(sign)' is missing.") }
  }

  /// Reads a quoted text: its bytes between the quotes, escapes as they are written.
  mutating func parseString() throws(Failure) -> String {
    skipBlanks()
    if next == UInt8(ascii: "u") || next == UInt8(ascii: "b") { position += 1 }
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw failure("a quoted text is missing.")
    }
    position += 1
    let start = position
    while let byte = next, byte != quote {
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard next == quote else { throw failure("a quoted text has no end.") }
    position += 1
    return text(start..<position - 1)
  }

  /// Reads `True` or `False`.
  mutating func parseBoolean() throws(Failure) -> Bool {
    skipBlanks()
    let word = parseWord()
    guard word == "True" || word == "False" else { throw failure("'True' or 'False' is missing.") }
    return word == "True"
  }

  /// Reads a number that is not negative, with the suffix that Python 2 gave to long ones.
  mutating func parseLength() throws(Failure) -> Int {
    skipBlanks()
    if next == UInt8(ascii: "-") { throw failure("a length is negative.") }
    let start = position
    var value = 0
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLargeSum) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      if tooLarge || tooLargeSum { throw failure("a length is too large.") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("a length is missing.") }
    if next == UInt8(ascii: "L") || next == UInt8(ascii: "l") { position += 1 }
    return value
  }

  /// Passes over any literal with brackets, whatever is in it, up to the bracket that closes it.
  mutating func skipBrackets() throws(Failure) {
    var depth = 0
    repeat {
      switch next {
      case nil: throw failure("a bracket is not closed.")
      case UInt8(ascii: "'"), UInt8(ascii: "\""): _ = try parseString()
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"):
        depth += 1
        position += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"):
        depth -= 1
        position += 1
      default: position += 1
      }
    } while depth > 0
  }

  /// The letters and digits that follow.
  private mutating func parseWord() -> String {
    let start = position
    while let byte = next, byte == UInt8(ascii: "_") || byte.isASCIILetterOrDigit { position += 1 }
    return text(start..<position)
  }

  /// The text of some bytes; what is not UTF-8 is replaced.
  func text(_ range: Range<Int>) -> String {
    bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}

extension UInt8 {
  fileprivate var isASCIILetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
