extension BinaryReader {
  /// Reads a tag that is not one of a small integer or short string and has to be the given one.
  @inline(__always)
  mutating func expect(_ tag: BinaryTag) throws(BinaryFault) {
    let byte = try byte()
    guard byte == tag.rawValue else { throw Self.mismatch(byte) }
  }

  /// What is wrong with a value that begins with the byte, where another kind of value was asked for.
  static func mismatch(_ byte: UInt8) -> BinaryFault {
    if byte == BinaryTag.null.rawValue { return .null }
    if byte < BinaryFormat.shortString && BinaryTag(rawValue: byte) == nil {
      return .malformed("A value begins with an unknown tag.")
    }
    return .mismatch(byte)
  }

  /// Reads a Boolean.
  mutating func bool() throws(BinaryFault) -> Bool {
    let byte = try byte()
    if byte == BinaryTag.truth.rawValue { return true }
    if byte == BinaryTag.falsehood.rawValue { return false }
    throw Self.mismatch(byte)
  }

  /// Reads an integer, which has to fit in the type.
  @inline(__always)
  mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(BinaryFault) -> Integer {
    let byte = try byte()
    if byte >= BinaryFormat.firstSmallInteger {
      guard let value = Integer(exactly: Int(byte) - Int(BinaryFormat.zero)) else { throw .range }
      return value
    }
    let isNegative = byte == BinaryTag.negative.rawValue
    guard isNegative || byte == BinaryTag.positive.rawValue else { throw Self.mismatch(byte) }
    let code = try varint(UInt128.self)
    if isNegative && code > UInt128(Int128.max) { throw .malformed("A number has too many bits.") }
    let value = isNegative ? Integer(exactly: ~Int128(truncatingIfNeeded: code)) : Integer(exactly: code)
    guard let value else { throw .range }
    return value
  }

  /// Reads a `Float`.
  mutating func float() throws(BinaryFault) -> Float {
    try expect(.float)
    return Float(bitPattern: try littleEndian(UInt32.self))
  }

  /// Reads a `Double`.
  mutating func double() throws(BinaryFault) -> Double {
    try expect(.double)
    return Double(bitPattern: try littleEndian(UInt64.self))
  }

  /// Reads a string.
  mutating func string() throws(BinaryFault) -> String {
    let byte = try byte()
    if byte >= BinaryFormat.shortString && byte < BinaryFormat.firstSmallInteger {
      return try utf8(Int(byte - BinaryFormat.shortString))
    }
    guard byte == BinaryTag.string.rawValue else { throw Self.mismatch(byte) }
    return try utf8(try count())
  }

  /// Reads an array of numbers or Booleans, unless its elements were encoded one by one.
  mutating func array<Element: PackedElement>(of type: Element.Type) throws(BinaryFault) -> [Element]? {
    guard position < end, bytes[position] == BinaryTag.packed.rawValue else { return nil }
    _ = try byte()
    let (kind, elements) = try packed()
    if kind == .bool && Element.packedKind == .bool { try checkBooleans(elements) }
    let result: Result<[Element], BinaryFault> = bytes.withUnsafeBytes { raw in
      let raw = UnsafeRawBufferPointer(rebasing: raw[elements])
      if kind == Element.packedKind { return .success(LittleEndian.array(of: type, raw)) }
      return Result { () throws(BinaryFault) in try Element.converted(from: kind, raw) }
    }
    return try result.get()
  }

  /// Checks that all bytes of a range are 0 or 1.
  private func checkBooleans(_ range: Range<Int>) throws(BinaryFault) {
    guard bytes[range].allSatisfy({ $0 <= 1 }) else { throw .malformed("A Boolean is neither 0 nor 1.") }
  }

  /// Reads a packed array after its tag as the container it would be had its elements been encoded one by one.
  mutating func unpacked() throws(BinaryFault) -> Container {
    var start = self
    start.seek(to: position - 1)
    let (kind, _) = try packed()
    let output = BinaryOutput()
    func unpack<Element: PackedElement>(
      _ type: Element.Type, _ append: (Element) -> Void
    ) throws(BinaryFault) -> Int {
      var reader = start
      let elements = try reader.array(of: type) ?? []
      for element in elements { append(element) }
      return elements.count
    }
    let count =
      switch kind {
      case .bool: try unpack(Bool.self) { output.append($0 ? .truth : .falsehood) }
      case .int8: try unpack(Int8.self) { output.append(integer: $0) }
      case .int16: try unpack(Int16.self) { output.append(integer: $0) }
      case .int32: try unpack(Int32.self) { output.append(integer: $0) }
      case .int64: try unpack(Int64.self) { output.append(integer: $0) }
      case .int128: try unpack(Int128.self) { output.append(integer: $0) }
      case .uint8: try unpack(UInt8.self) { output.append(integer: $0) }
      case .uint16: try unpack(UInt16.self) { output.append(integer: $0) }
      case .uint32: try unpack(UInt32.self) { output.append(integer: $0) }
      case .uint64: try unpack(UInt64.self) { output.append(integer: $0) }
      case .uint128: try unpack(UInt128.self) { output.append(integer: $0) }
      case .float: try unpack(Float.self) { output.append(float: $0) }
      case .double: try unpack(Double.self) { output.append(double: $0) }
      }
    let body = BinaryReader(bytes: output.bytes, position: 0, end: output.bytes.count)
    return Container(body: body, count: count)
  }
}
