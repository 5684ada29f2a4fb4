internal import Foundation
internal import MPILaunching
internal import Synchronization
internal import Testing

/// Runs the tests with ranks, in as few launches as can be, and gives each test case its outcomes.
///
/// All tests of a run are known before the first begins. When the first one asks, all run: one launch for each number of
/// ranks, one after the other, because two jobs at once on one machine only disturb each other. A test that ends its job
/// is followed by another launch for the rest.
final class TestRuns: Sendable {
  static let shared = TestRuns()

  private let state = Mutex(TestRunState())
  /// The start of all random numbers of the run.
  let seed: UInt64

  private init() {
    let given = ProcessInfo.processInfo.environment[RandomSeed.variable].flatMap { UInt64($0) }
    seed = given ?? .random(in: 0...UInt64(UInt32.max))
  }

  /// The variable that restricts the numbers of ranks, such as `1 2`.
  static let countsVariable = "SWIFT_MPI_TESTING_RANKS"

  private static let wantedCounts: Set<Int>? = {
    let named = ProcessInfo.processInfo.environment[countsVariable, default: ""]
    let counts = named.split { !$0.isNumber }.compactMap { Int($0) }
    return counts.isEmpty ? nil : Set(counts)
  }()

  /// Takes note of a test that may run.
  func register(_ test: Test, _ trait: RanksTrait) {
    let counts = trait.counts.filter { Self.wantedCounts?.contains($0) ?? true }
    guard !counts.isEmpty else { return }
    state.withLock { $0.register("\(test.id)", trait, counts: counts) }
  }

  /// Waits until a test case has run on all its numbers of ranks, and reports what happened.
  func report(_ test: Test, _ testCase: Test.Case?, _ trait: RanksTrait) async throws {
    guard trait.counts.contains(where: { Self.wantedCounts?.contains($0) ?? true }) else {
      try Test.cancel("\(Self.countsVariable) leaves out \(trait.counts.asWords("and"))")
    }
    for outcome in await outcomes(of: CaseIdentifier(test, testCase)) {
      CaseReport(outcome, test, seed: seed).record()
    }
  }

  private func outcomes(of identifier: CaseIdentifier) async -> [CaseOutcome] {
    await withCheckedContinuation { answer in
      if state.withLock({ $0.ask(identifier, answer) }) { Thread.detachNewThread { self.work() } }
      answerRequests()
    }
  }

  private func answerRequests() {
    for (answer, outcomes) in state.withLock({ $0.takeAnswers() }) { answer.resume(returning: outcomes) }
  }

  // MARK: The thread that runs jobs

  private func work() {
    while let round = state.withLock({ $0.nextRound() }) {
      let launches = Set(round.values.flatMap(\.launches)).sorted()
      for (index, launch) in launches.enumerated() {
        run(launch, round.filter { $0.value.launches.contains(launch) })
        let later = Set(launches[(index + 1)...])
        state.withLock { $0.end(round.filter { later.isDisjoint(with: $0.value.launches) }.keys) }
        answerRequests()
      }
      // When tests are repeated, all that are asked for at this moment share the next round.
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  /// Runs the tests, in several jobs when some end theirs.
  private func run(_ launch: TestRunState.Launch, _ tests: [String: TestRunState.Registration]) {
    let limits = tests.mapValues { $0.trait.timeLimit / .seconds(1) }
    var earlier: Set<CaseIdentifier> = []
    var hasMore = true
    while hasMore {
      hasMore = false
      var last: CaseIdentifier?
      let plan = Job.Plan(
        ranks: launch.ranks, checksCollectives: launch.checksCollectives, timeLimits: limits, earlier: earlier,
        seed: seed)
      let failure = attempt(plan) { outcome in
        last = outcome.identifier
        earlier.insert(outcome.identifier)
        if outcome.trouble != nil { hasMore = true }
        state.withLock { $0.outcomes[launch.ranks, default: [:]][outcome.identifier] = outcome }
      }
      guard let failure else { continue }
      // A job that ends between two tests is told with the first, and followed by another for the second.
      hasMore = last != nil
      state.withLock { state in
        if let last {
          state.outcomes[launch.ranks]?[last]?.trouble = .launcher(failure)
        } else {
          for test in tests.keys { state.failures[launch.ranks, default: [:]][test] = failure }
        }
      }
    }
  }

  private func attempt(_ plan: Job.Plan, _ deliver: (CaseOutcome) -> Void) -> String? {
    do {
      return try Job(plan, launcher: .ofLinkedLibrary()).run(deliver)
    } catch {
      return "\(error)"
    }
  }
}
