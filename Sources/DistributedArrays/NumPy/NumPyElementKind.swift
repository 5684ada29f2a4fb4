/// A kind of array element that a `.npy` file may hold and this library reads and writes.
///
/// The raw value is NumPy's name of the type, as in `numpy.dtype("float64")`.
public enum NumPyElementKind: String, CaseIterable, Hashable, Sendable {
  /// True or false, in one byte that is 0 or 1.
  case bool
  /// Signed integers of 8 bits.
  case int8
  /// Signed integers of 16 bits.
  case int16
  /// Signed integers of 32 bits.
  case int32
  /// Signed integers of 64 bits.
  case int64
  /// Unsigned integers of 8 bits.
  case uint8
  /// Unsigned integers of 16 bits.
  case uint16
  /// Unsigned integers of 32 bits.
  case uint32
  /// Unsigned integers of 64 bits.
  case uint64
  /// IEEE 754 numbers of single precision.
  case float32
  /// IEEE 754 numbers of double precision.
  case float64
  /// Complex numbers of single precision: 8 bytes, the real part first.
  case complex64
  /// Complex numbers of double precision: 16 bytes, the real part first.
  case complex128
}

extension NumPyElementKind {
  /// NumPy's name of the type, for example `float64`.
  public var name: String { rawValue }

  /// How many bytes one element takes in a file and in memory.
  public var itemSize: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  /// The letter and size that stand for the type in a header, for example `f8`.
  public var code: String {
    switch self {
    case .bool: "b1"
    case .int8: "i1"
    case .int16: "i2"
    case .int32: "i4"
    case .int64: "i8"
    case .uint8: "u1"
    case .uint16: "u2"
    case .uint32: "u4"
    case .uint64: "u8"
    case .float32: "f4"
    case .float64: "f8"
    case .complex64: "c8"
    case .complex128: "c16"
    }
  }

  /// How many bytes are reversed together when the byte order changes: a complex number is two numbers.
  var wordSize: Int {
    switch self {
    case .complex64: 4
    case .complex128: 8
    default: itemSize
    }
  }
}

extension NumPyElementKind: CustomStringConvertible {
  /// NumPy's name of the type, for example `float64`.
  public var description: String { rawValue }
}
