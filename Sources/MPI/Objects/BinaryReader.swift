/// A place in a message and the end of what may be read from there; every read is checked against it.
struct BinaryReader {
  /// The whole message.
  let bytes: [UInt8]

  /// Where the next read begins.
  private(set) var position: Int

  /// The end of what may be read, at most that of the message.
  let end: Int

  /// Creates a reader of part of a message.
  init(bytes: [UInt8], position: Int, end: Int) {
    self.bytes = bytes
    self.position = position
    self.end = end
  }

  /// The number of bytes that may still be read.
  var remaining: Int { end - position }

  /// A reader of the next bytes of the given number, which are known to be there.
  func prefix(_ count: Int) -> BinaryReader {
    BinaryReader(bytes: bytes, position: position, end: position + count)
  }

  /// Goes on to the given place, which is known to be before the end.
  mutating func seek(to newPosition: Int) {
    position = newPosition
  }

  /// Reads one byte.
  @inline(__always)
  mutating func byte() throws(BinaryFault) -> UInt8 {
    guard position < end else { throw .malformed("The message ends too early.") }
    let byte = bytes[position]
    position += 1
    return byte
  }

  /// Passes over bytes and returns where they begin.
  @inline(__always)
  mutating func skip(_ count: Int) throws(BinaryFault) -> Int {
    guard count <= remaining else { throw .malformed("The message ends too early.") }
    let start = position
    position += count
    return start
  }

  /// Reads an unsigned LEB128 number that has to fit in the type, and in no fewer bytes than it needs.
  @inline(__always)
  mutating func varint<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type
  ) throws(BinaryFault) -> Number {
    var number: Number = 0
    var shift = 0
    while true {
      let byte = try byte()
      let bits = Number(truncatingIfNeeded: byte & 0x7F)
      guard shift < Number.bitWidth, (bits << shift) >> shift == bits else {
        throw .malformed("A number has too many bits.")
      }
      number |= bits << shift
      if byte < 0x80 {
        guard byte != 0 || shift == 0 else { throw .malformed("A number is longer than it needs to be.") }
        return number
      }
      shift += 7
    }
  }

  /// Reads how many things follow, each of which takes at least the given number of bytes.
  @inline(__always)
  mutating func count(ofSize size: Int = 1) throws(BinaryFault) -> Int {
    let number = try varint(UInt64.self)
    guard number <= UInt64(remaining / size) else {
      throw .malformed("A length or count exceeds the rest of the message.")
    }
    return Int(number)
  }

  /// Reads a fixed-width number, lowest byte first.
  @inline(__always)
  mutating func littleEndian<Pattern: FixedWidthInteger>(_ type: Pattern.Type) throws(BinaryFault) -> Pattern {
    let start = try skip(MemoryLayout<Pattern>.size)
    return bytes.withUnsafeBytes { Pattern(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: type)) }
  }

  /// Reads the rest of a string whose length is known, and is that of the UTF-8.
  mutating func utf8(_ length: Int) throws(BinaryFault) -> String {
    let start = try skip(length)
    guard let string = String(validating: bytes[start..<start + length], as: UTF8.self) else {
      throw .malformed("A string is not valid UTF-8.")
    }
    return string
  }

  /// Whether the next value is nil; false at the end.
  var isAtNull: Bool { position < end && bytes[position] == BinaryTag.null.rawValue }

  /// What follows the tag of a container.
  struct Container {
    /// The entries or elements, and nothing else.
    var body: BinaryReader
    /// How many entries or elements there have to be; never more than the body's bytes.
    let count: Int

    /// Checks that the body is as many elements as it says, so that memory can be reserved for them; linear in the count.
    func checkCount() throws(BinaryFault) {
      var reader = body
      for _ in 0..<count { try reader.skipValue() }
      guard reader.remaining == 0 else { throw .malformed("A container has more than its elements.") }
    }
  }

  /// Reads the header of a container after its tag, and passes over the body.
  mutating func container() throws(BinaryFault) -> Container {
    let length = try varint(UInt64.self)
    let count = try varint(UInt64.self)
    guard length <= UInt64(remaining), count <= length else {
      throw .malformed("A length or count exceeds the rest of the message.")
    }
    let body = prefix(Int(length))
    position += Int(length)
    return Container(body: body, count: Int(count))
  }

  /// Reads the header of a packed array after its tag, and passes over the elements.
  mutating func packed() throws(BinaryFault) -> (kind: PackedKind, elements: Range<Int>) {
    guard let kind = PackedKind(rawValue: try byte()) else {
      throw .malformed("An array has elements of an unknown kind.")
    }
    let length = try count(ofSize: kind.width) * kind.width
    let start = try skip(length)
    return (kind, start..<start + length)
  }

  /// Passes over one value, without looking at what is inside it.
  mutating func skipValue() throws(BinaryFault) {
    let byte = try byte()
    if byte >= BinaryFormat.firstSmallInteger { return }
    if byte >= BinaryFormat.shortString {
      _ = try skip(Int(byte - BinaryFormat.shortString))
      return
    }
    switch BinaryTag(rawValue: byte) {
    case .null, .falsehood, .truth: break
    case .positive, .negative: _ = try varint(UInt128.self)
    case .float: _ = try skip(4)
    case .double: _ = try skip(8)
    case .string: _ = try skip(try count())
    case .keyed, .unkeyed: _ = try container()
    case .packed: _ = try packed()
    case nil: throw .malformed("A value begins with an unknown tag.")
    }
  }
}
