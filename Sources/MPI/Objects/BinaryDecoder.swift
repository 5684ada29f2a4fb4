/// The decoder of one value of a message.
final class BinaryDecoder: Decoder, BinaryCodingNode {
  /// A reader of the value, from its tag on.
  private let reader: BinaryReader

  let parent: BinaryDecoder?
  let step: BinaryCodingStep
  private let depth: Int

  /// The entries of the value, once it has been asked for as a keyed container.
  private var index: BinaryKeyIndex?

  /// The elements of the value, once it has been asked for as an unkeyed container.
  private var elements: BinaryReader.Container?

  var codingPath: [any CodingKey] { codingPath() }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Creates the decoder of a whole message, which has to be one value.
  init(message: [UInt8]) throws {
    parent = nil
    step = .whole
    depth = 0
    var reader = BinaryReader(bytes: message, position: 0, end: message.count)
    do throws(BinaryFault) {
      guard try reader.byte() == BinaryFormat.version else {
        throw .malformed("The message is not of this version of the encoding.")
      }
      self.reader = reader
      try reader.skipValue()
      guard reader.remaining == 0 else { throw .malformed("The message goes on after its value.") }
    } catch {
      throw error.error(decoding: Any.self, at: [])
    }
  }

  /// Creates the decoder of a value inside another.
  init(inside parent: BinaryDecoder, step: BinaryCodingStep, reader: BinaryReader) throws {
    guard parent.depth < BinaryFormat.maximumDepth else {
      let reason = "Values nest more than \(BinaryFormat.maximumDepth) deep."
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: parent.codingPath(step), debugDescription: reason))
    }
    self.reader = reader
    self.parent = parent
    self.step = step
    depth = parent.depth + 1
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(BinaryKeyedDecoding<Key>(decoder: self, index: try keyIndex()))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    BinaryUnkeyedDecoding(decoder: self, elements: try elementReader())
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    self
  }

  /// The entries of the value, which has to be a keyed container.
  func keyIndex() throws -> BinaryKeyIndex {
    if let index { return index }
    do throws(BinaryFault) {
      var reader = reader
      try reader.expect(.keyed)
      let made = try BinaryKeyIndex(try reader.container())
      index = made
      return made
    } catch {
      throw error.error(decoding: [String: Any].self, at: codingPath)
    }
  }

  /// The elements of the value, which has to be an unkeyed container or a packed array.
  func elementReader() throws -> BinaryReader.Container {
    if let elements { return elements }
    do throws(BinaryFault) {
      var reader = reader
      let byte = try reader.byte()
      guard let tag = BinaryTag(rawValue: byte), tag == .unkeyed || tag == .packed else {
        throw BinaryReader.mismatch(byte)
      }
      let made = tag == .packed ? try reader.unpacked() : try reader.container()
      try made.checkCount()
      elements = made
      return made
    } catch {
      throw error.error(decoding: [Any].self, at: codingPath)
    }
  }
}

extension BinaryDecoder {
  /// Reads a value and leaves the reader after it.
  @inline(__always)
  func decode<Value: Decodable>(
    _ type: Value.Type, from reader: inout BinaryReader, at step: BinaryCodingStep
  ) throws -> Value {
    let start = reader
    do throws(BinaryFault) {
      if let value = try reader.known(type) { return value }
      try reader.skipValue()
    } catch {
      throw error.error(decoding: type, at: codingPath(step))
    }
    let value = start.prefix(reader.position - start.position)
    return try Value(from: BinaryDecoder(inside: self, step: step, reader: value))
  }

  /// A decoder of the next value, which the reader passes over.
  func child(from reader: inout BinaryReader, at step: BinaryCodingStep) throws -> BinaryDecoder {
    let start = reader
    do throws(BinaryFault) {
      try reader.skipValue()
    } catch {
      throw error.error(decoding: (any Decoder).self, at: codingPath(step))
    }
    return try BinaryDecoder(inside: self, step: step, reader: start.prefix(reader.position - start.position))
  }
}

extension BinaryDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool {
    reader.isAtNull
  }

  @inline(__always)
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    var reader = reader
    return try decode(type, from: &reader, at: .whole)
  }

  func decode(_ type: Int128.Type) throws -> Int128 {
    var reader = reader
    return try decode(type, from: &reader, at: .whole)
  }

  func decode(_ type: UInt128.Type) throws -> UInt128 {
    var reader = reader
    return try decode(type, from: &reader, at: .whole)
  }
}
