internal import MPI
internal import Testing

/// Something that Testing recorded on one rank.
struct RankIssue: Codable, Hashable, Sendable {
  /// What it is, such as `Expectation failed: (sum → 3) == 4`.
  var text: String
  var comments: [String]
  var isWarning = false
  var isKnown = false
  /// Whether it speaks for all ranks: found by them together, and recorded on one.
  var isTogether = false
  var location: Location?

  /// A place in the source.
  struct Location: Codable, Hashable, Sendable {
    var fileID: String
    var filePath: String
    var line: Int
    var column: Int

    init(_ location: SourceLocation) {
      fileID = location.fileID
      filePath = location.filePath
      line = location.line
      column = location.column
    }

    var sourceLocation: SourceLocation {
      SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    }
  }

  init(_ issue: Issue) {
    // Said in the comments alone.
    if case .unconditional = issue.kind, !issue.comments.isEmpty { text = "" } else { text = "\(issue.kind)" }
    comments = issue.comments.map(\.rawValue)
    isWarning = issue.severity == .warning
    isKnown = !issue.isFailure && issue.severity == .error
    location = issue.sourceLocation.map(Location.init)
  }

  init(_ text: String, at location: SourceLocation, isTogether: Bool = false) {
    self.text = text
    self.comments = []
    self.isTogether = isTogether
    self.location = Location(location)
  }

  /// An error that left a test; `nil` for one whose issue was recorded when it was thrown.
  init?(caught error: any Error, in test: Test) {
    if error is ExpectationFailedError || error is RequirementFailedOnSomeRank { return nil }
    // Without the rank, so that equal errors of several ranks are one.
    let text = (error as? MPIError).map { error in
      let place = error.isAgreed ? "" : "\(error.procedure): "
      return "\(place)\(error.message) (\(error.errorClass.rawValue))" + (error.advice.map { ". \($0)" } ?? "")
        + (error.underlying.map { ": \($0)" } ?? "")
    }
    self.init("Caught error: \(text ?? "\(error)")", at: test.sourceLocation)
  }
}
