/// The keyed container of an encoder, of which there may be any number for one value.
struct BinaryKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  /// The encoder of the container's value.
  let encoder: BinaryEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil(forKey key: Key) throws {
    try encoder.encodeNil(at: .key(key))
  }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encoder.encode(value, at: .key(key))
  }

  func encode(_ value: Int128, forKey key: Key) throws {
    try encoder.encode(value, at: .key(key))
  }

  func encode(_ value: UInt128, forKey key: Key) throws {
    try encoder.encode(value, at: .key(key))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    KeyedEncodingContainer(
      BinaryKeyedEncoding<NestedKey>(encoder: encoder.child(at: .key(key), shape: .keyed)))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    BinaryUnkeyedEncoding(encoder: encoder.child(at: .key(key), shape: .unkeyed))
  }

  func superEncoder() -> any Encoder {
    encoder.child(at: .key(BinaryCodingKey.superclass), shape: .undecided)
  }

  func superEncoder(forKey key: Key) -> any Encoder {
    encoder.child(at: .key(key), shape: .undecided)
  }
}

/// The unkeyed container of an encoder, of which there may be any number for one value.
struct BinaryUnkeyedEncoding: UnkeyedEncodingContainer {
  /// The encoder of the container's value.
  let encoder: BinaryEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.count }

  func encodeNil() throws {
    try encoder.encodeNil(at: .index(count))
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    try encoder.encode(value, at: .index(count))
  }

  func encode(_ value: Int128) throws {
    try encoder.encode(value, at: .index(count))
  }

  func encode(_ value: UInt128) throws {
    try encoder.encode(value, at: .index(count))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    KeyedEncodingContainer(
      BinaryKeyedEncoding<NestedKey>(encoder: encoder.child(at: .index(count), shape: .keyed)))
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    BinaryUnkeyedEncoding(encoder: encoder.child(at: .index(count), shape: .unkeyed))
  }

  func superEncoder() -> any Encoder {
    encoder.child(at: .index(count), shape: .undecided)
  }
}
