/// The constants of the encoding that ``BinaryCoder`` describes.
enum BinaryFormat {
  /// The first byte of every message, changed whenever the format changes.
  static let version: UInt8 = 0xB1

  /// How many values may be inside one another.
  static let maximumDepth = 256

  /// The longest string whose length is part of the tag.
  static let maximumShortLength = 31

  /// The first tag of a short string, to which the length is added.
  static let shortString: UInt8 = 0x20

  /// The first tag of a small integer.
  static let firstSmallInteger: UInt8 = 0x40

  /// The tag of the integer zero, to which small integers are added.
  static let zero: UInt8 = 0x60

  /// The number of small integers that are not negative.
  static let smallIntegers: UInt8 = 160

  /// The number of small integers that are negative.
  static let smallNegatives: UInt8 = 32
}

/// The first byte of a value, unless it is a short string or a small integer.
enum BinaryTag: UInt8 {
  case null = 0x00
  case falsehood = 0x01
  case truth = 0x02
  case positive = 0x03
  case negative = 0x04
  case float = 0x05
  case double = 0x06
  case string = 0x07
  case keyed = 0x08
  case unkeyed = 0x09
  case packed = 0x0A

  /// What kind of value begins with a byte, for messages to people.
  static func description(of byte: UInt8) -> String {
    if byte >= BinaryFormat.firstSmallInteger { return "an integer" }
    if byte >= BinaryFormat.shortString { return "a string" }
    return switch BinaryTag(rawValue: byte) {
    case .null: "nil"
    case .falsehood, .truth: "a Boolean"
    case .positive, .negative: "an integer"
    case .float: "a Float"
    case .double: "a Double"
    case .string: "a string"
    case .keyed: "a keyed container"
    case .unkeyed: "an unkeyed container"
    case .packed: "an array of numbers"
    case nil: "an unknown tag"
    }
  }
}
