/// One step from a value to a value inside it.
enum BinaryCodingStep {
  /// No step: the value is the whole of the one around it.
  case whole
  /// To the value of a key.
  case key(any CodingKey)
  /// To an element of an unkeyed container.
  case index(Int)

  /// The step as a part of a coding path.
  var key: (any CodingKey)? {
    switch self {
    case .whole: nil
    case .key(let key): key
    case .index(let index): BinaryCodingKey(stringValue: "Index \(index)", intValue: index)
    }
  }
}

/// A key that no user wrote: an index, or that of a superclass.
struct BinaryCodingKey: CodingKey {
  /// The key of the superclass's encoding in a keyed container, as in Foundation's coders.
  static let superclass = BinaryCodingKey(stringValue: "super", intValue: 0)

  let stringValue: String
  let intValue: Int?

  init(stringValue: String, intValue: Int?) {
    self.stringValue = stringValue
    self.intValue = intValue
  }

  init(stringValue: String) {
    self.init(stringValue: stringValue, intValue: nil)
  }

  init(intValue: Int) {
    self.init(stringValue: String(intValue), intValue: intValue)
  }
}

/// A link of the chain from a value back to the whole message.
protocol BinaryCodingNode: AnyObject {
  /// The value around this one; nil for the whole message.
  var parent: Self? { get }
  /// The step from the parent to here.
  var step: BinaryCodingStep { get }
}

extension BinaryCodingNode {
  /// The keys and indices from the whole message to here, and one step further; linear in the depth.
  func codingPath(_ last: BinaryCodingStep = .whole) -> [any CodingKey] {
    var reversed: [any CodingKey] = []
    if let key = last.key { reversed.append(key) }
    var node: Self? = self
    while let current = node {
      if let key = current.step.key { reversed.append(key) }
      node = current.parent
    }
    return reversed.reversed()
  }
}
