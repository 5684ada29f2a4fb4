import MPI
import Testing

/// Bytes that no encoder wrote: each gives a value or an error.
@Suite struct BinaryCoderHostileTests {
  let coder = BinaryCoder()
  let version: UInt8 = 0xB1

  /// Expects that decoding a value throws `DecodingError.dataCorrupted`.
  private func expectCorrupted<Value: Decodable>(
    _ body: [UInt8], as type: Value.Type, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      let value = try coder.decode(type, from: [version] + body)
      Issue.record("Decoded \(value).", sourceLocation: sourceLocation)
    } catch DecodingError.dataCorrupted {
    } catch {
      Issue.record("Unexpected error \(error).", sourceLocation: sourceLocation)
    }
  }

  @Test func versionAndEnd() throws {
    #expect(throws: DecodingError.self) { try coder.decode(Int.self, from: []) }
    #expect(throws: DecodingError.self) { try coder.decode(Int.self, from: [version]) }
    #expect(throws: DecodingError.self) { try coder.decode(Int.self, from: [0xB0, 0x60]) }
    #expect(throws: DecodingError.self) { try coder.decode(Int.self, from: [version, 0x60, 0x60]) }
    #expect(try coder.decode(Int.self, from: [version, 0x60]) == 0)
    expectCorrupted([0x0B], as: Int.self)
    expectCorrupted([0x1F], as: String.self)
  }

  @Test func numbersOfTooManyBits() {
    expectCorrupted([0x03] + [UInt8](repeating: 0xFF, count: 18) + [0x7F], as: UInt128.self)
    expectCorrupted([0x03] + [UInt8](repeating: 0x80, count: 1_000) + [1], as: Int.self)
    expectCorrupted([0x04] + [UInt8](repeating: 0xFF, count: 18) + [0x03], as: Int128.self)
    expectCorrupted([0x03, 0x80, 0x00], as: Int.self)
    expectCorrupted([0x03, 0x80], as: Int.self)
    expectCorrupted([0x03] + [UInt8](repeating: 0xFF, count: 9) + [0x01], as: Int.self)
    expectCorrupted([0xFF], as: Int8.self)
    expectCorrupted([0x5F], as: UInt.self)
  }

  @Test func wrongTypes() throws {
    let values: [[UInt8]] = [
      try coder.encode(true), try coder.encode(1), try coder.encode(1_000_000), try coder.encode(1.5 as Float),
      try coder.encode(1.5), try coder.encode("text"), try coder.encode(["k": "v"]), try coder.encode(["v"]),
      try coder.encode([1.5]),
    ]
    func isMismatch<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Bool {
      do {
        _ = try coder.decode(type, from: bytes)
        return false
      } catch DecodingError.typeMismatch {
        return true
      } catch {
        return false
      }
    }
    #expect(values.map { isMismatch(Bool.self, $0) } == [false] + [Bool](repeating: true, count: 8))
    #expect(values.map { isMismatch(Int.self, $0) } == [true, false, false] + [Bool](repeating: true, count: 6))
    #expect(values.enumerated().allSatisfy { isMismatch(Float.self, $1) == ($0 != 3) })
    #expect(values.enumerated().allSatisfy { isMismatch(Double.self, $1) == ($0 != 4) })
    #expect(values.enumerated().allSatisfy { isMismatch(String.self, $1) == ($0 != 5) })
    #expect(values.enumerated().allSatisfy { isMismatch([String: String].self, $1) == ($0 != 6) })
    #expect(values.enumerated().allSatisfy { isMismatch([String].self, $1) == ($0 != 7) })
    #expect(values.enumerated().allSatisfy { isMismatch([Double].self, $1) == ($0 != 8) })
    let null = try coder.encode(nil as Int?)
    #expect(throws: DecodingError.self) { try coder.decode(Int.self, from: null) }
    #expect(throws: DecodingError.self) { try coder.decode([Int].self, from: null) }
    #expect(throws: DecodingError.self) { try coder.decode([String: Int].self, from: null) }
  }

  @Test func lengthsThatExceedTheMessage() {
    for size: [UInt8] in [[0x01], [0x7F], [0xFF, 0x7F], [UInt8](repeating: 0xFF, count: 9) + [0x01]] {
      expectCorrupted([0x07] + size, as: String.self)
      expectCorrupted([0x08] + size + [0], as: [String: Int].self)
      expectCorrupted([0x08, 0x01] + size + [0], as: [String: Int].self)
      expectCorrupted([0x09] + size + [0], as: [String].self)
      expectCorrupted([0x09, 0x00] + size, as: [String].self)
      expectCorrupted([0x08, 0x02, 0x01] + size + [0x60], as: [String: Int].self)
      for kind in UInt8(0)...12 {
        expectCorrupted([0x0A, kind] + size, as: [Double].self)
        expectCorrupted([0x0A, kind] + size, as: ContiguousArray<Int>.self)
      }
    }
    expectCorrupted([0x3F, 0x41], as: String.self)
    expectCorrupted([0x0A, 13, 0], as: [Double].self)
    // 2⁶¹ elements of eight bytes: a product that overflows.
    expectCorrupted([0x0A, 12] + [UInt8](repeating: 0x80, count: 8) + [0x20], as: [Double].self)
  }

  @Test func countsThatDifferFromTheContents() {
    expectCorrupted([0x09, 0x02, 0x01, 0x60, 0x60], as: [Int].self)
    expectCorrupted([0x09, 0x01, 0x00, 0x60], as: [Int].self)
    expectCorrupted([0x09, 0x03, 0x02, 0x60, 0x60, 0x60], as: [Int].self)
    expectCorrupted([0x09, 0x02, 0x02, 0x21, 0x41], as: [String].self)
    expectCorrupted([0x08, 0x03, 0x00, 0x01, 0x41, 0x60], as: [String: Int].self)
    expectCorrupted([0x08, 0x03, 0x02, 0x01, 0x41, 0x60], as: [String: Int].self)
    expectCorrupted([0x08, 0x06, 0x01, 0x01, 0x41, 0x60, 0x01, 0x42, 0x60], as: [String: Int].self)
  }

  @Test func stringsThatAreNotUTF8() {
    for text: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x41, 0xE2, 0x82]] {
      let count = UInt8(text.count)
      expectCorrupted([0x20 + count] + text, as: String.self)
      expectCorrupted([0x07, count] + text, as: String.self)
      expectCorrupted([0x08, count + 2, 0x01, count] + text + [0x60], as: [String: Int].self)
    }
  }

  @Test func booleansThatAreNeither() {
    expectCorrupted([0x0A, 0x00, 0x02, 0x01, 0x02], as: [Bool].self)
    expectCorrupted([0x0A, 0x00, 0x01, 0xFF], as: ContiguousArray<Bool>.self)
  }

  @Test func nestingBombs() throws {
    func bomb(_ depth: Int) -> [UInt8] {
      var body: [UInt8] = [0x09, 0x00, 0x00]
      for _ in 1..<depth {
        let length = body.count
        body = [0x09, UInt8(length & 0x7F | 0x80), UInt8(length >> 7 & 0x7F | 0x80), UInt8(length >> 14), 0x01] + body
      }
      return body
    }
    expectCorrupted(bomb(257), as: Nest.self)
    expectCorrupted(bomb(5_000), as: Nest.self)
    expectCorrupted([0x60], as: Endless.self)
    #expect(throws: EncodingError.self) { try coder.encode(Endless()) }
    #expect(try coderRoundTrip(Nest.nested(256)) == Nest.nested(256))
    #expect(throws: EncodingError.self) { try coder.encode(Nest.nested(257)) }
    #expect(throws: EncodingError.self) {
      try coder.encode(
        CodedClosure { encoder in
          var container = encoder.unkeyedContainer()
          for _ in 0..<100_000 { container = container.nestedUnkeyedContainer() }
        })
    }
    #expect(throws: EncodingError.self) {
      try coder.encode(
        CodedClosure { encoder in
          var encoder = encoder
          for _ in 0..<1_000 {
            var container = encoder.unkeyedContainer()
            encoder = container.superEncoder()
          }
        })
    }
  }

  @Test func manyEntriesTakeLinearTime() throws {
    // Equal lengths and long common prefixes; with quadratic lookups this would take half a minute.
    let table = Dictionary(uniqueKeysWithValues: (0..<50_000).map { ("a long common prefix \($0 + 1_000_000)", $0) })
    #expect(try coderRoundTrip(table) == table)
  }

  @Test(arguments: 0..<32)
  func mutatedMessages(seed: UInt64) throws {
    var generator = CoderRandomNumbers(state: seed)
    let subjects = [
      try coder.encode(CodedMixture.example), try coder.encode([1.5, 2.5]), try coder.encode(["a": [true]]),
      try coder.encode((0..<20).map { ["key \($0)": $0] }), try coder.encode(CodedTree(value: 1, children: [])),
      try coder.encode(Dictionary(uniqueKeysWithValues: (0..<20).map { ("key \($0)", "value") })),
    ]
    for round in 0..<300 {
      var bytes = subjects[round % subjects.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, using: &generator) }
      decodeAsEverything(bytes, "seed \(seed), round \(round)")
    }
  }

  @Test(arguments: 1_000..<1_032)
  func randomMessages(seed: UInt64) {
    var generator = CoderRandomNumbers(state: seed)
    for round in 0..<300 {
      let count = Int.random(in: 0...80, using: &generator)
      // Half of the rounds favor the bytes that are tags of containers and small lengths.
      let largest: UInt8 = round.isMultiple(of: 2) ? 255 : 15
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...largest, using: &generator) }
      decodeAsEverything([version] + bytes, "seed \(seed), round \(round)")
      // A container that is well formed outside, so that what is inside is looked at.
      let tag: UInt8 = Bool.random(using: &generator) ? 0x08 : 0x09
      let inside = UInt8.random(in: 0...8, using: &generator)
      decodeAsEverything([version, tag, UInt8(count), inside] + bytes, "seed \(seed), round \(round), inside")
    }
  }

  @Test func everyTruncationThrows() throws {
    let bytes = try coder.encode(CodedMixture.example)
    for count in bytes.indices {
      #expect(throws: DecodingError.self) { try coder.decode(CodedMixture.self, from: [UInt8](bytes[..<count])) }
    }
    #expect(throws: DecodingError.self) { try coder.decode(CodedMixture.self, from: bytes + [0]) }
  }
}

