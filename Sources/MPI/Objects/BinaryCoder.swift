/// A compact, self-describing binary encoding of any `Codable` value, used for messages between ranks.
///
/// ```swift
/// let coder = BinaryCoder()
/// let bytes = try coder.encode(["pressure": [101.3, 99.8]])
/// let value = try coder.decode([String: [Double]].self, from: bytes)
/// ```
///
/// Arrays of `Bool`, `Float`, `Double` and the fixed-width integers are copied in bulk, at the speed of memory. All else
/// takes a few bytes and some tens of nanoseconds for each number or string. Encoding and decoding take time and memory
/// linear in the message.
///
/// ### Format
///
/// A message is the version byte `0xB1` and one value. A value is a tag byte and what the tag calls for; numbers of
/// fixed width are little-endian, and a *varint* is an unsigned LEB128 number of minimal length.
///
/// | Tag | Value | What follows |
/// |---|---|---|
/// | `00` | nil | nothing |
/// | `01`, `02` | `false`, `true` | nothing |
/// | `03` | integer *n* ≥ 0 | varint *n*, at most 128 bits |
/// | `04` | integer −1 − *n* | varint *n*, at most 127 bits |
/// | `05`, `06` | `Float`, `Double` | 4, 8 bytes |
/// | `07` | string | varint length, UTF-8 |
/// | `08` | keyed container | varint length of the body, varint count, entries: varint length, UTF-8 key, value |
/// | `09` | unkeyed container | varint length of the body, varint count, values |
/// | `0A` | packed array | kind of element, varint count, elements of fixed width |
/// | `20`…`3F` | string of 0…31 bytes | UTF-8 |
/// | `40`…`FF` | integer −32…159 | nothing |
///
/// ### What decodes as what
///
/// An integer decodes as every integer type that can hold it, in a packed array too; for one that cannot, it throws
/// `DecodingError.dataCorrupted`. Every other difference of type, `Float` and `Double` included, throws
/// `DecodingError.typeMismatch`, and nil where a value is asked for throws `DecodingError.valueNotFound`. Keys may be
/// read in any order, and those nobody asks for are skipped. A key encoded twice has its last value, as with
/// Foundation's coders.
///
/// ### Limits
///
/// - Values nest at most 256 deep, counting each call of `encode(to:)` or `init(from:)`, each nested container and each
///   super encoder. Encoding more throws `EncodingError`, decoding more throws `DecodingError`.
/// - As with every `Codable` encoding, references are copied, a shared object arrives once for each reference, a cycle
///   exceeds the depth, and `.some(nil)` of a doubly optional value arrives as `nil`.
/// - Keys travel as their `stringValue`; an `intValue` is what the key type makes of that string.
///
/// ### Malformed bytes
///
/// Any bytes whatever give a value or an error: lengths and counts are compared with what arrived before anything is
/// allocated, strings and keys must be valid UTF-8, packed Booleans must be 0 or 1, and nothing may follow the value.
/// Skipped values are not looked into.
public struct BinaryCoder: MessageCoder {
  /// Creates a coder; all are alike and hold no state.
  public init() {}

  /// Returns the binary encoding of a value.
  ///
  /// - Parameter value: What to encode.
  /// - Returns: A version byte and the value, in the form described at ``BinaryCoder``.
  /// - Throws: `EncodingError` if the value nests too deeply or uses its encoder against the rules, as in asking for a
  ///   keyed and an unkeyed container at once; or whatever its `encode(to:)` throws.
  public func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
    let output = BinaryOutput()
    output.bytes.append(BinaryFormat.version)
    let encoder = BinaryEncoder(root: output)
    try encoder.encode(value)
    encoder.close()
    if let error = encoder.session.firstError { throw error }
    return output.flattened()
  }

  /// Returns the value of which the bytes are the binary encoding.
  ///
  /// - Parameters:
  ///   - type: What the sender encoded, or a type that decodes from the same encoding.
  ///   - bytes: One whole encoded value; may be anything at all.
  /// - Returns: A new value of the type.
  /// - Throws: `DecodingError` if the bytes are malformed or hold something else, with the place in its coding path; or
  ///   whatever the type's `init(from:)` throws.
  public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try BinaryDecoder(message: bytes).decode(type)
  }
}
