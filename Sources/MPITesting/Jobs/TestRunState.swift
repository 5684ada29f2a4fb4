/// What ``TestRuns`` knows: which tests there are, who waits for which, and what has become of them.
struct TestRunState {
  /// A test to run.
  struct Registration {
    let trait: RanksTrait
    let launches: Set<Launch>
  }

  /// What the tests of one job have in common.
  struct Launch: Hashable, Comparable {
    var ranks: Int
    var checksCollectives: Bool

    static func < (left: Launch, right: Launch) -> Bool {
      (left.ranks, left.checksCollectives ? 0 : 1) < (right.ranks, right.checksCollectives ? 0 : 1)
    }
  }

  typealias Answer = CheckedContinuation<[CaseOutcome], Never>

  /// By number of ranks.
  var outcomes: [Int: [CaseIdentifier: CaseOutcome]] = [:]
  /// By number of ranks: why tests could not run, by test.
  var failures: [Int: [String: String]] = [:]

  private var registered: [String: Registration] = [:]
  private var requests: [(identifier: CaseIdentifier, answer: Answer)] = []
  /// The tests all of whose jobs have ended.
  private var ended: Set<String> = []
  /// The cases whose outcomes were taken: who asks again wants another run.
  private var taken: Set<CaseIdentifier> = []
  private var isRunning = false
  private var isFirstRound = true

  mutating func register(_ test: String, _ trait: RanksTrait, counts: [Int]) {
    let launches = counts.map { Launch(ranks: $0, checksCollectives: trait.checksCollectives) }
    registered[test] = Registration(trait: trait, launches: Set(launches))
  }

  /// Notes who waits for a case; returns whether a thread must be started to run tests.
  mutating func ask(_ identifier: CaseIdentifier, _ answer: Answer) -> Bool {
    if taken.contains(identifier) { forget(identifier.test) }
    requests.append((identifier, answer))
    guard !isRunning, !ended.contains(identifier.test) else { return false }
    isRunning = true
    return true
  }

  /// The tests to run now: at first all that are registered, later those that somebody waits for.
  mutating func nextRound() -> [String: Registration]? {
    let asked = Set(requests.map(\.identifier.test)).subtracting(ended)
    guard !asked.isEmpty else {
      isRunning = false
      return nil
    }
    defer { isFirstRound = false }
    return isFirstRound ? registered : registered.filter { asked.contains($0.key) }
  }

  mutating func end(_ tests: some Sequence<String>) { ended.formUnion(tests) }

  /// Those who wait for tests that have ended, with what they wait for.
  mutating func takeAnswers() -> [(Answer, [CaseOutcome])] {
    let ready = requests.filter { ended.contains($0.identifier.test) }
    requests.removeAll { ended.contains($0.identifier.test) }
    return ready.map { ($0.answer, take($0.identifier)) }
  }

  private mutating func take(_ identifier: CaseIdentifier) -> [CaseOutcome] {
    taken.insert(identifier)
    let launches = registered[identifier.test]?.launches.sorted() ?? []
    return launches.map { launch in
      if let outcome = outcomes[launch.ranks]?[identifier] { return outcome }
      let none = Array(repeating: CaseOutcome.RankOutcome(), count: launch.ranks)
      if let reason = failures[launch.ranks]?[identifier.test] {
        return CaseOutcome(identifier: identifier, ranks: none, trouble: .launcher(reason))
      }
      let reason =
        identifier.arguments.isEmpty
        ? "a condition of the test, or the order of tests, differs there"
        : "the arguments are written otherwise in each process: make them Codable, and sort sets and dictionaries"
      return CaseOutcome(identifier: identifier, ranks: none, trouble: .notRun(reason))
    }
  }

  private mutating func forget(_ test: String) {
    ended.remove(test)
    taken = taken.filter { $0.test != test }
    for ranks in outcomes.keys { outcomes[ranks] = outcomes[ranks]?.filter { $0.key.test != test } }
    for ranks in failures.keys { failures[ranks]?[test] = nil }
  }
}
