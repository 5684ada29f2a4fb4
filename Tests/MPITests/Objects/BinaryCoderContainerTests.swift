import MPI
import Testing

/// The rules of `Encoder` and `Decoder`, one by one.
@Suite struct BinaryCoderContainerTests {
  let coder = BinaryCoder()

  @Test func inheritance() throws {
    let dog = try coderRoundTrip(CodedDog(name: "Rex", tricks: ["sit", "roll"]))
    #expect(dog.name == "Rex" && dog.tricks == ["sit", "roll"])
    let cat = try coderRoundTrip(CodedCat(name: "Tom", lives: 9))
    #expect(cat.name == "Tom!" && cat.lives == 9)
  }

  @Test func containersWrittenInAnyOrder() throws {
    for padding in [1, 200, 20_000] {
      let long = String(repeating: "-", count: padding)
      let bytes = try coder.encode(
        CodedClosure { encoder in
          var outer = encoder.container(keyedBy: CodedKey.self)
          try outer.encode([long], forKey: "first")
          var keyed = outer.nestedContainer(keyedBy: CodedKey.self, forKey: "keyed")
          var unkeyed = outer.nestedUnkeyedContainer(forKey: "unkeyed")
          try outer.encode([long, long], forKey: "second")
          let superclass = outer.superEncoder(forKey: "superclass")
          try outer.encode([[long]: [long]], forKey: "third")
          try unkeyed.encode(1)
          try keyed.encode(long, forKey: "a")
          try unkeyed.encode(long)
          var deep = unkeyed.nestedContainer(keyedBy: CodedKey.self)
          try unkeyed.superEncoder().encodeText("end")
          try deep.encode([long], forKey: "b")
          var again = encoder.container(keyedBy: CodedKey.self)
          try again.encodeNil(forKey: "nothing")
          try superclass.encodeText(long)
        })
      let value = try coder.decode(Interleaved.self, from: bytes)
      #expect(value.first == [long] && value.second == [long, long] && value.third == [[long]: [long]])
      #expect(value.keyed == ["a": long] && value.superclass == long && value.nothing == nil)
      #expect(value.unkeyed == [.number(1), .text(long), .table(["b": [long]]), .text("end")])
    }
  }

  @Test func keysInAnyOrder() throws {
    for count in [1, 8, 9, 300] {
      let keys = (0..<count).map { "key\($0)" }
      let bytes = try coder.encode(
        CodedClosure { encoder in
          var container = encoder.container(keyedBy: CodedKey.self)
          for (index, key) in keys.enumerated() { try container.encode(index, forKey: CodedKey(stringValue: key)) }
        })
      let decoded = try coder.decode(Probe.self, from: bytes)
      let container = try decoded.decoder.container(keyedBy: CodedKey.self)
      #expect(container.allKeys.map(\.stringValue) == keys)
      for index in keys.indices.reversed() {
        let key = CodedKey(stringValue: keys[index])
        #expect(container.contains(key))
        #expect(try container.decode(Int.self, forKey: key) == index)
        #expect(try container.decodeIfPresent(Int.self, forKey: key) == index)
      }
      #expect(!container.contains("other"))
      #expect(try container.decodeIfPresent(Int.self, forKey: "other") == nil)
      #expect(throws: DecodingError.self) { try container.decode(Int.self, forKey: "other") }
    }
  }

  @Test func lastOfEqualKeysIsRead() throws {
    for count in [1, 100] {
      let bytes = try coder.encode(
        CodedClosure { encoder in
          var container = encoder.container(keyedBy: CodedKey.self)
          for round in 0..<2 {
            for key in 0..<count { try container.encode(round, forKey: CodedKey(stringValue: "\(key)")) }
          }
        })
      let value = try coder.decode([String: Int].self, from: bytes)
      #expect(value.count == count && value.values.allSatisfy { $0 == 1 })
    }
  }

  @Test func nilIsDistinguished() throws {
    let container = try coder.decode(Probe.self, from: coder.encode(["nil": nil, "one": 1])).decoder
      .container(keyedBy: CodedKey.self)
    #expect(try container.decodeNil(forKey: "nil"))
    #expect(try !container.decodeNil(forKey: "one"))
    #expect(throws: DecodingError.self) { try container.decode(Int.self, forKey: "nil") }
    #expect(try container.decodeIfPresent(Int.self, forKey: "nil") == nil)
    var elements = try coder.decode(Probe.self, from: coder.encode([nil, "a"])).decoder.unkeyedContainer()
    #expect(try elements.decodeNil() && elements.currentIndex == 1)
    #expect(try !elements.decodeNil() && elements.currentIndex == 1)
    #expect(throws: DecodingError.self) { try elements.decode(Int.self) }
    #expect(elements.currentIndex == 1)
    #expect(try elements.decode(String.self) == "a" && elements.isAtEnd)
    #expect(throws: DecodingError.self) { try elements.decode(String.self) }
    #expect(throws: DecodingError.self) { try elements.decodeNil() }
  }

