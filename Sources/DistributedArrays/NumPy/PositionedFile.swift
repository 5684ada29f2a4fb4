#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An open regular file, read and written at given positions; closed at its end of life.
///
/// Has no position of its own, so that threads may use it at the same time.
struct PositionedFile: ~Copyable, Sendable {
  /// The name that messages give to the file.
  let path: String
  private let owned: OwnedDescriptor

  /// The number by which the system knows the file.
  var descriptor: CInt { owned.number }
}

/// A file descriptor that is closed exactly once.
private struct OwnedDescriptor: ~Copyable, Sendable {
  let number: CInt

  deinit {
    // Without a way to report: a writer that must know calls `closed` before.
    _ = Self.close(number)
  }

  /// Closes the descriptor; gives 0 or the error number.
  consuming func closed() -> CInt {
    let number = number
    discard self
    return Self.close(number)
  }

  private static func close(_ number: CInt) -> CInt {
    #if canImport(Glibc)
      let result = Glibc.close(number)
    #elseif canImport(Musl)
      let result = Musl.close(number)
    #elseif canImport(Darwin)
      let result = Darwin.close(number)
    #endif
    return result == 0 ? 0 : errno
  }
}

extension PositionedFile {
  /// Opens an existing file for reading.
  static func openForReading(_ path: String) throws(NumPyError) -> PositionedFile {
    let file = try PositionedFile(opening: path, named: path, flags: O_RDONLY, to: "open it for reading")
    _ = try file.size()
    return file
  }

  /// Opens an existing file for reading and writing; messages call it by another name.
  static func openForWriting(_ path: String, named name: String) throws(NumPyError) -> PositionedFile {
    let file = try PositionedFile(opening: path, named: name, flags: O_RDWR, to: "open \(path) for writing")
    _ = try file.size()
    return file
  }

  /// Creates a file that must not exist yet; messages call it by another name.
  static func create(_ path: String, named name: String) throws(NumPyError) -> PositionedFile {
    try PositionedFile(opening: path, named: name, flags: O_RDWR | O_CREAT | O_EXCL, to: "create \(path)")
  }

  private init(opening path: String, named name: String, flags: CInt, to action: String) throws(NumPyError) {
    try requireOneCString(path, named: name)
    // O_NONBLOCK: a pipe by that name must not make us wait for its other end. Regular files ignore it.
    let descriptor = retryingIfInterrupted { open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o666) }
    guard descriptor >= 0 else { throw .system(action, path: name, errno: errno) }
    self.path = name
    self.owned = OwnedDescriptor(number: descriptor)
  }

  /// The size in bytes, now.
  ///
  /// - Throws: ``NumPyError/Code/notRegularFile`` for a folder, a pipe or a device.
  func size() throws(NumPyError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("examine it", path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegularFile(path: path) }
    return Int(status.st_size)
  }

  /// Closes the file and reports what the system could not write until then.
  consuming func close() throws(NumPyError) {
    let path = path
    let number = owned.closed()
    // After an interruption the descriptor is closed all the same; to close it again might hit another file.
    guard number == 0 || number == EINTR else { throw .system("finish writing it", path: path, errno: number) }
  }
}

extension NumPyError {
  /// The name belongs to something that has no elements at positions.
  static func notRegularFile(path: String) -> NumPyError {
    NumPyError(
      .notRegularFile, path: path, "This is a folder, a pipe or a device. Give the name of a regular file.")
  }
}

/// Repeats a system call while signals interrupt it.
@inline(__always)
func retryingIfInterrupted<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// Refuses a name that C would cut short at a zero byte, and so would mean another file.
func requireOneCString(_ path: String, named name: String) throws(NumPyError) {
  if path.utf8.contains(0) || path.isEmpty {
    throw NumPyError(.missingFile, path: name, "No file has an empty name or one with a zero character in it.")
  }
}