/// Changes, inserts, removes or repeats some bytes.
private func mutate(_ bytes: inout [UInt8], using generator: inout CoderRandomNumbers) {
  guard let position = bytes.indices.dropFirst().randomElement(using: &generator) else { return }
  switch Int.random(in: 0..<7, using: &generator) {
  case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
  case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
  case 2: bytes.removeSubrange(position...)
  case 3: bytes.remove(at: position)
  case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
  case 5: bytes[position] = [0x00, 0x03, 0x07, 0x08, 0x09, 0x0A, 0x7F, 0x80, 0xFF].randomElement(using: &generator)!
  default: bytes += bytes[position...]
  }
}

/// Decodes bytes as many types; each gives a value or a `DecodingError`.
private func decodeAsEverything(_ bytes: [UInt8], _ origin: String) {
  func attempt<Value: Decodable>(_ type: Value.Type) {
    do {
      _ = try BinaryCoder().decode(type, from: bytes)
    } catch is DecodingError {
    } catch {
      Issue.record("\(error) from \(origin): \(bytes)")
    }
  }
  attempt(CodedMixture.self)
  attempt([Double].self)
  attempt([Bool].self)
  attempt(Set<Int16>.self)
  attempt([String: [Bool]].self)
  attempt([[String: Int]].self)
  attempt([Int: String?].self)
  attempt([CodedShape].self)
  attempt(CodedTree.self)
  attempt(Nest.self)
  attempt(String.self)
  attempt(UInt128.self)
  attempt(Int128?.self)
  attempt(CodedDog.self)
  Walk.$limit.withValue(bytes.count) { attempt(Walk.self) }
}

