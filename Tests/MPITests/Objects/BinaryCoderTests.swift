import MPI
import Testing

/// What goes in comes out, for all shapes that `Codable` allows.
@Suite struct BinaryCoderTests {
  @Test func scalars() throws {
    try expectCoderRoundTrip(true)
    try expectCoderRoundTrip(false)
    try expectCoderRoundTrip(Float.pi)
    try expectCoderRoundTrip(-Double.infinity)
    try expectCoderRoundTrip(Double.leastNonzeroMagnitude)
    #expect(try coderRoundTrip(Double.nan).isNaN)
    #expect(try coderRoundTrip(-0.0).sign == .minus)
    try expectCoderRoundTrip(nil as Int?)
    try expectCoderRoundTrip(7 as Int?)
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      try expectCoderRoundTrip(Float16(1.5))
    #endif
  }

  @Test func integersOfEveryWidth() throws {
    func check<Integer: FixedWidthInteger & Codable>(_ type: Integer.Type) throws {
      var values: [Integer] = [0, 1, 31, 32, 33, 127, .max, .max - 1, .min, .min + 1]
      for shift in 0..<Integer.bitWidth {
        let power = Integer(truncatingIfNeeded: 1) << shift
        values += [power, power &- 1, ~power, 0 &- power]
      }
      for value in values {
        try expectCoderRoundTrip(value)
        try expectCoderRoundTrip(CodedWrapper(value: value))
        try expectCoderRoundTrip([value: value])
      }
      try expectCoderRoundTrip(values)
      try expectCoderRoundTrip(Set(values))
    }
    try check(Int.self)
    try check(Int8.self)
    try check(Int16.self)
    try check(Int32.self)
    try check(Int64.self)
    try check(Int128.self)
    try check(UInt.self)
    try check(UInt8.self)
    try check(UInt16.self)
    try check(UInt32.self)
    try check(UInt64.self)
    try check(UInt128.self)
  }

  @Test func strings() throws {
    for string in ["", "a", "Grüße", "日本語", "👩‍👩‍👧‍👦", "e\u{301}", "\0\u{FFFF}", "\u{10FFFF}"] {
      try expectCoderRoundTrip(string)
      try expectCoderRoundTrip([string: string])
    }
    for length in [30, 31, 32, 127, 128, 16_384, 100_000] {
      let string = String(repeating: "x", count: length)
      try expectCoderRoundTrip(string)
      try expectCoderRoundTrip([string: length])
    }
    let decomposed = try BinaryCoder().decode(String.self, from: BinaryCoder().encode("e\u{301}"))
    #expect(decomposed.unicodeScalars.count == 2)
  }

  @Test func arrays() throws {
    try expectCoderRoundTrip([Double]())
    try expectCoderRoundTrip([1.5, -2.5, .infinity])
    try expectCoderRoundTrip([Float](repeating: 0.1, count: 1_000))
    try expectCoderRoundTrip([true, false, true])
    try expectCoderRoundTrip((0..<300).map { UInt8(truncatingIfNeeded: $0) })
    try expectCoderRoundTrip([[1, 2], [], [3]])
    try expectCoderRoundTrip([[[0.5]], [[]]])
    try expectCoderRoundTrip((0..<1_000).map { "\($0)" })
    try expectCoderRoundTrip([1, nil, 3])
    try expectCoderRoundTrip(ContiguousArray([1.0, 2]))
    try expectCoderRoundTrip([Int?]())
    try expectCoderRoundTrip(SIMD4<Float>(1, 2, 3, 4))
    try expectCoderRoundTrip(1.0...2.0)
    try expectCoderRoundTrip((0..<200).map { CodedWrapper(value: [Double](repeating: Double($0), count: $0)) })
  }