  @Test func errorsSayWhere() throws {
    let bytes = try coder.encode(["a": [CodedTree(value: 1, children: [CodedTree(value: 300, children: [])])]])
    do {
      _ = try coder.decode([String: [Narrow]].self, from: bytes)
      Issue.record("Decoding should have thrown.")
    } catch DecodingError.dataCorrupted(let context) {
      #expect(context.codingPath.map(\.stringValue) == ["a", "Index 0", "children", "Index 0", "value"])
      #expect(context.codingPath.map(\.intValue) == [nil, 0, nil, 0, nil])
    }
    do {
      _ = try coder.decode([String: [[Int]]].self, from: bytes)
      Issue.record("Decoding should have thrown.")
    } catch DecodingError.typeMismatch(_, let context) {
      #expect(context.codingPath.map(\.stringValue) == ["a", "Index 0"])
    }
    let failing = CodedClosure { _ in throw EncodingError.invalidValue(0, .init(codingPath: [], debugDescription: "")) }
    let path = CodedClosure { encoder in
      #expect(encoder.codingPath.map(\.stringValue) == ["x", "Index 1"])
      #expect(encoder.userInfo.isEmpty)
    }
    _ = try coder.encode(
      CodedClosure { encoder in
        var container = encoder.container(keyedBy: CodedKey.self)
        var nested = container.nestedUnkeyedContainer(forKey: "x")
        try nested.encode(0)
        try nested.encode(path)
      })
    #expect(throws: EncodingError.self) { try coder.encode(failing) }
  }

  @Test func failedElementsLeaveNoTrace() throws {
    struct Failure: Error {}
    let failing = CodedClosure { encoder in
      var container = encoder.unkeyedContainer()
      try container.encode(String(repeating: "x", count: 1_000))
      _ = container.superEncoder()
      throw Failure()
    }
    let bytes = try coder.encode(
      CodedClosure { encoder in
        var container = encoder.unkeyedContainer()
        try container.encode("before")
        #expect(throws: Failure.self) { try container.encode(failing) }
        #expect(container.count == 1)
        try container.encode("after")
      })
    #expect(try coder.decode([String].self, from: bytes) == ["before", "after"])
  }

  @Test func valuesThatEncodeNothing() throws {
    #expect(throws: Never.self) { try coder.decode(CodedEmpty.self, from: coder.encode(CodedClosure { _ in })) }
  }

  @Test func misuseThrows() throws {
    let misuses: [(any Encoder) throws -> Void] = [
      { encoder in
        _ = encoder.unkeyedContainer()
        var keyed = encoder.container(keyedBy: CodedKey.self)
        try keyed.encode(1, forKey: "a")
      },
      { encoder in
        var single = encoder.singleValueContainer()
        try single.encode(1)
        try single.encode(2)
      },
      { encoder in
        var single = encoder.singleValueContainer()
        try single.encodeNil()
        _ = encoder.unkeyedContainer()
      },
      { encoder in
        _ = encoder.unkeyedContainer()
        var single = encoder.singleValueContainer()
        try single.encode("a")
      },
    ]
    for misuse in misuses {
      #expect(throws: EncodingError.self) { try coder.encode(CodedClosure(body: misuse)) }
      #expect(throws: EncodingError.self) { try coder.encode([CodedClosure(body: misuse)]) }
    }
  }

  @Test func containersThatOutliveTheirValue() throws {
    nonisolated(unsafe) var kept: (any UnkeyedEncodingContainer)?
    nonisolated(unsafe) var keptSuper: (any Encoder)?
    let bytes = try coder.encode(
      CodedClosure { encoder in
        var outer = encoder.unkeyedContainer()
        try outer.encode(
          CodedClosure { inner in
            var container = inner.unkeyedContainer()
            try container.encode("inside")
            keptSuper = container.superEncoder()
            try keptSuper?.encodeText("super")
            kept = container
          })
        #expect(throws: EncodingError.self) { try kept?.encode("late") }
        #expect(throws: EncodingError.self) { try keptSuper?.encodeText("late") }
        try outer.encode(["outside"])
      })
    #expect(try coder.decode([[String]].self, from: bytes) == [["inside", "super"], ["outside"]])
    #expect(throws: EncodingError.self) { try kept?.encode("later") }
  }
}

extension Encoder {
  /// Encodes a string as the only value.
  fileprivate func encodeText(_ text: String) throws {
    var container = singleValueContainer()
    try container.encode(text)
  }
}

/// Keeps its decoder.
private struct Probe: Decodable {
  let decoder: any Decoder

  init(from decoder: any Decoder) throws { self.decoder = decoder }
}

/// A tree with values that are narrower than those of `CodedTree`.
private struct Narrow: Decodable {
  var value: Int8
  var children: [Narrow]
}

private struct Interleaved: Decodable {
  enum Element: Decodable, Equatable {
    case number(Int)
    case text(String)
    case table([String: [String]])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .table(try container.decode([String: [String]].self))
      }
    }
  }

  var first: [String]
  var second: [String]
  var third: [[String]: [String]]
  var keyed: [String: String]
  var unkeyed: [Element]
  var superclass: String
  var nothing: Int?
}
