/// A value under a key.
struct CodedWrapper<Value: Codable & Hashable>: Codable, Hashable {
  var value: Value

  /// A value that is nothing else in the encoding.
  struct Bare: Codable, Hashable {
    var value: Value

    init(from decoder: any Decoder) throws {
      value = try decoder.singleValueContainer().decode(Value.self)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(value)
    }
  }
}

struct CodedEmpty: Codable, Equatable {}

enum CodedShape: Codable, Equatable, Sendable {
  case point
  case circle(radius: Double)
  case polygon([Double], closed: Bool)
  indirect case labelled(String, CodedShape)
}

enum CodedColor: Int, Codable {
  case red, blue
}

struct CodedTree: Codable, Equatable, Sendable {
  var value: Int
  var children: [CodedTree]
}

indirect enum CodedList: Codable, Equatable {
  case end
  case node(Int, CodedList)
}

/// A bit of everything, used as the subject of the fuzzing as well.
struct CodedMixture: Codable, Equatable, Sendable {
  var name: String
  var count: Int
  var ratio: Double
  var weight: Float
  var flags: [Bool]
  var samples: [Double]
  var bytes: [UInt8]
  var shapes: [CodedShape]
  var table: [String: [Int]]
  var numbers: [Int: String]
  var missing: Int?
  var present: String?
  var optionals: [Int?]
  var tree: CodedTree
  var wide: Int128
  var color: CodedColor
  var set: Set<Int>

  static let example = CodedMixture(
    name: "Straße", count: -123_456, ratio: 0.1, weight: 2.5, flags: [true, false], samples: [1, 2, 3],
    bytes: [0, 128, 255], shapes: [.point, .circle(radius: 1), .labelled("p", .polygon([1], closed: false))],
    table: ["a": [1], "b": []], numbers: [1: "one"], missing: nil, present: "here", optionals: [nil, 1000],
    tree: CodedTree(value: 1, children: [CodedTree(value: 2, children: [])]), wide: .min, color: .blue, set: [1, 500])
}

/// A class hierarchy as one would write it by hand, with the superclass under a key of its own.
class CodedAnimal: Codable {
  var name: String

  init(name: String) { self.name = name }
}

final class CodedDog: CodedAnimal {
  var tricks: [String]

  private enum CodingKeys: CodingKey { case tricks }

  init(name: String, tricks: [String]) {
    self.tricks = tricks
    super.init(name: name)
  }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    tricks = try container.decode([String].self, forKey: .tricks)
    try super.init(from: container.superDecoder())
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    // The superclass is written last but asked for first.
    let superEncoder = container.superEncoder()
    try container.encode(tricks, forKey: .tricks)
    try super.encode(to: superEncoder)
  }
}

/// A class that shares the container of its superclass, and has a key in common with it.
final class CodedCat: CodedAnimal {
  var lives: Int

  private enum CodingKeys: CodingKey { case lives, name }

  init(name: String, lives: Int) {
    self.lives = lives
    super.init(name: name)
  }

  required init(from decoder: any Decoder) throws {
    lives = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .lives)
    try super.init(from: decoder)
  }

  override func encode(to encoder: any Encoder) throws {
    try super.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(lives, forKey: .lives)
    try container.encode(name + "!", forKey: .name)
  }
}

/// A key that can be any string.
struct CodedKey: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init(stringLiteral value: String) { stringValue = value }
  init?(intValue: Int) { nil }
}

/// A value whose encoding is a closure.
struct CodedClosure: Encodable {
  let body: (any Encoder) throws -> Void

  func encode(to encoder: any Encoder) throws { try body(encoder) }
}

/// The generator of Steele, Lea and Flood, with which a failing case can be had again from its seed.
struct CoderRandomNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
