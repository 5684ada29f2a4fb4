import ExampleSupport

/// Takes numbers off a line of text.
struct LineScanner {
  private let line: ArraySlice<UInt8>
  private var rest: ArraySlice<UInt8>
  private let offset: Int
  private let path: String

  init(_ line: ArraySlice<UInt8>, at offset: Int, path: String) {
    self.line = line
    self.offset = offset
    self.path = path
    rest = line.drop { $0.isBlank }
  }

  /// Whether nothing is left.
  var isBlank: Bool { rest.isEmpty }

  /// The next number, from 1 to a limit, counted from 0 from now on.
  mutating func index(_ what: String, limit: Int) throws -> Int {
    let word = nextWord()
    var number = 0
    for byte in word {
      guard byte >= 48, byte <= 57, number <= limit else {
        number = -1
        break
      }
      number = number * 10 + Int(byte - 48)
    }
    guard !word.isEmpty, number >= 1, number <= limit else {
      throw error("a \(what) is expected, from 1 to \(limit), instead of \"\(Self.text(word))\"")
    }
    return number - 1
  }

  /// The next number, which may have a point and an exponent.
  mutating func number() throws -> Double {
    let word = nextWord()
    // Short decimal numbers are exact quotients or products of two that are.
    if let value = Self.short(word) { return value }
    // Fortran writes exponents with a D.
    let text = Self.text(word).replacing("D", with: "E").replacing("d", with: "e")
    guard let value = Double(text) else { throw error("a number is expected instead of \"\(Self.text(word))\"") }
    guard value.isFinite else { throw error("\"\(Self.text(word))\" is no number to compute with") }
    return value
  }

  /// Throws unless the line ends here.
  func end() throws {
    if !isBlank { throw error("there is more in the line than an entry") }
  }

  func error(_ what: String) -> ExampleError {
    ExampleError("\(path): In the line at byte \(offset), \"\(Self.text(line))\", \(what).")
  }

  private mutating func nextWord() -> ArraySlice<UInt8> {
    let word = rest.prefix { !$0.isBlank }
    rest = rest[word.endIndex...].drop { $0.isBlank }
    return word
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix(80), as: UTF8.self) + (bytes.count > 80 ? "…" : "")
  }

  /// A number of at most 15 digits without an exponent.
  private static func short(_ word: ArraySlice<UInt8>) -> Double? {
    let isNegative = word.first == UInt8(ascii: "-")
    let digits = isNegative ? word.dropFirst() : word
    guard (1...16).contains(digits.count) else { return nil }
    var (number, decimals, count) = (0, -1, 0)
    for byte in digits {
      if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else {
        guard byte >= 48, byte <= 57 else { return nil }
        number = number * 10 + Int(byte - 48)
        count += 1
        if decimals >= 0 { decimals += 1 }
      }
    }
    guard (1...15).contains(count) else { return nil }
    let value = Double(number) / powersOfTen[max(decimals, 0)]
    return isNegative ? -value : value
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}

extension UInt8 {
  /// Whether it is a space, a tab or a carriage return.
  var isBlank: Bool { self == 32 || self == 9 || self == 13 }
}
