/// Turns values into the bytes of a message on one rank, and those bytes back into values on another.
///
/// The binding uses ``BinaryCoder`` unless it is given another one. A conforming type decides only how a value is
/// written; how the bytes travel, and how long they may be, is the concern of the communication that carries them.
/// The coders of both ranks must agree: nothing but the bytes is transmitted.
///
/// ```swift
/// struct JSONCoder: MessageCoder {
///   func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
///     try [UInt8](JSONEncoder().encode(value))
///   }
///
///   func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
///     try JSONDecoder().decode(type, from: Data(bytes))
///   }
/// }
/// ```
public protocol MessageCoder: Sendable {
  /// Returns the bytes that stand for a value.
  ///
  /// - Parameter value: What to encode.
  /// - Returns: Bytes from which ``decode(_:from:)`` makes an equal value again, on any rank.
  /// - Throws: `EncodingError` if the value has no encoding, or whatever its `encode(to:)` throws.
  func encode<Value: Encodable>(_ value: Value) throws -> [UInt8]

  /// Returns the value that bytes stand for.
  ///
  /// - Parameters:
  ///   - type: What the sender encoded, or a type that decodes from the same encoding.
  ///   - bytes: One whole encoded value. An implementation must expect any bytes whatever.
  /// - Returns: A new value of the type.
  /// - Throws: `DecodingError` if the bytes are not such a value, or whatever its `init(from:)` throws.
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}
