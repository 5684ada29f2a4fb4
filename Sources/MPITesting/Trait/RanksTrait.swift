internal import MPI
public import Testing

/// Runs a test on every rank of a job: `@Test(.ranks(4))`, `@Suite(.ranks(1, 2, 3, 7))`.
///
/// Under plain `swift test`, or in an IDE, the trait starts the job itself, with the `mpirun` of the MPI that the test
/// program is linked to, once for each number of ranks; all tests with that number share one launch, in which each rank
/// runs them one after the other, in the same order. A failed expectation is reported where it stands, once, with the
/// ranks on which it failed. Started by hand under `mpirun -n 4 …`, the same tests run in place.
///
/// See <doc:MPITesting> for what is reported of ranks that crash, exit or hang.
public struct RanksTrait: TestTrait, SuiteTrait {
  /// On how many ranks the test runs, one job after the other; ascending, each once.
  public let counts: [Int]

  /// How long one test case may take on one number of ranks, from its beginning on the first rank to its end on all.
  public let timeLimit: Duration

  /// Whether the ranks agree on each collective before they enter it, so that a mistake is named instead of a hang.
  public let checksCollectives: Bool

  /// Each test in a suite has the trait; one with a trait of its own follows that.
  public var isRecursive: Bool { true }

  init(_ counts: some Sequence<Int>, timeLimit: Duration, checkingCollectives: Bool) {
    let counts = Set(counts)
    precondition(!counts.isEmpty && counts.allSatisfy { $0 > 0 }, "a test runs on one rank or more")
    self.counts = counts.sorted()
    self.timeLimit = timeLimit
    self.checksCollectives = checkingCollectives
  }

  /// Tells the runner of the test before any test begins, so that all tests can share launches.
  public func prepare(for test: Test) async throws {
    guard !test.isSuite, isInForce(for: test), case .runner = Place.current else { return }
    TestRuns.shared.register(test, self)
  }

  /// Whether no trait closer to the test says otherwise.
  private func isInForce(for test: Test) -> Bool {
    let traits = test.traits.compactMap { $0 as? RanksTrait }
    guard let last = traits.last else { return false }
    return last.counts == counts && last.timeLimit == timeLimit && last.checksCollectives == checksCollectives
  }
}

extension RanksTrait: TestScoping {
  /// Runs the test on its ranks, or as one of them.
  @concurrent public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard isInForce(for: test), InnermostScope.isFree else { return try await function() }
    try await InnermostScope.$isFree.withValue(false) {
      switch Place.current {
      case .runner: try await TestRuns.shared.report(test, testCase, self)
      case .rank(let job): try await RankScope(test, testCase, self, job).run(function)
      case .inPlace(let size):
        guard counts.contains(size) else {
          try Test.cancel("this is a run on \(size) ranks; the test is for \(counts.asWords("or"))")
        }
        try await InPlaceScope(test, self).run(function)
      }
    }
  }
}

/// Where two traits that say the same meet on one test, the outer one acts.
private enum InnermostScope {
  @TaskLocal static var isFree = true
}

extension Trait where Self == RanksTrait {
  /// Runs the test on every rank of a job, once for each number of ranks.
  ///
  /// - Parameters:
  ///   - counts: On how many ranks, such as `1, 2, 3, 7`.
  ///   - timeLimit: How long one test case may take; the ranks that have not ended are then reported with the call in
  ///     which each stands, and the job is ended.
  ///   - checkingCollectives: Whether the ranks agree on each collective before they enter it.
  public static func ranks(
    _ counts: Int..., timeLimit: Duration = .seconds(60), checkingCollectives: Bool = true
  ) -> Self {
    RanksTrait(counts, timeLimit: timeLimit, checkingCollectives: checkingCollectives)
  }

  /// Runs the test on every rank of a job, once for each number of ranks, such as `.ranks(1...5)`.
  ///
  /// - Parameters:
  ///   - counts: On how many ranks.
  ///   - timeLimit: How long one test case may take.
  ///   - checkingCollectives: Whether the ranks agree on each collective before they enter it.
  public static func ranks(
    _ counts: some Sequence<Int>, timeLimit: Duration = .seconds(60), checkingCollectives: Bool = true
  ) -> Self {
    RanksTrait(counts, timeLimit: timeLimit, checkingCollectives: checkingCollectives)
  }
}
