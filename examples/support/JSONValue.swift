/// A JSON value that prints with its keys in the order given.
public indirect enum JSONValue: Sendable {
  /// No value.
  case null
  /// An integer of any size: some readers keep only the first 53 bits of large ones, Python and Swift all.
  case integer(Int128)
  /// A number; JSON has none for what is not finite, which is printed as "nan", "inf" or "-inf".
  case number(Double)
  /// A text.
  case string(String)
  /// Values in a row.
  case array([JSONValue])
  /// Values by name.
  case object(KeyValuePairs<String, JSONValue>)
  /// Values by name, some of which may be left out.
  case members([(name: String, value: JSONValue)])
}

extension JSONValue: CustomStringConvertible {
  /// The value as JSON, on one line.
  public var description: String {
    switch self {
    case .null: "null"
    case .integer(let value): value.description
    case .number(let value) where value.isFinite: value.description
    case .number(let value): Self.quoted(value.description)
    case .string(let text): Self.quoted(text)
    case .array(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .object(let members): JSONValue.members(members.map { ($0.key, $0.value) }).description
    case .members(let members):
      "{\(members.map { "\(Self.quoted($0.name)): \($0.value)" }.joined(separator: ", "))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<" ":
        let digits = String(character.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(character)
      }
    }
    return result + "\""
  }
}
