extension BinaryReader {
  /// Reads a value of a type that the format has a form of its own for, and returns nil for all other types.
  @inline(__always)
  mutating func known<Value>(_ type: Value.Type) throws(BinaryFault) -> Value? {
    // The size comes first: it spares most types all the comparisons.
    switch MemoryLayout<Value>.size {
    case 1:
      if type == Bool.self { return unsafeBitCast(try bool(), to: type) }
      if type == UInt8.self { return unsafeBitCast(try integer(UInt8.self), to: type) }
      if type == Int8.self { return unsafeBitCast(try integer(Int8.self), to: type) }
    case 2:
      if type == UInt16.self { return unsafeBitCast(try integer(UInt16.self), to: type) }
      if type == Int16.self { return unsafeBitCast(try integer(Int16.self), to: type) }
    case 4:
      if type == Float.self { return unsafeBitCast(try float(), to: type) }
      if type == Int32.self { return unsafeBitCast(try integer(Int32.self), to: type) }
      if type == UInt32.self { return unsafeBitCast(try integer(UInt32.self), to: type) }
      if type == Int.self { return unsafeBitCast(try integer(Int.self), to: type) }
      if type == UInt.self { return unsafeBitCast(try integer(UInt.self), to: type) }
    case 8:
      if type == Double.self { return unsafeBitCast(try double(), to: type) }
      if type == Int.self { return unsafeBitCast(try integer(Int.self), to: type) }
      if type == Int64.self { return unsafeBitCast(try integer(Int64.self), to: type) }
      if type == UInt64.self { return unsafeBitCast(try integer(UInt64.self), to: type) }
      if type == UInt.self { return unsafeBitCast(try integer(UInt.self), to: type) }
      return try knownArray(type)
    case MemoryLayout<String>.size where type == String.self:
      return unsafeBitCast(try string(), to: type)
    case 16:
      if type == Int128.self { return unsafeBitCast(try integer(Int128.self), to: type) }
      if type == UInt128.self { return unsafeBitCast(try integer(UInt128.self), to: type) }
    default:
      break
    }
    return nil
  }

  /// Reads a packed array, if the type is one and the next value is too.
  private mutating func knownArray<Value>(_ type: Value.Type) throws(BinaryFault) -> Value? {
    guard position < end, bytes[position] == BinaryTag.packed.rawValue else { return nil }
    if type == [Double].self { return try array(of: Double.self, as: type) }
    if type == [Float].self { return try array(of: Float.self, as: type) }
    if type == [Int].self { return try array(of: Int.self, as: type) }
    if type == [UInt8].self { return try array(of: UInt8.self, as: type) }
    if type == [Int32].self { return try array(of: Int32.self, as: type) }
    if type == [Int64].self { return try array(of: Int64.self, as: type) }
    if type == [UInt32].self { return try array(of: UInt32.self, as: type) }
    if type == [UInt64].self { return try array(of: UInt64.self, as: type) }
    if type == [UInt].self { return try array(of: UInt.self, as: type) }
    if type == [Int8].self { return try array(of: Int8.self, as: type) }
    if type == [Int16].self { return try array(of: Int16.self, as: type) }
    if type == [UInt16].self { return try array(of: UInt16.self, as: type) }
    if type == [Bool].self { return try array(of: Bool.self, as: type) }
    if type == [Int128].self { return try array(of: Int128.self, as: type) }
    if type == [UInt128].self { return try array(of: UInt128.self, as: type) }
    return nil
  }

  /// Reads a packed array whose type is known to be the one asked for.
  private mutating func array<Element: PackedElement, Value>(
    of element: Element.Type, as type: Value.Type
  ) throws(BinaryFault) -> Value? {
    guard let elements = try array(of: element) else { return nil }
    return unsafeBitCast(elements, to: type)
  }
}
