internal import CMPITesting
internal import Foundation

/// What this process is in a test run.
enum Place: Sendable {
  /// The process of `swift test`, which starts jobs and reports what they find.
  case runner
  /// A rank of a job that the runner has started.
  case rank(JobFolder)
  /// A rank of a job that somebody has started by hand, of so many ranks.
  case inPlace(size: Int)

  static let current: Place = {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment[CMPITESTING_FOLDER], cmpitesting_launched_rank() >= 0 {
      return .rank(JobFolder(path: folder))
    }
    let size = Int(cmpitesting_launched_size())
    return size > 0 ? .inPlace(size: size) : .runner
  }()
}
