internal import CMPITesting
internal import Foundation
internal import MPI
internal import Synchronization
internal import Testing

/// One test case on one rank of a job that the runner has started.
///
/// A test ends on no rank before it has ended on all of them. What Testing records on the way is sent to the runner,
/// which reports it; here every test passes.
struct RankScope: Sendable {
  private let test: Test
  private let testCase: Test.Case?
  private let identifier: CaseIdentifier
  private let job: JobFolder

  /// Where what is found in the test that this task runs for the runner is written. Not a closure: in release builds
  /// Swift 6.3.1 crashes with a task-local closure.
  @TaskLocal static var writer: RecordWriter?

  init(_ test: Test, _ testCase: Test.Case?, _ trait: RanksTrait, _ job: JobFolder) {
    self.test = test
    self.testCase = testCase
    self.identifier = CaseIdentifier(test, testCase)
    self.job = job
  }

  @concurrent func run(_ function: @concurrent @Sendable () async throws -> Void) async throws {
    let files = JobFiles.of(job)
    guard !files.earlier.contains(identifier) else { return }
    let writer = files.writer
    let process = try RankProcess.start { writer.write(.goodbye) }
    writer.write(.begin(identifier, output: RecordWriter.outputLength))
    RankProcess.isInTest.store(true, ordering: .relaxed)
    let threw = await perform(function, process, writer)
    RankProcess.isInTest.store(false, ordering: .relaxed)
    writer.write(.end(threw: threw, output: RecordWriter.outputLength))
    // The runner sees who does not come, and ends the job.
    process.meet()
    for message in process.strayMessages() {
      writer.write(.issue(RankIssue(message, at: test.sourceLocation)))
    }
    writer.write(.done)
  }

  /// Runs the body; returns whether it threw.
  @concurrent private func perform(
    _ function: @concurrent @Sendable () async throws -> Void, _ process: RankProcess, _ writer: RecordWriter
  ) async -> Bool {
    let threw = Mutex(false)
    let issues = IssueHandlingTrait.compactMapIssues { issue in
      writer.write(.issue(RankIssue(issue)))
      return nil
    }
    let random = RandomSeed(process.seed, test) { writer.write(.usedRandomNumbers) }
    try? await issues.provideScope(for: test, testCase: testCase) {
      do {
        try await RandomSeed.$current.withValue(random) {
          try await Self.$writer.withValue(writer) {
            Board.noteThread()
            try await function()
          }
        }
      } catch {
        threw.withLock { $0 = true }
        if let issue = RankIssue(caught: error, in: test) { writer.write(.issue(issue)) }
        // Operations that were started and do not fit together cannot be called back.
        if let error = error as? MPIError, error.errorClass == MPIError.mismatch, !error.isAgreed {
          writer.write(.spoiled)
        }
      }
    }
    return threw.withLock { $0 }
  }
}

/// The files through which this rank speaks with the runner, opened by the first test.
private struct JobFiles {
  let writer: RecordWriter
  /// The cases that other jobs have already run: this one goes on after a test that ended the other.
  let earlier: Set<CaseIdentifier>

  private static let shared = Mutex<JobFiles?>(nil)

  static func of(_ job: JobFolder) -> JobFiles {
    shared.withLock { shared in
      if let shared { return shared }
      let earlier = (try? Data(contentsOf: URL(fileURLWithPath: job.earlierCases)))
        .flatMap { try? JSONDecoder().decode(Set<CaseIdentifier>.self, from: $0) }
      let rank = Int(cmpitesting_launched_rank())
      let new = JobFiles(writer: RecordWriter(path: job.records(rank)), earlier: earlier ?? [])
      shared = new
      return new
    }
  }
}
