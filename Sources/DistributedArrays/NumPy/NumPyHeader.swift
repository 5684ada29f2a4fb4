/// What the beginning of a `.npy` file says about the array in it.
///
/// A header that exists is consistent: its lengths are not negative, and the number of elements, of bytes and the end
/// of the data are all representable as `Int`.
public struct NumPyHeader: Hashable, Sendable {
  /// The version of the file format: 1 for short headers, 2 for long ones, 3 for names beyond Latin-1.
  public let majorVersion: Int

  /// The type of the elements and their byte order.
  public let descriptor: NumPyDescriptor

  /// Whether the first index varies fastest (column-major) rather than the last (row-major).
  public let isFortranOrder: Bool

  /// The length of each dimension; empty for a single number without dimensions.
  public let shape: [Int]

  /// Where the first element begins, in bytes from the start of the file.
  public let dataOffset: Int

  /// How many elements the array has: the product of its lengths.
  public let count: Int

  /// Checks the sizes and keeps them; gives nil if one is negative or not representable.
  init?(majorVersion: Int, descriptor: NumPyDescriptor, isFortranOrder: Bool, shape: [Int], dataOffset: Int) {
    guard let count = Self.elementCount(shape: shape) else { return nil }
    let (byteCount, tooManyBytes) = count.multipliedReportingOverflow(by: descriptor.kind.itemSize)
    guard !tooManyBytes, !byteCount.addingReportingOverflow(dataOffset).overflow else { return nil }
    self.majorVersion = majorVersion
    self.descriptor = descriptor
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    self.dataOffset = dataOffset
    self.count = count
  }

  /// The product of the lengths, 1 for no lengths at all, or nil if one is negative or the product is too large.
  static func elementCount(shape: [Int]) -> Int? {
    if shape.contains(where: { $0 < 0 }) { return nil }
    if shape.contains(0) { return 0 }
    var product = 1
    for length in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      product = next
    }
    return product
  }
}

extension NumPyHeader {
  /// The kind of the elements, whatever their byte order.
  public var kind: NumPyElementKind { descriptor.kind }

  /// How many bytes all elements take.
  public var byteCount: Int { count * kind.itemSize }

  /// How many bytes the whole file has at least, header included.
  public var fileSize: Int { dataOffset + byteCount }

  /// Where an element begins, in bytes from the start of the file.
  func offset(ofElement index: Int) -> Int { dataOffset + index * kind.itemSize }
}

extension NumPyHeader: CustomStringConvertible {
  /// The type and the shape, for example `float64 (300, 200), column-major`.
  public var description: String {
    "\(kind) \(Self.tuple(shape))\(descriptor.isByteSwapped ? ", byte-swapped" : "")"
      + (isFortranOrder ? ", column-major" : "")
  }

  /// A shape as Python writes it: `()`, `(3,)`, `(3, 4)`.
  static func tuple(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }
}
