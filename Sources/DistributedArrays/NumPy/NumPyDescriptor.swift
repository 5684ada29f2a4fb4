/// The element type of a `.npy` file: which kind of number, and in which byte order.
///
/// Written `<f8` for little-endian, `>f8` for big-endian and `|i1` where there is only one byte to order.
public struct NumPyDescriptor: Hashable, Sendable {
  /// The order of the bytes of one number.
  public enum ByteOrder: Hashable, Sendable {
    /// The least significant byte comes first.
    case littleEndian
    /// The most significant byte comes first.
    case bigEndian

    /// The order in which this processor keeps numbers in memory.
    public static var native: ByteOrder {
      Int(littleEndian: 1) == 1 ? .littleEndian : .bigEndian
    }
  }

  /// What kind of number each element is.
  public let kind: NumPyElementKind

  /// The byte order in the file; native for elements of one byte.
  public let byteOrder: ByteOrder

  /// Describes elements of a kind in a byte order, which has no meaning for elements of one byte.
  public init(_ kind: NumPyElementKind, _ byteOrder: ByteOrder = .native) {
    self.kind = kind
    self.byteOrder = kind.itemSize == 1 ? .native : byteOrder
  }

  /// Reads the text of a header's `descr` entry, or gives nil for a type that this library does not read.
  ///
  /// `=`, `|` or no sign at all mean the native order, as in `numpy.dtype`.
  public init?(_ text: String) {
    var code = Substring(text)
    var byteOrder = ByteOrder.native
    switch code.first {
    case "<": byteOrder = .littleEndian
    case ">": byteOrder = .bigEndian
    case "=", "|": break
    default: code = "=" + code
    }
    code.removeFirst()
    guard let kind = NumPyElementKind.allCases.first(where: { $0.code == code }) else { return nil }
    self.init(kind, byteOrder)
  }

  /// Whether the bytes have to be reversed to become numbers on this processor.
  public var isByteSwapped: Bool { byteOrder != .native }
}

extension NumPyDescriptor: CustomStringConvertible {
  /// The text that NumPy writes in a header, for example `<f8`.
  public var description: String {
    if kind.itemSize == 1 { return "|" + kind.code }
    return (byteOrder == .littleEndian ? "<" : ">") + kind.code
  }
}
