extension BinaryOutput {
  /// Appends a tag.
  @inline(__always)
  func append(_ tag: BinaryTag) {
    bytes.append(tag.rawValue)
  }

  /// Appends an unsigned LEB128 number of at most 128 bits.
  @inline(__always)
  func append<Number: FixedWidthInteger & UnsignedInteger>(varint number: Number) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Stores a number that is not negative as a LEB128 number where there is room for it.
  static func store(varint number: Int, in target: UnsafeMutableRawBufferPointer, at position: Int) {
    var rest = number
    var position = position
    while rest >= 0x80 {
      target[position] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest >>= 7
      position += 1
    }
    target[position] = UInt8(rest)
  }

  /// The number of bytes of a number that is not negative as a LEB128 number.
  static func varintSize(_ number: Int) -> Int {
    max(1, (Int.bitWidth - number.leadingZeroBitCount + 6) / 7)
  }

  /// Appends an integer in its shortest form.
  func append<Integer: FixedWidthInteger>(integer: Integer) {
    let isNegative = Integer.isSigned && integer < 0
    let code = isNegative ? ~integer : integer
    if isNegative {
      if code < BinaryFormat.smallNegatives {
        bytes.append(BinaryFormat.zero - 1 - UInt8(truncatingIfNeeded: code))
        return
      }
      append(.negative)
    } else {
      if code < BinaryFormat.smallIntegers {
        bytes.append(BinaryFormat.zero + UInt8(truncatingIfNeeded: code))
        return
      }
      append(.positive)
    }
    if let narrow = UInt64(exactly: code) {
      append(varint: narrow)
    } else {
      append(varint: UInt128(truncatingIfNeeded: code))
    }
  }

  /// Appends the bytes of an integer, lowest first.
  @inline(__always)
  func append<Pattern: FixedWidthInteger>(littleEndian pattern: Pattern) {
    withUnsafeBytes(of: pattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a `Float` with its tag.
  func append(float: Float) {
    append(.float)
    append(littleEndian: float.bitPattern)
  }

  /// Appends a `Double` with its tag.
  func append(double: Double) {
    append(.double)
    append(littleEndian: double.bitPattern)
  }

  /// Appends a string with its tag.
  func append(string: String) {
    var string = string
    string.withUTF8 { utf8 in
      if utf8.count <= BinaryFormat.maximumShortLength {
        bytes.append(BinaryFormat.shortString + UInt8(utf8.count))
      } else {
        append(.string)
        append(varint: UInt64(utf8.count))
      }
      bytes.append(contentsOf: utf8)
    }
  }

  /// Appends a key, which has no tag.
  func append(key: String) {
    var key = key
    key.withUTF8 { utf8 in
      append(varint: UInt64(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  /// Appends an array of numbers in bulk.
  func append<Element: PackedElement>(packed elements: [Element]) {
    append(.packed)
    bytes.append(Element.packedKind.rawValue)
    append(varint: UInt64(elements.count))
    let needed = bytes.count + elements.count * MemoryLayout<Element>.size
    if needed > bytes.capacity {
      // Some more than that, so that the headers around a large array do not make it be copied once more.
      bytes.reserveCapacity(max(needed + 256, 2 * bytes.capacity))
    }
    elements.withUnsafeBytes { raw in
      #if _endian(little)
        bytes.append(contentsOf: raw)
      #else
        let swapped = [UInt8](unsafeUninitializedCapacity: raw.count) { buffer, initialized in
          LittleEndian.copy(raw, to: UnsafeMutableRawBufferPointer(buffer), size: MemoryLayout<Element>.size)
          initialized = raw.count
        }
        bytes.append(contentsOf: swapped)
      #endif
    }
  }

  /// Appends a value if the format has a form of its own for its type, and returns whether it has.
  @inline(__always)
  func append<Value>(known value: Value) -> Bool {
    // The size comes first: it spares most types all the comparisons.
    switch MemoryLayout<Value>.size {
    case 1:
      if Value.self == Bool.self {
        append(unsafeBitCast(value, to: Bool.self) ? .truth : .falsehood)
        return true
      }
      return append(value, ifInteger: UInt8.self) || append(value, ifInteger: Int8.self)
    case 2:
      return append(value, ifInteger: UInt16.self) || append(value, ifInteger: Int16.self)
    case 4:
      if Value.self == Float.self {
        append(float: unsafeBitCast(value, to: Float.self))
        return true
      }
      return append(value, ifInteger: Int32.self) || append(value, ifInteger: UInt32.self)
        || append(value, ifInteger: Int.self) || append(value, ifInteger: UInt.self)
    case 8:
      if Value.self == Double.self {
        append(double: unsafeBitCast(value, to: Double.self))
        return true
      }
      return append(value, ifInteger: Int.self) || append(value, ifInteger: Int64.self)
        || append(value, ifInteger: UInt64.self) || append(value, ifInteger: UInt.self) || append(array: value)
    case MemoryLayout<String>.size where Value.self == String.self:
      append(string: unsafeBitCast(value, to: String.self))
      return true
    case 16:
      return append(value, ifInteger: Int128.self) || append(value, ifInteger: UInt128.self)
    default:
      return false
    }
  }

  /// Appends a value if it is an array of numbers.
  private func append<Value>(array value: Value) -> Bool {
    append(value, ifArrayOf: Double.self) || append(value, ifArrayOf: Float.self)
      || append(value, ifArrayOf: Int.self) || append(value, ifArrayOf: UInt8.self)
      || append(value, ifArrayOf: Int32.self) || append(value, ifArrayOf: Int64.self)
      || append(value, ifArrayOf: UInt32.self) || append(value, ifArrayOf: UInt64.self)
      || append(value, ifArrayOf: UInt.self) || append(value, ifArrayOf: Int8.self)
      || append(value, ifArrayOf: Int16.self) || append(value, ifArrayOf: UInt16.self)
      || append(value, ifArrayOf: Bool.self) || append(value, ifArrayOf: Int128.self)
      || append(value, ifArrayOf: UInt128.self)
  }

  /// Appends a value if it is of an integer type.
  @inline(__always)
  private func append<Value, Integer: FixedWidthInteger>(_ value: Value, ifInteger type: Integer.Type) -> Bool {
    guard Value.self == Integer.self else { return false }
    append(integer: unsafeBitCast(value, to: Integer.self))
    return true
  }

  /// Appends a value if it is an array of the type.
  @inline(__always)
  private func append<Value, Element: PackedElement>(_ value: Value, ifArrayOf type: Element.Type) -> Bool {
    guard Value.self == [Element].self else { return false }
    append(packed: unsafeBitCast(value, to: [Element].self))
    return true
  }
}
