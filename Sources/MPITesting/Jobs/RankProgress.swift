internal import Foundation

/// What one rank of a job has told so far.
struct RankProgress {
  private var reader: RecordReader
  private let output: String
  /// The cases that it has begun, in its order.
  private(set) var cases: [Entry] = []
  /// Whether it has ended all tests, and MPI.
  private(set) var hasSaidGoodbye = false

  /// A case on this rank.
  struct Entry {
    let identifier: CaseIdentifier
    var outcome = CaseOutcome.RankOutcome()
    let outputStart: Int
    var outputEnd: Int?
    /// Whether no other test can run after it.
    var isSpoiled = false
  }

  init(_ folder: JobFolder, rank: Int) {
    reader = RecordReader(path: folder.records(rank))
    output = folder.output(rank)
  }

  /// Takes in what is new; returns whether anything was.
  mutating func update() -> Bool {
    let records = reader.read()
    for record in records { take(record) }
    return !records.isEmpty
  }

  private mutating func take(_ record: Record) {
    if case .begin(let identifier, let start) = record {
      cases.append(Entry(identifier: identifier, outputStart: start))
      cases[cases.count - 1].outcome.progress = .running
      return
    }
    if case .goodbye = record { hasSaidGoodbye = true }
    guard !cases.isEmpty else { return }
    let last = cases.count - 1
    switch record {
    case .begin, .goodbye: break
    case .issue(let issue): cases[last].outcome.issues.append(issue)
    case .usedRandomNumbers: cases[last].outcome.usedRandomNumbers = true
    case .end(let threw, let end):
      cases[last].outcome.progress = .ended(threw: threw)
      cases[last].outputEnd = end
    case .spoiled: cases[last].isSpoiled = true
    case .done: cases[last].outcome.progress = .done
    }
  }

  /// What it has printed in a case.
  func printed(_ index: Int) -> String {
    guard cases.indices.contains(index), let file = FileHandle(forReadingAtPath: output) else { return "" }
    defer { try? file.close() }
    try? file.seek(toOffset: UInt64(cases[index].outputStart))
    let length = cases[index].outputEnd.map { max($0 - cases[index].outputStart, 0) } ?? 1_000_000
    guard length > 0, let data = try? file.read(upToCount: length) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }

  mutating func close() { reader.close() }
}
