/// What the elements of a packed array are; `Int` and `UInt` travel as their 64-bit equals.
enum PackedKind: UInt8 {
  case bool = 0
  case int8 = 1
  case int16 = 2
  case int32 = 3
  case int64 = 4
  case int128 = 5
  case uint8 = 6
  case uint16 = 7
  case uint32 = 8
  case uint64 = 9
  case uint128 = 10
  case float = 11
  case double = 12

  /// The number of bytes of one element.
  var width: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float: 4
    case .int64, .uint64, .double: 8
    case .int128, .uint128: 16
    }
  }
}

/// A type whose arrays are copied in bulk; every arrangement of its bytes is a value, except for `Bool`.
protocol PackedElement {
  /// How the type is named in a message.
  static var packedKind: PackedKind { get }

  /// Reads elements that were packed as another kind.
  static func converted(from kind: PackedKind, _ raw: UnsafeRawBufferPointer) throws(BinaryFault) -> [Self]
}

extension PackedElement {
  static func converted(from kind: PackedKind, _ raw: UnsafeRawBufferPointer) throws(BinaryFault) -> [Self] {
    throw .elementMismatch(kind)
  }
}

extension PackedElement where Self: FixedWidthInteger {
  static func converted(from kind: PackedKind, _ raw: UnsafeRawBufferPointer) throws(BinaryFault) -> [Self] {
    switch kind {
    case .int8: try narrowed(raw, from: Int8.self)
    case .int16: try narrowed(raw, from: Int16.self)
    case .int32: try narrowed(raw, from: Int32.self)
    case .int64: try narrowed(raw, from: Int64.self)
    case .int128: try narrowed(raw, from: Int128.self)
    case .uint8: try narrowed(raw, from: UInt8.self)
    case .uint16: try narrowed(raw, from: UInt16.self)
    case .uint32: try narrowed(raw, from: UInt32.self)
    case .uint64: try narrowed(raw, from: UInt64.self)
    case .uint128: try narrowed(raw, from: UInt128.self)
    case .bool, .float, .double: throw .elementMismatch(kind)
    }
  }

  /// Reads integers of another type, each of which has to fit in this one.
  private static func narrowed<Source: FixedWidthInteger & PackedElement>(
    _ raw: UnsafeRawBufferPointer, from source: Source.Type
  ) throws(BinaryFault) -> [Self] {
    let elements = LittleEndian.array(of: source, raw)
    var result: [Self] = []
    result.reserveCapacity(elements.count)
    for element in elements {
      guard let fitting = Self(exactly: element) else { throw .range }
      result.append(fitting)
    }
    return result
  }
}

extension Bool: PackedElement { static var packedKind: PackedKind { .bool } }
extension Int8: PackedElement { static var packedKind: PackedKind { .int8 } }
extension Int16: PackedElement { static var packedKind: PackedKind { .int16 } }
extension Int32: PackedElement { static var packedKind: PackedKind { .int32 } }
extension Int64: PackedElement { static var packedKind: PackedKind { .int64 } }
extension Int128: PackedElement { static var packedKind: PackedKind { .int128 } }
extension UInt8: PackedElement { static var packedKind: PackedKind { .uint8 } }
extension UInt16: PackedElement { static var packedKind: PackedKind { .uint16 } }
extension UInt32: PackedElement { static var packedKind: PackedKind { .uint32 } }
extension UInt64: PackedElement { static var packedKind: PackedKind { .uint64 } }
extension UInt128: PackedElement { static var packedKind: PackedKind { .uint128 } }
extension Float: PackedElement { static var packedKind: PackedKind { .float } }
extension Double: PackedElement { static var packedKind: PackedKind { .double } }

#if _pointerBitWidth(_64)
  extension Int: PackedElement { static var packedKind: PackedKind { .int64 } }
  extension UInt: PackedElement { static var packedKind: PackedKind { .uint64 } }
#else
  extension Int: PackedElement { static var packedKind: PackedKind { .int32 } }
  extension UInt: PackedElement { static var packedKind: PackedKind { .uint32 } }
#endif

/// Copies between the memory of this machine and the little-endian bytes of messages.
enum LittleEndian {
  /// The elements whose bytes these are; the count of bytes is a multiple of their size.
  static func array<Element: PackedElement>(
    of type: Element.Type, _ raw: UnsafeRawBufferPointer
  ) -> [Element] {
    let size = MemoryLayout<Element>.size
    return [Element](unsafeUninitializedCapacity: raw.count / size) { buffer, initialized in
      copy(raw, to: UnsafeMutableRawBufferPointer(buffer), size: size)
      initialized = raw.count / size
    }
  }

  /// Copies elements of one size to memory that has room for them, reversing each if this machine is big-endian.
  static func copy(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, size: Int) {
    #if _endian(little)
      target.copyMemory(from: source)
    #else
      for index in 0..<source.count {
        target[index] = source[index / size * size + size - 1 - index % size]
      }
    #endif
  }
}
