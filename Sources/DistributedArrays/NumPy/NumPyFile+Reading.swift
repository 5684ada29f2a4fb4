extension NumPyFile {
  /// Reads the elements with some numbers, in the order of the file.
  ///
  /// - Parameters:
  ///   - type: The Swift type of the elements, which must be that of the file.
  ///   - range: Which elements, counted from 0.
  /// - Returns: As many elements as the range has, in the byte order of this processor.
  /// - Throws: ``NumPyError`` with the codes ``NumPyError/Code/typeMismatch``, ``NumPyError/Code/outOfRange``,
  ///   ``NumPyError/Code/malformedData``, ``NumPyError/Code/truncated`` if the file has become shorter, or
  ///   ``NumPyError/Code/inputOutput``.
  public func read<Element: NumPyElement>(
    _ type: Element.Type = Element.self, range: Range<Int>
  ) throws(NumPyError) -> [Element] {
    try check(type, range)
    return try Array(capacity: range.count) { (output: inout OutputSpan<Element>) throws(NumPyError) in
      try read(range, appendingTo: &output)
    }
  }

  /// Reads as many elements as a span has, from an element on, without any copy.
  ///
  /// If it throws, the elements of the span are valid but it is not said which of them were read.
  ///
  /// - Parameters:
  ///   - elements: Where the elements go; of the type of the file.
  ///   - start: The number of the first element, counted from 0 in the order of the file.
  /// - Throws: As ``read(_:range:)`` does.
  public func read<Element: NumPyElement>(
    into elements: inout MutableSpan<Element>, startingAt start: Int
  ) throws(NumPyError) {
    let (end, overflow) = start.addingReportingOverflow(elements.count)
    guard start >= 0, !overflow else { throw outOfRange("\(elements.count) elements from \(start) on") }
    try check(Element.self, start..<end)
    try elements.withUnsafeMutableBufferPointer { (buffer) throws(NumPyError) in
      try readChecked(into: UnsafeMutableRawBufferPointer(buffer), startingAt: start)
    }
  }

  /// Reads all elements.
  ///
  /// - Parameter type: The Swift type of the elements, which must be that of the file.
  /// - Throws: As ``read(_:range:)`` does.
  public func readAll<Element: NumPyElement>(
    _ type: Element.Type = Element.self
  ) throws(NumPyError) -> [Element] {
    try read(type, range: 0..<header.count)
  }
}

extension NumPyFile {
  private func check<Element: NumPyElement>(_ type: Element.Type, _ range: Range<Int>) throws(NumPyError) {
    try header.check(type, path: path)
    guard range.lowerBound >= 0, range.upperBound <= header.count else { throw outOfRange("the elements \(range)") }
  }

  /// Reads the elements with some numbers to the end of an output span that has room for them.
  func read<Element: NumPyElement>(
    _ range: Range<Int>, appendingTo output: inout OutputSpan<Element>
  ) throws(NumPyError) {
    try check(Element.self, range)
    try output.withUnsafeMutableBufferPointer { (buffer, initializedCount) throws(NumPyError) in
      let part = UnsafeMutableBufferPointer(rebasing: buffer.dropFirst(initializedCount).prefix(range.count))
      try readChecked(into: UnsafeMutableRawBufferPointer(part), startingAt: range.lowerBound)
      initializedCount += range.count
    }
  }

  private func outOfRange(_ what: String) -> NumPyError { header.outOfRange(what, path: path) }

  /// Fills a buffer of whole elements that was checked to be inside the array.
  func readChecked(into buffer: UnsafeMutableRawBufferPointer, startingAt start: Int) throws(NumPyError) {
    let swaps = header.descriptor.isByteSwapped
    // What is looked at after reading is read in pieces that stay in the cache until then.
    let pieceSize = swaps || header.kind == .bool ? 1 << 20 : buffer.count
    var done = 0
    while done < buffer.count {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<min(done + pieceSize, buffer.count)])
      do {
        try file.read(into: piece, at: header.offset(ofElement: start) + done)
      } catch {
        if header.kind == .bool { _ = normalizeBooleans(in: piece) }
        throw error
      }
      if swaps { reverseBytes(ofWordsIn: piece, wordSize: header.kind.wordSize) }
      if header.kind == .bool, let position = normalizeBooleans(in: piece) {
        throw NumPyError(
          .malformedData, path: path,
          "Element \(start + done + position) is neither 0 nor 1, so not a Boolean. Write the file again.")
      }
      done += piece.count
    }
  }
}

extension NumPyHeader {
  /// Checks that a Swift type is the type of the elements.
  func check<Element: NumPyElement>(_ type: Element.Type, path: String) throws(NumPyError) {
    guard Element.numPyKind == kind else {
      throw NumPyError(
        .typeMismatch, path: path,
        "The file has elements of type \(kind), but \(Element.self) is \(Element.numPyKind). "
          + "Use the Swift type of the file, or convert the array with a.astype(\"\(Element.numPyKind)\").")
    }
    // _isPOD: the standard library's own test for a type without references, at no cost.
    guard
      _isPOD(Element.self), MemoryLayout<Element>.size == kind.itemSize, MemoryLayout<Element>.stride == kind.itemSize,
      MemoryLayout<Element>.alignment >= min(kind.wordSize, MemoryLayout<Int>.alignment)
    else {
      throw NumPyError(
        .typeMismatch, path: path,
        "\(Element.self) declares itself \(kind), but its values are not laid out as \(kind.itemSize) aligned bytes. "
          + "Correct its numPyKind.")
    }
  }

  func outOfRange(_ what: String, path: String) -> NumPyError {
    NumPyError(
      .outOfRange, path: path,
      "There is no place in the array for \(what): it has \(count) elements, shape \(Self.tuple(shape)).")
  }
}
