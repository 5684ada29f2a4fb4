internal import Foundation
internal import MPI
internal import Synchronization
internal import Testing

/// One test on one rank of a job that somebody has started by hand.
///
/// Testing reports on each rank what happened there, with the rank in a comment. A test ends on no rank before it has
/// ended on all; when one does not come, the job is ended with a line that says which test it was, and on which rank.
struct InPlaceScope: Sendable {
  private let test: Test
  private let timeLimit: Duration

  init(_ test: Test, _ trait: RanksTrait) {
    self.test = test
    self.timeLimit = trait.timeLimit
  }

  @concurrent func run(_ function: @concurrent @Sendable () async throws -> Void) async throws {
    let process = try RankProcess.start()
    let place = "on rank \(Communicator.world.rank) of \(Communicator.world.size)"
    let watch = Watch(test: test.name, place: place)
    let issues = IssueHandlingTrait.compactMapIssues { issue in
      var issue = issue
      issue.comments.append(Comment(rawValue: place))
      if issue.isFailure { watch.note(issue.description) }
      return issue
    }
    try await issues.provideScope(for: test, testCase: Test.Case.current) {
      watch.start(timeLimit)
      RankProcess.isInTest.store(true, ordering: .relaxed)
      let random = RandomSeed(process.seed, test) { watch.noteSeed(process.seed) }
      do {
        try await RandomSeed.$current.withValue(random) {
          Board.noteThread()
          try await function()
        }
      } catch {
        // The others may wait for this rank.
        watch.start(min(timeLimit, .seconds(10)))
        if !(error is ExpectationFailedError), !(error is RequirementFailedOnSomeRank) {
          Issue.record(error, sourceLocation: test.sourceLocation)
        }
      }
      RankProcess.isInTest.store(false, ordering: .relaxed)
      process.meet()
      watch.stop()
      for message in process.strayMessages() {
        Issue.record(Comment(rawValue: message), sourceLocation: test.sourceLocation)
      }
      if let seed = watch.seedToTell { Issue.record("\(RandomSeed.advice(seed))", severity: .warning) }
    }
  }
}

/// Ends the job when a test has not ended on all ranks in time.
private final class Watch: Sendable {
  private let test: String
  private let place: String
  private let state = Mutex<(current: Int, failure: String?, seed: UInt64?)>((0, nil, nil))

  init(test: String, place: String) {
    self.test = test
    self.place = place
  }

  func note(_ failure: String) { state.withLock { $0.failure = $0.failure ?? failure } }
  func noteSeed(_ seed: UInt64) { state.withLock { $0.seed = seed } }

  /// The seed, when the test has failed and has drawn random numbers.
  var seedToTell: UInt64? { state.withLock { $0.failure == nil ? nil : $0.seed } }

  /// Ends the job after so much time; an earlier watch ends.
  func start(_ time: Duration) {
    let mine = next()
    let seconds = time / .seconds(1)
    Thread.detachNewThread { [self] in
      Thread.sleep(forTimeInterval: seconds)
      guard state.withLock({ $0.current == mine }) else { return }
      let reason = state.withLock { $0.failure } ?? "it waits"
      let text = "error: \(test) did not end on all ranks in \(Int(seconds)) s; \(place): \(reason)\n"
      FileHandle.standardError.write(Data(text.utf8))
      MPIEnvironment.abort()
    }
  }

  func stop() { _ = next() }

  private func next() -> Int {
    state.withLock { state in
      state.current += 1
      return state.current
    }
  }
}
