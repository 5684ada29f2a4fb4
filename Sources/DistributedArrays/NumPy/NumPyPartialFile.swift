/// A `.npy` file that several processes write together, and that appears under its name only when it is complete.
///
/// It is written under another name in the same folder, `.NAME.partial-TOKEN`, and renamed at the end, so that nobody
/// ever finds an unfinished file. The steps are for different processes; the caller communicates between them:
///
/// ```swift
/// // The token is chosen by one process and broadcast.
/// let partial = NumPyPartialFile(replacing: "c.npy", token: token)
/// if isRoot { try partial.create(kind: .float64, shape: [rows, columns]) }
/// // barrier: the file exists
/// let writer = try partial.open()
/// try writer.write(mine.span, startingAt: first)
/// try writer.close()
/// // reduction: has every process succeeded?
/// if isRoot { if everyoneSucceeded { try partial.publish() } else { try partial.discard() } }
/// ```
///
/// A process that is killed between these steps leaves the unfinished file under its other name.
public struct NumPyPartialFile: Hashable, Sendable {
  /// The name that the finished file will have.
  public let path: String

  /// What distinguishes this unfinished file from others of the same name: the same on every process.
  public let token: UInt64

  /// Names a file to be written; does nothing yet.
  ///
  /// - Parameters:
  ///   - path: The name that the finished file will have; a file by that name is replaced.
  ///   - token: A number that all processes have agreed on, best a random one.
  public init(replacing path: String, token: UInt64 = .random(in: .min ... .max)) {
    self.path = path
    self.token = token
  }

  /// The name of the file until it is published: in the same folder, and hidden.
  public var partialPath: String {
    let digits = String(token, radix: 16)
    let padded = String(repeating: "0", count: 16 - digits.count) + digits
    let nameStart = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
    return "\(path[..<nameStart]).\(path[nameStart...]).partial-\(padded)"
  }
}

extension NumPyPartialFile {
  /// Creates the unfinished file with its header and its full size: the step of one process, before all others.
  ///
  /// Where the file system can, it reserves the room, so that a full disk is found here. Elements that nobody writes
  /// are zero. If it throws, there is no unfinished file.
  ///
  /// - Parameters:
  ///   - kind: The type of the elements.
  ///   - shape: The length of each dimension.
  ///   - isFortranOrder: Whether the first index varies fastest in the file.
  /// - Throws: ``NumPyError``, as ``NumPyError/Code/invalidShape``, ``NumPyError/Code/noSpace``,
  ///   ``NumPyError/Code/permissionDenied``, ``NumPyError/Code/missingFile`` if the folder does not exist, or
  ///   ``NumPyError/Code/notRegularFile`` if the name belongs to a folder, a device or a symbolic link.
  public func create(
    kind: NumPyElementKind, shape: [Int], isFortranOrder: Bool = false
  ) throws(NumPyError) {
    let header = try NumPyHeader(kind: kind, shape: shape, isFortranOrder: isFortranOrder, path: path)
    try PositionedFile.checkReplaceable(path)
    let file = try PositionedFile.create(partialPath, named: path)
    do {
      try file.reserve(header.fileSize)
      try header.encoded.withUnsafeBufferPointer { (bytes) throws(NumPyError) in
        try file.write(UnsafeRawBufferPointer(bytes), at: 0)
      }
      // Closed, not handed on: other hosts of a network file system see the file only then.
      try file.close()
    } catch {
      try? discard()
      throw error
    }
  }

  /// Opens the unfinished file, once it was created: the step of every process that has elements to write.
  ///
  /// - Throws: ``NumPyError``, as ``NumPyError/Code/missingFile`` if the folder is not the same on this host.
  public func open() throws(NumPyError) -> NumPyWriter {
    try NumPyWriter(partial: self)
  }

  /// Gives the finished file its name: the step of one process, after every writer was closed.
  ///
  /// A file by that name is replaced in one step. If it throws, call ``discard()``.
  public func publish() throws(NumPyError) {
    try PositionedFile.checkReplaceable(path)
    try PositionedFile.move(partialPath, to: path)
  }

  /// Removes the unfinished file, if there is one, and leaves a file by the name as it was.
  public func discard() throws(NumPyError) {
    try requireOneCString(path, named: path)
    try PositionedFile.remove(partialPath, named: path)
  }
}
