// Not through `elements.span`: in a generic function that is not specialized, the optimizer of Swift 6.3 takes it for a
// function that does not read the elements, and drops the stores that made an array literal at the call. The test
// `writesLiteralsOfComputedValues` fails then in a release build.

extension NumPyWriter {
  /// Writes the elements of an array, from an element on, without any copy.
  ///
  /// - Parameters:
  ///   - elements: The elements, of the type of the file.
  ///   - start: The number of the first element, counted from 0 in the order of the file.
  /// - Throws: ``NumPyError``, as for a span.
  public func write<Element: NumPyElement>(_ elements: [Element], startingAt start: Int) throws(NumPyError) {
    try elements.withUnsafeBufferPointer { (buffer) throws(NumPyError) in
      try write(buffer.span, startingAt: start)
    }
  }

  /// Writes the elements of an array as runs, one after another, without any copy.
  ///
  /// - Parameters:
  ///   - elements: As many elements as all runs have, of the type of the file.
  ///   - runs: Where they go.
  /// - Throws: ``NumPyError``, as for a span.
  public func write<Element: NumPyElement>(_ elements: [Element], runs: NumPyRuns) throws(NumPyError) {
    try elements.withUnsafeBufferPointer { (buffer) throws(NumPyError) in
      try write(buffer.span, runs: runs)
    }
  }
}

extension NumPyFile {
  /// Writes a whole Swift array from one process, and gives it its name when it is complete.
  ///
  /// - Parameters:
  ///   - elements: All elements, in the order of the file.
  ///   - shape: The length of each dimension; their product is the number of elements.
  ///   - isFortranOrder: Whether the elements are ordered with the first index varying fastest.
  ///   - path: The name of the file; a file by that name is replaced.
  /// - Throws: ``NumPyError``, as for a span; a file by the name is as it was then.
  public static func write<Element: NumPyElement>(
    _ elements: [Element], shape: [Int], isFortranOrder: Bool = false, to path: String
  ) throws(NumPyError) {
    try elements.withUnsafeBufferPointer { (buffer) throws(NumPyError) in
      try write(buffer.span, shape: shape, isFortranOrder: isFortranOrder, to: path)
    }
  }
}
