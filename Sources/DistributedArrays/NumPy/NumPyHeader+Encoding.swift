extension NumPyHeader {
  /// Describes an array that is to be written, in the byte order of this processor.
  ///
  /// The bytes of the header are the ones that `numpy.save` writes, so that files can be compared with `cmp`. NumPy
  /// itself opens up to 64 dimensions (32 before version 2).
  ///
  /// - Parameters:
  ///   - kind: The type of the elements.
  ///   - shape: The length of each dimension.
  ///   - isFortranOrder: Whether the first index varies fastest in the file.
  /// - Throws: ``NumPyError/Code/invalidShape`` if a length is negative or the array is too large for any file.
  public init(kind: NumPyElementKind, shape: [Int], isFortranOrder: Bool = false) throws(NumPyError) {
    try self.init(kind: kind, shape: shape, isFortranOrder: isFortranOrder, path: "")
  }

  init(kind: NumPyElementKind, shape: [Int], isFortranOrder: Bool, path: String) throws(NumPyError) {
    let descriptor = NumPyDescriptor(kind)
    let text = Self.dictionary(descriptor: descriptor, shape: shape, isFortranOrder: isFortranOrder)
    let layout = Self.layout(textLength: text.utf8.count)
    let header = NumPyHeader(
      majorVersion: layout.majorVersion, descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape,
      dataOffset: layout.dataOffset)
    guard let header, layout.dataOffset - layout.prefixLength <= Self.maximumLength else {
      throw NumPyError(
        .invalidShape, path: path,
        "The shape \(shape) with elements of \(kind.itemSize) bytes cannot be written. "
          + "Lengths must not be negative, and the file must be smaller than 2⁶³ bytes.")
    }
    self = header
  }

  /// The bytes of a file before its first element, for an array that is written by this library.
  ///
  /// A multiple of 64 bytes long, format version 1.0, or 2.0 if the text is longer than 65,535 bytes.
  public var encoded: [UInt8] {
    let text = Self.dictionary(descriptor: descriptor, shape: shape, isFortranOrder: isFortranOrder)
    let layout = Self.layout(textLength: text.utf8.count)
    let length = layout.dataOffset - layout.prefixLength

    var bytes: [UInt8] = []
    bytes.reserveCapacity(layout.dataOffset)
    bytes += Self.magic
    bytes += [UInt8(layout.majorVersion), 0]
    for position in 0..<layout.prefixLength - Self.magic.count - 2 {
      bytes.append(UInt8(truncatingIfNeeded: length >> (8 * position)))
    }
    bytes += text.utf8
    bytes += repeatElement(UInt8(ascii: " "), count: layout.dataOffset - 1 - bytes.count)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The Python dictionary, with the blanks that NumPy leaves so that the array can grow in place.
  private static func dictionary(descriptor: NumPyDescriptor, shape: [Int], isFortranOrder: Bool) -> String {
    var text = "{'descr': '\(descriptor)', 'fortran_order': \(isFortranOrder ? "True" : "False"), "
    text += "'shape': \(tuple(shape)), }"
    if let growing = isFortranOrder ? shape.last : shape.first {
      text += String(repeating: " ", count: max(0, 21 - String(growing).utf8.count))
    }
    return text
  }

  /// Which version has room for a text, where that puts the text, and where the padding after it ends.
  private static func layout(textLength: Int) -> (majorVersion: Int, prefixLength: Int, dataOffset: Int) {
    // As NumPy: between 1 and 64 bytes of padding, the last of all is a line feed.
    func end(_ prefix: Int) -> Int { ((prefix + textLength + 1) / 64 + 1) * 64 }
    return end(10) - 10 <= Int(UInt16.max) ? (1, 10, end(10)) : (2, 12, end(12))
  }
}
