internal import Foundation
internal import Testing

/// Reports one test case on one number of ranks to Testing, as if it had run here.
struct CaseReport {
  private let outcome: CaseOutcome
  private let test: Test
  private let seed: UInt64

  init(_ outcome: CaseOutcome, _ test: Test, seed: UInt64) {
    self.outcome = outcome
    self.test = test
    self.seed = seed
  }

  private var size: Int { outcome.ranks.count }

  /// Prints what the ranks printed, and records what was recorded on them, and what ended the job.
  func record() {
    printOutput()
    for issue in mergedIssues() { record(issue) }
    if let trouble = outcome.trouble {
      let text = text(of: trouble)
      Issue.record(Comment(rawValue: text.joined(separator: "\n")), sourceLocation: location(of: trouble))
    }
    let hasFailed = outcome.trouble != nil || outcome.ranks.contains { $0.issues.contains { !$0.isWarning && !$0.isKnown } }
    if hasFailed, outcome.ranks.contains(where: \.usedRandomNumbers) {
      Issue.record("\(RandomSeed.advice(seed))", severity: .warning, sourceLocation: test.sourceLocation)
    }
  }

  private func printOutput() {
    var text = ""
    for (rank, outcome) in outcome.ranks.enumerated() where !outcome.output.isEmpty {
      for line in outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLastIfEmpty() {
        text += size == 1 ? "\(line)\n" : "[\(rank) of \(size)] \(line)\n"
      }
    }
    guard !text.isEmpty else { return }
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  // MARK: Issues of the ranks

  /// An issue, with all ranks that have it at the same place.
  private struct MergedIssue {
    var location: RankIssue.Location?
    var isKnown: Bool
    var isWarning: Bool
    /// Each text, with its ranks.
    var texts: [(value: String, members: [Int])]
  }

  private func mergedIssues() -> [MergedIssue] {
    let all = outcome.ranks.enumerated().flatMap { rank, outcome in outcome.issues.map { (rank: rank, issue: $0) } }
    let places = all.grouped { Place(location: $0.issue.location, isKnown: $0.issue.isKnown, isWarning: $0.issue.isWarning) }
    return places.map { place, members in
      let texts = members.map { (rank: $0.rank, text: ([$0.issue.text] + $0.issue.comments).joined(separator: "\n")) }
        .grouped(by: \.text).map { (value: $0.value, members: Array(Set($0.members.map(\.rank))).sorted()) }
      return MergedIssue(location: place.location, isKnown: place.isKnown, isWarning: place.isWarning, texts: texts)
    }
  }

  private struct Place: Hashable {
    var location: RankIssue.Location?
    var isKnown: Bool
    var isWarning: Bool
  }

  private func record(_ issue: MergedIssue) {
    let text = issue.texts.map { "\(rankList($0.members, of: size)): \($0.value)" }.joined(separator: "\n")
    let location = issue.location?.sourceLocation ?? test.sourceLocation
    let comment = Comment(rawValue: text)
    if issue.isKnown {
      withKnownIssue { Issue.record(comment, sourceLocation: location) }
    } else {
      Issue.record(comment, severity: issue.isWarning ? .warning : .error, sourceLocation: location)
    }
  }

  // MARK: What ended the job

  private func text(of trouble: CaseOutcome.Trouble) -> [String] {
    switch trouble {
    case .death: deathText()
    case .timeLimit(let seconds):
      ["not ended on all of \(size) ranks after \(seconds.formatted) s:"] + fateLines()
    case .standstill(let seconds): standstillText(seconds)
    case .launcher(let text): ["on \(size) ranks: \(text)"] + fateLines()
    case .notRun(let reason): ["the job of \(size) ranks did not run this: \(reason)"]
    }
  }

  private func deathText() -> [String] {
    let dead = outcome.ranks.indices.filter { outcome.ranks[$0].fate?.isDead == true }
    guard !dead.isEmpty else { return ["the job of \(size) ranks was ended from outside:"] + fateLines() }
    let groups = dead.grouped { outcome.ranks[$0].fate!.text }
    var lines = groups.map { "\(rankList($0.members, of: size)) \($0.value)" }
    for rank in dead {
      lines += outcome.ranks[rank].output.lastLines(6).map { "  rank \(rank) printed: \($0)" }
    }
    let rest = fateLines(Set(outcome.ranks.indices).subtracting(dead))
    return lines + (rest.isEmpty ? [] : ["the others were ended with it:"] + rest)
  }

  private func standstillText(_ seconds: Double) -> [String] {
    let waiting = outcome.ranks.indices.filter { !hasEnded($0) }
    if waiting.count == size {
      return ["deadlock: every rank waits in an MPI call, and nothing moved for \(seconds.formatted) s:"] + fateLines()
    }
    let verb = waiting.count == 1 ? "waits" : "wait"
    let ended = outcome.ranks.indices.filter { hasEnded($0) }
    return ["\(rankList(waiting, of: size)) still \(verb) after the test has ended on \(rankList(ended)):"] + fateLines()
  }

  private func hasEnded(_ rank: Int) -> Bool {
    switch outcome.ranks[rank].progress {
    case .ended, .done: true
    case .notBegun, .running: false
    }
  }

  /// What each rank was doing, or how it had ended.
  private func fateLines(_ ranks: Set<Int>? = nil) -> [String] {
    outcome.ranks.indices.filter { ranks?.contains($0) ?? true }.grouped { rank -> String in
      let outcome = outcome.ranks[rank]
      if let fate = outcome.fate { return fate.text }
      return switch outcome.progress {
      case .notBegun: "had not begun the test"
      case .running: "was in the test"
      case .ended(let threw): threw ? "has left the test by an error" : "has ended the test"
      case .done: "has ended the test"
      }
    }.map { "  \(rankList($0.members)): \($0.value)" }
  }

  /// The line where a rank died, if the source is known; else that of the test.
  private func location(of trouble: CaseOutcome.Trouble) -> SourceLocation {
    let dead = outcome.ranks.lazy.compactMap { $0.fate }.first { $0.isDead && $0.place != nil }
    guard case .death = trouble, let place = dead?.place, place.line > 0 else { return test.sourceLocation }
    let name = place.file.split(separator: "/").last.map(String.init) ?? place.file
    return SourceLocation(
      fileID: "\(test.sourceLocation.moduleName)/\(name)", filePath: place.file, line: place.line, column: 1)
  }
}

extension Double {
  fileprivate var formatted: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}

extension Array where Element == Substring {
  /// Without the empty piece behind a final newline.
  fileprivate func dropLastIfEmpty() -> ArraySlice<Substring> { last?.isEmpty == true ? dropLast() : self[...] }
}
