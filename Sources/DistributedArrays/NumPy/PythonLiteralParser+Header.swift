extension PythonLiteralParser {
  /// The three entries of a header, not yet interpreted.
  struct HeaderFields {
    var descriptor: DescriptorField
    var isFortranOrder: Bool
    var shape: [Int]
  }

  /// The element type as the header gives it.
  struct DescriptorField {
    /// The text of a simple type, or the source of a structured one.
    var text: String

    /// Whether it is a list or a tuple: the type of a record.
    var isStructured: Bool

    /// The text for a message: shortened, and nothing in it that a terminal would obey.
    var quoted: String {
      let characters = text.unicodeScalars
      let short = String(String.UnicodeScalarView(characters.prefix(60)))
      return short.debugDescription + (characters.dropFirst(60).isEmpty ? "" : "…")
    }
  }

  /// Reads the dictionary with exactly the entries `descr`, `fortran_order` and `shape`, in any order.
  mutating func parseHeader() throws(Failure) -> HeaderFields {
    var descriptor: DescriptorField?
    var isFortranOrder: Bool?
    var shape: [Int]?

    try expect("{")
    while !skip("}") {
      let key = try parseString()
      try expect(":")
      switch key {
      case "descr" where descriptor == nil: descriptor = try parseDescriptor()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try parseBoolean()
      case "shape" where shape == nil: shape = try parseShape()
      case "descr", "fortran_order", "shape": throw failure("an entry is there twice.")
      default: throw failure("there is an entry other than 'descr', 'fortran_order' and 'shape'.")
      }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    skipBlanks()
    guard next == nil else { throw failure("something follows the closing brace.") }

    guard let descriptor else { throw failure("the entry 'descr' is missing.") }
    guard let isFortranOrder else { throw failure("the entry 'fortran_order' is missing.") }
    guard let shape else { throw failure("the entry 'shape' is missing.") }
    return HeaderFields(descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape)
  }

  private mutating func parseDescriptor() throws(Failure) -> DescriptorField {
    skipBlanks()
    guard next == UInt8(ascii: "[") || next == UInt8(ascii: "(") else {
      return DescriptorField(text: try parseString(), isStructured: false)
    }
    let start = position
    try skipBrackets()
    return DescriptorField(text: text(start..<position), isStructured: true)
  }

  private mutating func parseShape() throws(Failure) -> [Int] {
    var shape: [Int] = []
    var endsWithComma = false
    try expect("(")
    while !skip(")") {
      shape.append(try parseLength())
      endsWithComma = skip(",")
      if !endsWithComma {
        try expect(")")
        break
      }
    }
    // In Python `(3)` is the number 3.
    if shape.count == 1 && !endsWithComma { throw failure("the shape is a number in parentheses, not a tuple.") }
    return shape
  }
}
