/// An open `.npy` file, of which each process reads its own part.
///
/// Every process opens the file by itself and reads the elements that it wants; nothing is communicated. Elements are
/// numbered in the order in which they lie in the file: the last index varies fastest, or the first if
/// ``NumPyHeader/isFortranOrder`` says so.
///
/// ```swift
/// let file = try NumPyFile(path: "x.npy")
/// let mine = try file.read(Double.self, range: first..<last)
/// ```
///
/// Reading does not move anything in the file, so that threads may read from one at the same time. The file is closed
/// at the end of the value's life.
public struct NumPyFile: ~Copyable, Sendable {
  /// The path that the file was opened by.
  public let path: String

  /// The element type, the order and the shape of the array.
  public let header: NumPyHeader

  let file: PositionedFile

  /// Opens a file, reads its header and checks that all elements are there.
  ///
  /// Bytes after the last element are ignored, as NumPy ignores them. Reads nothing but the header, and never more
  /// than ``NumPyHeader/maximumLength`` bytes.
  ///
  /// - Parameter path: The name of a regular file.
  /// - Throws: ``NumPyError`` with the codes ``NumPyError/Code/missingFile``, ``NumPyError/Code/permissionDenied``,
  ///   ``NumPyError/Code/notRegularFile``, ``NumPyError/Code/malformedHeader``,
  ///   ``NumPyError/Code/unsupportedElement``, ``NumPyError/Code/truncated`` or ``NumPyError/Code/inputOutput``.
  public init(path: String) throws(NumPyError) {
    let file = try PositionedFile.openForReading(path)
    self.header = try file.readHeader()
    self.path = path
    self.file = file
  }
}

extension PositionedFile {
  /// Reads and parses the header, and checks that the file is as long as it says.
  func readHeader() throws(NumPyError) -> NumPyHeader {
    let size = try size()
    let prefix = try bytes(0..<min(size, NumPyHeader.prefixLength))
    let range = try NumPyHeader.textRange(prefix: prefix.span, fileSize: size, path: path)
    let text = try bytes(range)
    let header = try NumPyHeader(
      text: text.span, majorVersion: Int(prefix[6]), dataOffset: range.upperBound, path: path)
    guard size >= header.fileSize else { throw .truncated(path: path, missing: header.fileSize - size) }
    return header
  }

  private func bytes(_ range: Range<Int>) throws(NumPyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var span = bytes.mutableSpan
    try span.withUnsafeMutableBytes { (buffer) throws(NumPyError) in
      try read(into: buffer, at: range.lowerBound)
    }
    return bytes
  }
}
