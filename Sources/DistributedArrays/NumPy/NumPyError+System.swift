#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension NumPyError {
  /// The failure of a system call, told apart by its `errno`.
  ///
  /// - Parameters:
  ///   - action: What was being done, as it follows "could not", for example `open it for reading`.
  ///   - path: The file that the caller named.
  ///   - errno: The error number, taken directly after the call.
  static func system(_ action: String, path: String, errno number: CInt) -> NumPyError {
    let (code, advice): (Code, String) =
      switch number {
      case ENOENT, ENOTDIR: (.missingFile, "Check the spelling, and that this host sees the folder.")
      case EACCES, EPERM, EROFS: (.permissionDenied, "Check the permissions of the file and of its folder.")
      case EISDIR: (.notRegularFile, "Give the name of a file.")
      case ENOSPC, EDQUOT, EFBIG: (.noSpace, "Make room, or choose another folder.")
      case ENAMETOOLONG: (.inputOutput, "Choose a shorter name: the unfinished file has about 26 characters more.")
      case EMFILE, ENFILE: (.inputOutput, "Close other files first, or raise the limit (ulimit -n).")
      default: (.inputOutput, "Check the disk and the connection to the file server.")
      }
    return NumPyError(
      code, path: path, "Could not \(action): \(text(ofSystemError: number)). \(advice)", systemCode: number)
  }

  /// The system's words for an error number, from the thread-safe `strerror_r`.
  private static func text(ofSystemError number: CInt) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let start = buffer.baseAddress else { return "error \(number)" }
      start.initialize(repeating: 0, count: buffer.count)
      // Swift sees the POSIX function on every platform, not the GNU one that returns a text.
      return strerror_r(number, start, buffer.count) == 0 ? String(cString: start) : "error \(number)"
    }
  }
}
