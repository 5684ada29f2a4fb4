/// The keyed container of a decoder.
struct BinaryKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  /// The decoder of the container.
  let decoder: BinaryDecoder

  /// The container's entries.
  let index: BinaryKeyIndex

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { index.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool {
    index.value(key.stringValue) != nil
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    try value(key).isAtNull
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    var reader = try value(key)
    return try decoder.decode(type, from: &reader, at: .key(key))
  }

  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
    var reader = try value(key)
    return try decoder.decode(type, from: &reader, at: .key(key))
  }

  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
    var reader = try value(key)
    return try decoder.decode(type, from: &reader, at: .key(key))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    try child(BinaryCodingKey.superclass)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    try child(key)
  }

  /// A reader of the value of a key, which has to be there.
  private func value(_ key: any CodingKey) throws -> BinaryReader {
    if let reader = index.value(key.stringValue) { return reader }
    let reason = "There is no value for the key \"\(key.stringValue)\"."
    throw DecodingError.keyNotFound(
      key, DecodingError.Context(codingPath: codingPath, debugDescription: reason))
  }

  /// A decoder of the value of a key.
  private func child(_ key: any CodingKey) throws -> BinaryDecoder {
    var reader = try value(key)
    return try decoder.child(from: &reader, at: .key(key))
  }
}

/// An unkeyed container of a decoder, which reads one element after another.
struct BinaryUnkeyedDecoding: UnkeyedDecodingContainer {
  /// The decoder of the container.
  private let decoder: BinaryDecoder

  /// The elements not read yet.
  private var reader: BinaryReader

  let count: Int?
  private(set) var currentIndex = 0

  /// Creates a container at its first element.
  init(decoder: BinaryDecoder, elements: BinaryReader.Container) {
    self.decoder = decoder
    reader = elements.body
    count = elements.count
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var isAtEnd: Bool { currentIndex == count }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd else { throw atEnd(Any?.self) }
    guard reader.isAtNull else { return false }
    try advance { decoder, reader, step in _ = try decoder.child(from: &reader, at: step) }
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard !isAtEnd else { throw atEnd(type) }
    return try advance { decoder, reader, step in try decoder.decode(type, from: &reader, at: step) }
  }

  mutating func decode(_ type: Int128.Type) throws -> Int128 {
    guard !isAtEnd else { throw atEnd(type) }
    return try advance { decoder, reader, step in try decoder.decode(type, from: &reader, at: step) }
  }

  mutating func decode(_ type: UInt128.Type) throws -> UInt128 {
    guard !isAtEnd else { throw atEnd(type) }
    return try advance { decoder, reader, step in try decoder.decode(type, from: &reader, at: step) }
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    guard !isAtEnd else { throw atEnd(KeyedDecodingContainer<NestedKey>.self) }
    return try advance { decoder, reader, step in
      try decoder.child(from: &reader, at: step).container(keyedBy: type)
    }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard !isAtEnd else { throw atEnd((any UnkeyedDecodingContainer).self) }
    return try advance { decoder, reader, step in try decoder.child(from: &reader, at: step).unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder {
    guard !isAtEnd else { throw atEnd((any Decoder).self) }
    return try advance { decoder, reader, step in try decoder.child(from: &reader, at: step) }
  }

  /// Reads one element, or stays at it if that throws.
  @inline(__always)
  private mutating func advance<Result>(
    _ read: (BinaryDecoder, inout BinaryReader, BinaryCodingStep) throws -> Result
  ) throws -> Result {
    var next = reader
    let result = try read(decoder, &next, .index(currentIndex))
    reader = next
    currentIndex += 1
    return result
  }

  /// The error of reading more elements than there are.
  private func atEnd(_ type: Any.Type) -> DecodingError {
    .valueNotFound(
      type,
      DecodingError.Context(
        codingPath: decoder.codingPath(.index(currentIndex)), debugDescription: "There are no more elements."))
  }
}
