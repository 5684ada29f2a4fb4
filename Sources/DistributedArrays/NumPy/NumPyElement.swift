public import ComplexModule

/// A Swift type whose values can be read from and written to `.npy` files as they lie in memory.
///
/// A type of your own may conform if its values are laid out exactly as those of its ``numPyKind``, a struct around one
/// `Double` for example. Every pattern of bits must be a valid value of it; reading checks this only for
/// ``NumPyElementKind/bool``. The type must be trivial: no references in it. This is checked when a file is read or
/// written, because the compiler's `BitwiseCopyable` cannot be demanded of `Complex`, which swift-numerics does not
/// declare as such.
public protocol NumPyElement: Sendable {
  /// The kind of file element that has the same size and meaning.
  static var numPyKind: NumPyElementKind { get }
}

extension NumPyElement {
  /// How NumPy describes an array of this type that is in memory here, for example `<f8`.
  public static var numPyDescriptor: NumPyDescriptor { NumPyDescriptor(numPyKind) }
}

extension Bool: NumPyElement {
  /// One byte, 0 or 1; any other byte in a file is an error.
  public static var numPyKind: NumPyElementKind { .bool }
}

extension Int8: NumPyElement {
  /// The signed integers of 8 bits.
  public static var numPyKind: NumPyElementKind { .int8 }
}

extension Int16: NumPyElement {
  /// The signed integers of 16 bits.
  public static var numPyKind: NumPyElementKind { .int16 }
}

extension Int32: NumPyElement {
  /// The signed integers of 32 bits.
  public static var numPyKind: NumPyElementKind { .int32 }
}

extension Int64: NumPyElement {
  /// The signed integers of 64 bits.
  public static var numPyKind: NumPyElementKind { .int64 }
}

extension Int: NumPyElement {
  /// The signed integers of 64 bits; where `Int` is smaller, reading and writing throw.
  public static var numPyKind: NumPyElementKind { .int64 }
}

extension UInt8: NumPyElement {
  /// The unsigned integers of 8 bits.
  public static var numPyKind: NumPyElementKind { .uint8 }
}

extension UInt16: NumPyElement {
  /// The unsigned integers of 16 bits.
  public static var numPyKind: NumPyElementKind { .uint16 }
}

extension UInt32: NumPyElement {
  /// The unsigned integers of 32 bits.
  public static var numPyKind: NumPyElementKind { .uint32 }
}

extension UInt64: NumPyElement {
  /// The unsigned integers of 64 bits.
  public static var numPyKind: NumPyElementKind { .uint64 }
}

extension UInt: NumPyElement {
  /// The unsigned integers of 64 bits; where `UInt` is smaller, reading and writing throw.
  public static var numPyKind: NumPyElementKind { .uint64 }
}

extension Float: NumPyElement {
  /// Single precision.
  public static var numPyKind: NumPyElementKind { .float32 }
}

extension Double: NumPyElement {
  /// Double precision.
  public static var numPyKind: NumPyElementKind { .float64 }
}

extension Complex: NumPyElement where RealType: NumPyElement {
  /// Complex numbers of the precision of the real type.
  public static var numPyKind: NumPyElementKind { RealType.numPyKind == .float32 ? .complex64 : .complex128 }
}

extension NumPyElementKind {
  /// The Swift type of such elements, for a program that learns from a file what it holds.
  ///
  /// ```swift
  /// guard let type = file.header.kind.elementType as? any ArithmeticDatatype.Type else { … }
  /// ```
  public var elementType: any NumPyElement.Type {
    switch self {
    case .bool: Bool.self
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .uint8: UInt8.self
    case .uint16: UInt16.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    case .float32: Float.self
    case .float64: Double.self
    case .complex64: Complex<Float>.self
    case .complex128: Complex<Double>.self
    }
  }
}