/// Looks at everything there is in a message, and at every count that code might reserve memory for.
private struct Walk: Decodable {
  /// A count that the message is too short for.
  struct TooMany: Error {
    let count: Int
  }

  /// The number of bytes of the message.
  @TaskLocal static var limit = 0

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodedKey.self) {
      let keys = container.allKeys
      if keys.count > Self.limit { throw TooMany(count: keys.count) }
      for key in keys {
        _ = try container.decodeNil(forKey: key)
        _ = try container.decode(Walk.self, forKey: key)
      }
    } else if var container = try? decoder.unkeyedContainer() {
      let count = container.count ?? 0
      if count > Self.limit { throw TooMany(count: count) }
      while !container.isAtEnd { _ = try container.decode(Walk.self) }
    } else {
      let container = try decoder.singleValueContainer()
      _ = try? container.decode(String.self)
      _ = try? container.decode(Double.self)
      _ = try? container.decode(UInt64.self)
    }
  }
}

/// Arrays in arrays and nothing else.
private struct Nest: Codable, Equatable {
  var inner: [Nest]

  /// An array that is the given number of arrays deep.
  static func nested(_ depth: Int) -> Nest {
    (1..<depth).reduce(Nest(inner: [])) { nest, _ in Nest(inner: [nest]) }
  }

  init(inner: [Nest]) { self.inner = inner }

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    inner = []
    while !container.isAtEnd { inner.append(try container.decode(Nest.self)) }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for nest in inner { try container.encode(nest) }
  }
}

/// A value that is nothing but another of its type, without end.
private struct Endless: Codable {
  init() {}

  init(from decoder: any Decoder) throws {
    self = try decoder.singleValueContainer().decode(Endless.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self)
  }
}
