/// Equally long stretches of elements at equal distances: how a block of a matrix lies in a file.
///
/// Elements are numbered in the order of the file. Rows 10 to 19 and columns 4 to 6 of a row-major matrix with 100
/// columns are the runs `NumPyRuns(start: 10 * 100 + 4, length: 3, stride: 100, count: 10)`.
public struct NumPyRuns: Hashable, Sendable {
  /// The number of the first element of the first run.
  public let start: Int

  /// How many elements each run has.
  public let length: Int

  /// How far the next run begins after the beginning of this one; at least the length.
  public let stride: Int

  /// How many runs there are.
  public let count: Int

  /// Describes runs, which are checked when they are read or written.
  public init(start: Int, length: Int, stride: Int, count: Int) {
    self.start = start
    self.length = length
    self.stride = stride
    self.count = count
  }
}

extension NumPyFile {
  /// Reads runs of elements one after another into a span, without any copy.
  ///
  /// Takes one system call for each run, or one in all if they follow each other without gaps: for many short runs it
  /// is faster to read what lies between them too.
  ///
  /// - Parameters:
  ///   - elements: Where the elements go: as many as all runs have, of the type of the file.
  ///   - runs: Which elements.
  /// - Throws: As ``read(_:range:)`` does.
  public func read<Element: NumPyElement>(
    into elements: inout MutableSpan<Element>, runs: NumPyRuns
  ) throws(NumPyError) {
    try header.check(Element.self, path: path)
    let runs = try header.checked(runs, elementCount: elements.count, path: path)
    let runSize = runs.length * header.kind.itemSize
    try elements.withUnsafeMutableBufferPointer { (buffer) throws(NumPyError) in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      for run in 0..<runs.count {
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[run * runSize..<(run + 1) * runSize])
        try readChecked(into: part, startingAt: runs.start + run * runs.stride)
      }
    }
  }
}

extension NumPyWriter {
  /// Writes the elements of a span as runs, one after another, without any copy.
  ///
  /// Takes one system call for each run, or one in all if they follow each other without gaps.
  ///
  /// - Parameters:
  ///   - elements: As many elements as all runs have, of the type of the file.
  ///   - runs: Where they go.
  /// - Throws: As `write(_:startingAt:)` does.
  public func write<Element: NumPyElement>(
    _ elements: Span<Element>, runs: NumPyRuns
  ) throws(NumPyError) {
    try header.check(Element.self, path: path)
    let runs = try header.checked(runs, elementCount: elements.count, path: path)
    let runSize = runs.length * header.kind.itemSize
    try elements.withUnsafeBufferPointer { (buffer) throws(NumPyError) in
      let bytes = UnsafeRawBufferPointer(buffer)
      for run in 0..<runs.count {
        let part = UnsafeRawBufferPointer(rebasing: bytes[run * runSize..<(run + 1) * runSize])
        try writeChecked(part, startingAt: runs.start + run * runs.stride)
      }
    }
  }
}

extension NumPyHeader {
  /// Checks that runs are inside the array and fill a span; gives them as few runs as possible, without empty ones.
  fileprivate func checked(_ runs: NumPyRuns, elementCount: Int, path: String) throws(NumPyError) -> NumPyRuns {
    let (total, tooMany) = runs.length.multipliedReportingOverflow(by: runs.count)
    guard runs.start >= 0, runs.length >= 0, runs.count >= 0, !tooMany, total == elementCount else {
      throw outOfRange("\(runs.count) runs of \(runs.length) elements from a span of \(elementCount)", path: path)
    }
    if total == 0 { return NumPyRuns(start: 0, length: 0, stride: 0, count: 0) }
    let (distance, tooFar) = runs.stride.multipliedReportingOverflow(by: runs.count - 1)
    guard runs.count == 1 || runs.stride >= runs.length, !tooFar, total <= count, runs.start <= count - runs.length,
      distance <= count - runs.length - runs.start
    else {
      throw outOfRange(
        "\(runs.count) runs of \(runs.length) elements, \(runs.stride) apart, from \(runs.start) on", path: path)
    }
    if runs.count > 1 && runs.stride > runs.length { return runs }
    return NumPyRuns(start: runs.start, length: total, stride: total, count: 1)
  }
}
