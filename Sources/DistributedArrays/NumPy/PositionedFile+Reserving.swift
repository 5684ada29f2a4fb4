#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension PositionedFile {
  /// Makes the file so many bytes long, zeros where nothing was written, and reserves the room if that is possible.
  ///
  /// - Throws: ``NumPyError/Code/noSpace`` if the disk is too full. Where the file system cannot reserve, only writing
  ///   will find that out.
  func reserve(_ size: Int) throws(NumPyError) {
    let number = reservationError(size)
    guard [0, EOPNOTSUPP, ENOTSUP, ENOSYS, EINVAL].contains(number) else {
      throw .system("reserve \(size) bytes for it", path: path, errno: number)
    }
    guard retryingIfInterrupted({ ftruncate(descriptor, off_t(size)) }) == 0 else {
      throw .system("make it \(size) bytes long", path: path, errno: errno)
    }
  }

  /// Asks for disk blocks; gives 0 or the error number.
  private func reservationError(_ size: Int) -> CInt {
    #if canImport(Darwin)
      var request = fstore_t(
        fst_flags: UInt32(F_ALLOCATEALL), fst_posmode: F_PEOFPOSMODE, fst_offset: 0, fst_length: off_t(size),
        fst_bytesalloc: 0)
      return fcntl(descriptor, F_PREALLOCATE, &request) == -1 ? errno : 0
    #else
      guard let allocate = Self.allocate else { return EOPNOTSUPP }
      return retryingIfInterrupted { allocate(descriptor, 0, 0, off_t(size)) } == 0 ? 0 : errno
    #endif
  }

  #if !canImport(Darwin)
    /// Linux's `fallocate`, which Swift does not see because it is declared for `_GNU_SOURCE` only.
    ///
    /// Its portable relative `posix_fallocate` is no substitute: where the file system cannot reserve, glibc's writes
    /// one byte to every 4 KiB, which takes hours for a large file on a network file system.
    private static let allocate: (@convention(c) (CInt, CInt, off_t, off_t) -> CInt)? =
      dlsym(nil, "fallocate").map { unsafeBitCast($0, to: (@convention(c) (CInt, CInt, off_t, off_t) -> CInt).self) }
  #endif
}
