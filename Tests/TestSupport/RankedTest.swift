internal import Dispatch
public import MPI
internal import Synchronization
public import Testing

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// Makes a test one that all ranks run together: `@Suite(.serialized, .ranked)`.
///
/// MPI is initialised before the first such test and finalised when the process ends. Every issue names its rank. A test
/// ends on no rank before it has ended on all of them, and fails on each when it failed on one, so that the next test
/// begins everywhere from the same place. Where the others wait for a rank that has left the test, or all wait for a
/// message that nobody sends, the job is ended with a line that says which test it was and on which rank.
public struct RankedTest: SuiteTrait, TestTrait, TestScoping {
  /// Each test in a suite is one.
  public var isRecursive: Bool { true }

  /// Runs a test between the ranks' agreement on its beginning and its end.
  @concurrent public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let state = TestState(name: test.name)
    // Every error is recorded inside, where the trait adds the rank to it.
    let issues = IssueHandlingTrait.compactMapIssues { issue in
      var issue = issue
      issue.comments.append("on rank \(Communicator.world.rank) of \(Communicator.world.size)")
      if issue.isFailure { state.fail(issue.description) }
      return issue
    }
    try await issues.provideScope(for: test, testCase: testCase) {
      let control: Communicator
      do {
        control = try Self.start()
      } catch {
        Issue.record(error, "MPI does not start")
        return
      }
      state.watch(seconds: 60)
      do {
        try await function()
      } catch {
        state.watch(seconds: 10)
        Issue.record(error)
      }
      Self.finish(state, control)
    }
  }

  /// Waits for all ranks, and tells each of a failure elsewhere.
  private static func finish(_ state: TestState, _ control: Communicator) {
    do {
      let first = try control.allReduce(state.hasFailed ? control.rank.index : control.size, .minimum)
      state.unwatch()
      if first < control.size, !state.hasFailed { Issue.record("the test failed on rank \(first)") }
    } catch {
      state.unwatch()
      Issue.record(error, "the ranks cannot agree on how the test ended")
    }
  }

  private static let control = Mutex<Communicator?>(nil)

  /// The communicator for the ranks' agreement, whose messages never meet those of a test; starts MPI the first time.
  private static func start() throws -> Communicator {
    try control.withLock { control in
      if let control { return control }
      try MPIEnvironment.initialize(threadLevel: .multiple)
      atexit { try? MPIEnvironment.finalize() }
      let new = try Communicator.world.duplicate()
      control = new
      return new
    }
  }
}

extension Trait where Self == RankedTest {
  /// All ranks run the test together.
  public static var ranked: Self { Self() }
}

/// How a test goes on this rank, and until when it must have ended.
private final class TestState: Sendable {
  private let name: String
  private let failure = Mutex<String?>(nil)
  /// The number of the watch that counts.
  private let current = Mutex(0)

  init(name: String) { self.name = name }

  var hasFailed: Bool { failure.withLock { $0 != nil } }

  func fail(_ description: String) { failure.withLock { $0 = $0 ?? description } }

  /// Ends the job unless the test has ended everywhere after so many seconds; an earlier watch ends.
  func watch(seconds: Double) {
    let mine = nextWatch()
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in
      guard current.withLock({ $0 == mine }) else { return }
      let place = "rank \(Communicator.world.rank) of \(Communicator.world.size)"
      let reason = failure.withLock { $0 } ?? "it waits"
      let text = "error: \(name) did not end on all ranks within \(Int(seconds)) s; on \(place): \(reason)\n"
      _ = text.withCString { write(2, $0, strlen($0)) }
      MPIEnvironment.abort()
    }
  }

  func unwatch() { _ = nextWatch() }

  private func nextWatch() -> Int {
    current.withLock { current in
      current += 1
      return current
    }
  }
}

/// The communicator of all ranks.
public var world: Communicator { .world }
