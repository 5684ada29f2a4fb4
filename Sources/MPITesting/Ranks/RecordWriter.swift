internal import Foundation
internal import Synchronization

/// A rank's file of records; each is there as soon as it is written, whatever becomes of the rank.
final class RecordWriter: Sendable {
  private let file: CInt
  private let lock = Mutex(())

  init(path: String) {
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
  }

  func write(_ record: Record) {
    guard var line = try? JSONEncoder().encode(record) else { return }
    line.append(UInt8(ascii: "\n"))
    lock.withLock { _ in
      line.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
        var rest = bytes
        while !rest.isEmpty {
          let written = Foundation.write(file, rest.baseAddress, rest.count)
          guard written > 0 else { return }
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
      }
    }
  }

  /// How many bytes this rank has printed.
  static var outputLength: Int {
    fflush(nil)
    return Int(max(lseek(1, 0, SEEK_END), 0))
  }
}
