#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension PositionedFile {
  /// Checks that a finished file may take a name: there is nothing by that name, or a regular file.
  ///
  /// A symbolic link is refused: renaming would replace the link and leave what it points to as it was. So is a device:
  /// the superuser could replace `/dev/null`.
  static func checkReplaceable(_ path: String) throws(NumPyError) {
    try requireOneCString(path, named: path)
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw .system("examine it", path: path, errno: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFLNK:
      throw NumPyError(
        .notRegularFile, path: path, "This is a symbolic link. Give the name of the file that it points to.")
    default: throw .notRegularFile(path: path)
    }
  }

  /// Gives a file another name in the same folder, in one step that replaces what had the name.
  static func move(_ source: String, to path: String) throws(NumPyError) {
    guard rename(source, path) == 0 else { throw .system("rename \(source) to it", path: path, errno: errno) }
  }

  /// Removes a file, which need not exist; messages call it by another name.
  static func remove(_ path: String, named name: String) throws(NumPyError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .system("remove \(path)", path: name, errno: errno) }
  }
}
