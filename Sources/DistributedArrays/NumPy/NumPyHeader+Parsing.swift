extension NumPyHeader {
  /// What every `.npy` file begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The longest header that is read, in bytes; NumPy itself refuses more than 10,000 unless told otherwise.
  public static let maximumLength = 1 << 20

  /// How many bytes from the start of a file tell how long its header is.
  static let prefixLength = 12

  /// Parses the beginning of a file: at least the whole header, of which it reads no more.
  ///
  /// - Parameter bytes: The first bytes of a file; those beyond the header are ignored.
  /// - Throws: ``NumPyError/Code/malformedHeader``, or ``NumPyError/Code/unsupportedElement`` for strings, objects,
  ///   records and whatever else ``NumPyElementKind`` does not list.
  public init(parsing bytes: Span<UInt8>) throws(NumPyError) {
    let text = try Self.textRange(prefix: bytes, fileSize: bytes.count, path: "")
    try self.init(text: bytes.extracting(text), majorVersion: Int(bytes[6]), dataOffset: text.upperBound, path: "")
  }

  /// Where the dictionary lies in a file of which the first bytes are given; checks all that precedes it.
  static func textRange(prefix: Span<UInt8>, fileSize: Int, path: String) throws(NumPyError) -> Range<Int> {
    for index in magic.indices where index >= prefix.count || prefix[index] != magic[index] {
      throw NumPyError(
        .malformedHeader, path: path,
        fileSize == 0
          ? "The file is empty. Write it again with numpy.save."
          : "This is not a .npy file: it does not begin with the bytes \\x93NUMPY. Write it with numpy.save.")
    }
    guard prefix.count > 7 else { throw endsEarly(path: path) }
    guard (1...3).contains(prefix[6]), prefix[7] == 0 else {
      throw NumPyError(
        .unsupportedElement, path: path,
        "The file has format version \(prefix[6]).\(prefix[7]). Versions 1.0, 2.0 and 3.0 are supported.")
    }
    let start = prefix[6] == 1 ? 10 : 12
    guard prefix.count >= start else { throw endsEarly(path: path) }
    var length = 0
    for index in (8..<start).reversed() { length = length << 8 | Int(prefix[index]) }
    guard length <= maximumLength else {
      throw NumPyError(
        .malformedHeader, path: path,
        "The header claims to be \(length) bytes long; more than \(maximumLength) bytes are not accepted.")
    }
    guard length <= fileSize - start else { throw endsEarly(path: path) }
    return start..<start + length
  }

  private static func endsEarly(path: String) -> NumPyError {
    NumPyError(.malformedHeader, path: path, "The file ends within its header. Write or copy it again.")
  }

  /// Interprets the dictionary.
  init(text: Span<UInt8>, majorVersion: Int, dataOffset: Int, path: String) throws(NumPyError) {
    var parser = PythonLiteralParser(text)
    let fields: PythonLiteralParser.HeaderFields
    do {
      fields = try parser.parseHeader()
    } catch {
      throw NumPyError(.malformedHeader, path: path, "The header is malformed at its byte \(error.position): \(error)")
    }
    guard let descriptor = NumPyDescriptor(fields.descriptor.text), !fields.descriptor.isStructured else {
      throw NumPyError(
        .unsupportedElement, path: path,
        "The elements are of the NumPy type \(fields.descriptor.quoted), which is not supported. "
          + "Convert the array, for example with a.astype('<f8'); b1, i1 to i8, u1 to u8, f4, f8, c8 and c16 are read.")
    }
    let header = NumPyHeader(
      majorVersion: majorVersion, descriptor: descriptor, isFortranOrder: fields.isFortranOrder, shape: fields.shape,
      dataOffset: dataOffset)
    guard let header else {
      throw NumPyError(
        .malformedHeader, path: path, "The header claims more elements than any file can hold. Write the file again.")
    }
    self = header
  }
}