  @Test func arrayTypesDecodeAsOneAnother() throws {
    let coder = BinaryCoder()
    let packed = try coder.encode([3, -1, 200])
    #expect(try coder.decode(ContiguousArray<Int16>.self, from: packed) == [3, -1, 200])
    #expect(try coder.decode(Set<Int128>.self, from: packed) == [3, -1, 200])
    #expect(try coder.decode([Int32].self, from: packed) == [3, -1, 200])
    #expect(try coder.decode([CodedWrapper<Int>.Bare].self, from: packed).map(\.value) == [3, -1, 200])
    #expect(throws: DecodingError.self) { try coder.decode([UInt8].self, from: packed) }
    #expect(throws: DecodingError.self) { try coder.decode([Int8].self, from: packed) }
    #expect(throws: DecodingError.self) { try coder.decode([Double].self, from: packed) }
    let single = try coder.encode(ContiguousArray([1.5, 2.5]))
    #expect(try coder.decode([Double].self, from: single) == [1.5, 2.5])
    #expect(try coder.decode(ContiguousArray<Bool>.self, from: coder.encode([true, false])) == [true, false])
    #expect(try coder.decode(ContiguousArray<Float>.self, from: coder.encode([1.5, 2.5] as [Float])) == [1.5, 2.5])
    #expect(throws: DecodingError.self) { try coder.decode([Float].self, from: coder.encode([1.5])) }
    #expect(try coder.decode([String].self, from: coder.encode([Int]())) == [])
  }

  @Test func dictionaries() throws {
    try expectCoderRoundTrip([String: Int]())
    try expectCoderRoundTrip(["a": 1, "b": 2, "": 3])
    try expectCoderRoundTrip([1: "one", -2: "minus two"])
    try expectCoderRoundTrip([1.5: [true], 2.5: []])
    try expectCoderRoundTrip([CodedWrapper(value: 1): 2])
    try expectCoderRoundTrip(Dictionary(uniqueKeysWithValues: (0..<5_000).map { ("key \($0)", $0) }))
    try expectCoderRoundTrip(Dictionary(uniqueKeysWithValues: (0..<5_000).map { ($0, [$0]) }))
  }

  @Test func enumerations() throws {
    try expectCoderRoundTrip([
      CodedShape.point, .circle(radius: 2), .polygon([1, 2], closed: true), .labelled("x", .point),
    ])
    try expectCoderRoundTrip([CodedColor.red, .blue])
    try expectCoderRoundTrip(CodedColor.blue)
    #expect(throws: DecodingError.self) { try BinaryCoder().decode(CodedColor.self, from: BinaryCoder().encode(9)) }
  }

  @Test func recursion() throws {
    var tree = CodedTree(value: 0, children: [])
    for depth in 1..<60 { tree = CodedTree(value: depth, children: [tree, CodedTree(value: -depth, children: [])]) }
    try expectCoderRoundTrip(tree)
    var list = CodedList.end
    for value in 0..<80 { list = .node(value, list) }
    try expectCoderRoundTrip(list)
  }

  @Test func mixedStructure() throws {
    try expectCoderRoundTrip(CodedMixture.example)
    try expectCoderRoundTrip([CodedMixture](repeating: .example, count: 300))
    try expectCoderRoundTrip(CodedEmpty())
    try expectCoderRoundTrip([CodedEmpty(), CodedEmpty()])
    try expectCoderRoundTrip([CodedEmpty?.none, CodedEmpty()])
  }

  @Test func compactness() throws {
    #expect(try BinaryCoder().encode(5).count == 2)
    #expect(try BinaryCoder().encode("hello").count == 7)
    #expect(try BinaryCoder().encode(CodedWrapper(value: 5)).count == 11)
    #expect(try BinaryCoder().encode([Double](repeating: 1, count: 1_000)).count == 8_005)
  }
}

/// Encodes and decodes a value.
func coderRoundTrip<Value: Codable>(_ value: Value) throws -> Value {
  try BinaryCoder().decode(Value.self, from: BinaryCoder().encode(value))
}

/// Expects that a value is equal after a round trip, and so inside an array and a dictionary.
func expectCoderRoundTrip<Value: Codable & Equatable>(
  _ value: Value, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(try coderRoundTrip(value) == value, sourceLocation: sourceLocation)
  #expect(try coderRoundTrip([value]) == [value], sourceLocation: sourceLocation)
  #expect(try coderRoundTrip(["key": value]) == ["key": value], sourceLocation: sourceLocation)
}
