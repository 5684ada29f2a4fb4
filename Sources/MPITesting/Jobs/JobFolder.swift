internal import CMPITesting
internal import Foundation

/// The folder in which the runner and the ranks of one job meet; it holds all that the job leaves on the disk.
struct JobFolder: Sendable {
  let path: String

  /// What the launcher itself says.
  var launcherOutput: String { path + "/launcher" }
  /// Where each rank shows what it is doing.
  var board: String { path + "/board" }
  /// For the launcher's and the MPI's own files.
  var scratch: String { path + "/scratch" }
  /// Cases that earlier jobs have run; a list of ``CaseIdentifier``.
  var earlierCases: String { path + "/earlier.json" }

  func records(_ rank: Int) -> String { "\(path)/records.\(rank)" }
  func output(_ rank: Int) -> String { "\(path)/output.\(rank)" }

  /// The number of a rank's process, once it has begun.
  func process(_ rank: Int) -> Int32? {
    guard let text = try? String(contentsOfFile: "\(path)/process.\(rank)", encoding: .utf8) else { return nil }
    return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Makes a new one, in memory where there is a place for that: the MPI's shared memory is in it, too.
  static func make() throws -> JobFolder {
    let places = ["/dev/shm", FileManager.default.temporaryDirectory.path]
    let place = places.first { access($0, W_OK | X_OK) == 0 } ?? "/tmp"
    var template = Array("\(place)/swift-mpi-tests.XXXXXX".utf8CString)
    guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let folder = JobFolder(path: path)
    try FileManager.default.createDirectory(atPath: folder.scratch, withIntermediateDirectories: false)
    return folder
  }

  func remove() { cmpitesting_remove_folder(path) }
}
