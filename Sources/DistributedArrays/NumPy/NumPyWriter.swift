/// One process's access to a ``NumPyPartialFile``, to write its own part of the array.
///
/// Processes that write different elements do not disturb each other. Close it when done: only then is it certain that
/// the system has taken all elements. At the end of its life it is closed in any case, silently.
public struct NumPyWriter: ~Copyable, Sendable {
  /// The name that the finished file will have.
  public let path: String

  /// The element type, the order and the shape of the array.
  public let header: NumPyHeader

  private let file: PositionedFile

  init(partial: NumPyPartialFile) throws(NumPyError) {
    let file = try PositionedFile.openForWriting(partial.partialPath, named: partial.path)
    self.header = try file.readHeader()
    self.path = partial.path
    self.file = file
  }

  /// Writes elements to the array, from an element on, without any copy.
  ///
  /// - Parameters:
  ///   - elements: The elements, of the type of the file.
  ///   - start: The number of the first element, counted from 0 in the order of the file.
  /// - Throws: ``NumPyError`` with the codes ``NumPyError/Code/typeMismatch``, ``NumPyError/Code/outOfRange``,
  ///   ``NumPyError/Code/noSpace`` or ``NumPyError/Code/inputOutput``; some elements may have been written then.
  public func write<Element: NumPyElement>(
    _ elements: Span<Element>, startingAt start: Int
  ) throws(NumPyError) {
    try header.check(Element.self, path: path)
    guard start >= 0, start <= header.count, elements.count <= header.count - start else {
      throw header.outOfRange("\(elements.count) elements from \(start) on", path: path)
    }
    try elements.withUnsafeBufferPointer { (buffer) throws(NumPyError) in
      try writeChecked(UnsafeRawBufferPointer(buffer), startingAt: start)
    }
  }

  /// Writes a buffer of whole elements that was checked to be inside the array.
  func writeChecked(_ buffer: UnsafeRawBufferPointer, startingAt start: Int) throws(NumPyError) {
    try file.write(buffer, at: header.offset(ofElement: start))
  }

  /// Closes the file and reports what the system could not write until then.
  ///
  /// - Throws: ``NumPyError``, often ``NumPyError/Code/noSpace`` on a network file system.
  public consuming func close() throws(NumPyError) {
    try file.close()
  }
}

extension NumPyFile {
  /// Writes a whole array from one process, and gives it its name when it is complete.
  ///
  /// - Parameters:
  ///   - elements: All elements, in the order of the file.
  ///   - shape: The length of each dimension; their product is the number of elements.
  ///   - isFortranOrder: Whether the elements are ordered with the first index varying fastest.
  ///   - path: The name of the file; a file by that name is replaced.
  /// - Throws: ``NumPyError``, as ``NumPyPartialFile`` does; a file by the name is as it was then.
  public static func write<Element: NumPyElement>(
    _ elements: Span<Element>, shape: [Int], isFortranOrder: Bool = false, to path: String
  ) throws(NumPyError) {
    if let count = NumPyHeader.elementCount(shape: shape), count != elements.count {
      throw NumPyError(
        .invalidShape, path: path,
        "\(elements.count) elements do not fill the shape \(NumPyHeader.tuple(shape)), which has \(count).")
    }
    let partial = NumPyPartialFile(replacing: path)
    try partial.create(kind: Element.numPyKind, shape: shape, isFortranOrder: isFortranOrder)
    do {
      let writer = try partial.open()
      try writer.write(elements, startingAt: 0)
      try writer.close()
      try partial.publish()
    } catch {
      try? partial.discard()
      throw error
    }
  }
}
