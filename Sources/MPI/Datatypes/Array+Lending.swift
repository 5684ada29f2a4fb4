extension Array {
  /// Lends the elements for one call.
  ///
  /// Not by `span`: in optimised code that is not specialised, Swift 6.3.1 takes an array whose elements are only read
  /// through its span for one that is not read at all, and drops the caller's stores to it.
  @inlinable @inline(__always)
  func withSpan<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { (elements) throws(Failure) in try body(elements.span) }
  }

  /// Lends the elements for one call that changes them: the memory, and the number of elements.
  @inlinable @inline(__always)
  mutating func lend<Result, Failure: Error>(
    _ body: (UnsafeMutableRawPointer?, Int) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeMutableBufferPointer { (elements) throws(Failure) in
      try body(UnsafeMutableRawPointer(elements.baseAddress), elements.count)
    }
  }
}
