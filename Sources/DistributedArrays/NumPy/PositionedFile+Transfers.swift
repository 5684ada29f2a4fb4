#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension PositionedFile {
  /// How many bytes one system call moves at most: Linux stops short of 2 GiB, Darwin refuses them.
  private static var largestTransfer: Int { 1 << 30 }

  /// Fills all of a buffer from a position of the file.
  ///
  /// - Throws: ``NumPyError/Code/truncated`` if the file ends before the buffer is full.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(NumPyError) {
    guard let start = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let length = min(buffer.count - done, Self.largestTransfer)
      let result = retryingIfInterrupted { pread(descriptor, start + done, length, off_t(offset + done)) }
      if result < 0 { throw .system("read it", path: path, errno: errno) }
      if result == 0 { throw .truncated(path: path, missing: buffer.count - done) }
      done += result
    }
  }

  /// Writes all of a buffer to a position of the file.
  func write(_ buffer: UnsafeRawBufferPointer, at offset: Int) throws(NumPyError) {
    guard let start = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let length = min(buffer.count - done, Self.largestTransfer)
      let result = retryingIfInterrupted { pwrite(descriptor, start + done, length, off_t(offset + done)) }
      // No progress without a reason: report it rather than try for ever.
      if result <= 0 { throw .system("write to it", path: path, errno: result < 0 ? errno : EIO) }
      done += result
    }
  }
}

extension NumPyError {
  /// The file ends too early.
  static func truncated(path: String, missing: Int) -> NumPyError {
    NumPyError(
      .truncated, path: path,
      "The file is too short: \(missing) \(missing == 1 ? "byte is" : "bytes are") missing at its end. "
        + "Copy or write it again.")
  }
}
