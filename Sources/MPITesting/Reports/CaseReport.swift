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
    recordIssues()
    if let trouble = outcome.trouble {
      let text = text(of: trouble)
      Issue.record(Comment(rawValue: text.joined(separator: "\n")), sourceLocation: location(of: trouble))
    }
    let hasFailed =
      outcome.trouble != nil || outcome.ranks.contains { $0.issues.contains { !$0.isWarning && !$0.isKnown } }
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

  /// What makes issues of several ranks one report.
  private struct Kind: Hashable {
    var location: RankIssue.Location?
    var comments: [String]
    var isKnown: Bool
    var isWarning: Bool
    var isTogether: Bool
  }

  /// Records the issues at one place together: what is equal on several ranks once, with the ranks.
  private func recordIssues() {
    let all = outcome.ranks.enumerated().flatMap { rank, outcome in outcome.issues.map { (rank: rank, issue: $0) } }
    let kinds = all.grouped { _, issue in
      Kind(
        location: issue.location, comments: issue.comments, isKnown: issue.isKnown, isWarning: issue.isWarning,
        isTogether: issue.isTogether)
    }
    for (kind, members) in kinds {
      let texts = members.grouped(by: \.issue.text)
      var lines = kind.comments
      if kind.isTogether {
        lines += texts.map(\.value)
      } else {
        let ranks = rankList(Array(Set(members.map(\.rank))), of: size)
        lines.insert(contentsOf: texts.count == 1 ? [line(ranks, texts[0].value)] : ["\(ranks):"], at: 0)
        if texts.count > 1 {
          let parts = texts.map { line("  " + rankList(Array(Set($0.members.map(\.rank)))), $0.value) }
          lines.insert(contentsOf: parts, at: 1)
        }
      }
      record(lines.joined(separator: "\n"), kind)
    }
  }

  private func line(_ ranks: String, _ text: String) -> String { text.isEmpty ? ranks : "\(ranks): \(text)" }

  private func record(_ text: String, _ kind: Kind) {
    let location = kind.location?.sourceLocation ?? test.sourceLocation
    let comment = Comment(rawValue: text)
    if kind.isKnown {
      withKnownIssue { Issue.record(comment, sourceLocation: location) }
    } else {
      Issue.record(comment, severity: kind.isWarning ? .warning : .error, sourceLocation: location)
    }
  }

  // MARK: What ended the job

  private func text(of trouble: CaseOutcome.Trouble) -> [String] {
    switch trouble {
    case .death: deathText()
    case .timeLimit(let seconds):
      ["not ended on all of \(size) ranks after \(seconds.formatted) s:"] + fateLines()
    case .standstill(let seconds): standstillText(seconds)
    case .spoiled:
      [
        "MPI cannot go on after operations that were started and do not fit together: the job of \(size) ranks was ended"
      ]
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
      lines += lastWords(outcome.ranks[rank].output).map { "  rank \(rank) printed: \($0)" }
    }
    let rest = fateLines(Set(outcome.ranks.indices).subtracting(dead))
    return lines + (rest.isEmpty ? [] : ["the others were ended with it:"] + rest)
  }

  /// What a rank said about its end; else the last that it printed.
  private func lastWords(_ output: String) -> [String] {
    let lines = output.lastLines(.max)
    let errors = lines.filter { $0.localizedCaseInsensitiveContains("fatal error") || $0.hasPrefix("error: ") }
    return Array(errors.isEmpty ? lines.filter { !$0.hasPrefix("[") }.suffix(6) : errors.prefix(6))
  }

  private func standstillText(_ seconds: Double) -> [String] {
    let waiting = outcome.ranks.indices.filter { !hasEnded($0) }
    if waiting.count == size {
      return ["deadlock: every rank waits in an MPI call, and nothing moved for \(seconds.formatted) s:"] + fateLines()
    }
    let verb = waiting.count == 1 ? "waits" : "wait"
    let ended = outcome.ranks.indices.filter { hasEnded($0) }
    return ["\(rankList(waiting, of: size)) still \(verb) after the test has ended on \(rankList(ended)):"]
      + fateLines()
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
