internal import CMPITesting
internal import Foundation
internal import MPI
internal import MPILaunching

/// One launch of this program on a number of ranks, for the tests that run there.
///
/// Runs on one thread, which waits for it.
final class Job {
  /// What to run, and how.
  struct Plan: Sendable {
    var ranks: Int
    var checksCollectives: Bool
    /// The tests, by identifier, with the seconds that each of their cases may take.
    var timeLimits: [String: Double]
    /// Cases of them that have run already.
    var earlier: Set<CaseIdentifier>
    var seed: UInt64
  }

  /// How long every rank may stand still inside MPI calls before that is called a deadlock.
  static let standstillLimit = 5.0
  /// The same where a rank has left the test by an error, and will not do what the others wait for.
  static let abandonedLimit = 1.5
  /// How long the launcher may take to end the job when a rank has died.
  static let deathLimit = 5.0
  /// How long the launcher may take to bring the ranks to their first test, or from their last test to the end.
  static let launchLimit = 60.0
  /// How much longer all of these and the tests' own limits are, for programs that a sanitizer or a busy machine slows.
  static let timeFactor =
    ProcessInfo.processInfo.environment["SWIFT_MPI_TESTING_TIME_FACTOR"].flatMap(Double.init).map { max($0, 1) } ?? 1

  private let plan: Plan
  private let launcher: Launcher
  private let folder: JobFolder
  private let process: ChildProcess
  private let board: RankBoard
  private var ranks: [RankProgress]
  /// The case that the ranks are in: the first that has not ended on all.
  private var current = 0
  private var currentSince = monotonicSeconds()

  /// Starts it.
  init(_ plan: Plan, launcher: Launcher) throws {
    self.plan = plan
    self.launcher = launcher
    let folder = try JobFolder.make()
    self.folder = folder
    do {
      try JSONEncoder().encode(plan.earlier).write(to: URL(fileURLWithPath: folder.earlierCases))
      let environment = Job.environment(plan, launcher, folder)
      let isChecked = environment["SWIFT_MPI_CHECK", default: "0"] != "0"
      board = RankBoard(folder, ranks: plan.ranks, isChecked: isChecked)
      process = try Job.launch(plan, launcher, folder, environment)
    } catch {
      folder.remove()
      throw error
    }
    ranks = (0..<plan.ranks).map { RankProgress(folder, rank: $0) }
    cmpitesting_guard(process.identifier, folder.path)
  }

  private static func environment(_ plan: Plan, _ launcher: Launcher, _ folder: JobFolder) -> [String: String] {
    var environment = launcher.environmentForOneMachine(
      ProcessInfo.processInfo.environment, ranks: plan.ranks, scratch: folder.scratch)
    environment[CMPITESTING_FOLDER] = folder.path
    environment[CMPITESTING_PARENT] = "\(getpid())"
    environment[RandomSeed.variable] = "\(plan.seed)"
    environment["SWIFT_MPI_BOARD"] = folder.board
    if plan.checksCollectives, environment["SWIFT_MPI_CHECK"] == nil { environment["SWIFT_MPI_CHECK"] = "1" }
    // Who waits in vain, and for how long, is judged here.
    environment["SWIFT_MPI_CHECK_WATCHED"] = "1"
    // The stack of a crash is on the board.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    environment["NO_COLOR"] = "1"
    return environment
  }

  private static func launch(
    _ plan: Plan, _ launcher: Launcher, _ folder: JobFolder, _ environment: [String: String]
  ) throws -> ChildProcess {
    var program = TestProgram.command
    // `--filter` wants a regular expression for the whole identifier.
    for test in plan.timeLimits.keys.sorted() {
      program += ["--filter", "^" + NSRegularExpression.escapedPattern(for: test) + "$"]
    }
    return try ChildProcess(
      launcher.path, launcher.arguments(ranks: plan.ranks, program: program[0], Array(program[1...])),
      environment: environment, output: folder.launcherOutput)
  }

  /// Runs it to its end.
  ///
  /// - Parameter deliver: Gets each case when it has ended on all ranks, or has ended the job.
  /// - Returns: Why the job did not run all cases to their end, if so: no case has that to tell.
  func run(_ deliver: (CaseOutcome) -> Void) -> String? {
    defer { clean() }
    var pause: UInt32 = 1000
    while true {
      let end = process.end
      let hasNews = update()
      deliverFinished(deliver)
      if let end { return finish(end, deliver) }
      if let trouble = trouble() {
        let fates = board.fates(ended: endedRanks)
        stop()
        _ = update()
        return deliverBroken(trouble, fates, deliver)
      }
      pause = hasNews ? 1000 : min(pause * 2, 20_000)
      usleep(pause)
    }
  }

  private func update() -> Bool {
    var hasNews = false
    for rank in ranks.indices where ranks[rank].update() { hasNews = true }
    board.look(ended: endedRanks)
    return hasNews
  }

  private func deliverFinished(_ deliver: (CaseOutcome) -> Void) {
    while !isSpoiled, ranks.allSatisfy({ entry($0)?.outcome.progress == .done }), let outcome = outcome() {
      deliver(outcome)
      current += 1
      currentSince = monotonicSeconds()
    }
  }

  /// The current case on a rank, if it has begun it.
  private func entry(_ rank: RankProgress) -> RankProgress.Entry? {
    rank.cases.indices.contains(current) ? rank.cases[current] : nil
  }

  /// The current case as the ranks have told it.
  private func outcome(
    trouble: CaseOutcome.Trouble? = nil, fates: [CaseOutcome.Fate?] = []
  ) -> CaseOutcome? {
    guard let identifier = ranks.lazy.compactMap({ self.entry($0) }).first?.identifier else { return nil }
    let outcomes = ranks.indices.map { rank in
      var outcome = CaseOutcome.RankOutcome()
      if let entry = entry(ranks[rank]), entry.identifier == identifier {
        outcome = entry.outcome
        outcome.output = ranks[rank].printed(current)
      }
      outcome.fate = fates.indices.contains(rank) ? fates[rank] : nil
      return outcome
    }
    return CaseOutcome(identifier: identifier, ranks: outcomes, trouble: trouble)
  }

  /// Whether a rank has begun the current case.
  private var hasBegun: Bool { ranks.contains { entry($0) != nil } }

  /// The ranks whose body of the current case has ended.
  private var endedRanks: Set<Int> {
    Set(ranks.indices.filter { rank in entry(ranks[rank]).map { $0.outcome.progress != .running } ?? false })
  }

  /// Whether the body of the current case has thrown on some rank.
  private var hasThrown: Bool {
    ranks.contains { entry($0)?.outcome.progress == .ended(threw: true) }
  }

  /// Whether the current case has left MPI in a state in which no other can run.
  private var isSpoiled: Bool { ranks.contains { entry($0)?.isSpoiled == true } }

  /// Whether the job must be ended now, and why.
  private func trouble() -> CaseOutcome.Trouble? {
    let seconds = monotonicSeconds() - currentSince
    let factor = Self.timeFactor
    guard hasBegun else {
      return seconds > Self.launchLimit * factor ? .timeLimit(Self.launchLimit * factor) : nil
    }
    let test = ranks.lazy.compactMap { self.entry($0) }.first?.identifier.test
    let limit = (test.flatMap { plan.timeLimits[$0] } ?? 60) * factor
    if seconds > limit { return .timeLimit(limit) }
    if isSpoiled, endedRanks.count == ranks.count { return .spoiled }
    // The launcher ends the job when a rank dies, and is given the time for it.
    if let dead = board.secondsSinceDeath, dead > Self.deathLimit * factor { return .death }
    let patience = (hasThrown ? Self.abandonedLimit : Self.standstillLimit) * factor
    return board.standstill > patience ? .standstill(patience) : nil
  }

  /// The launcher has ended.
  private func finish(_ end: ChildProcess.End, _ deliver: (CaseOutcome) -> Void) -> String? {
    if !hasBegun, ranks.allSatisfy(\.hasSaidGoodbye) { return nil }
    let fates = board.fates(ended: endedRanks)
    switch end {
    case .killed(let signal):
      return deliverBroken(.launcher("\(launcher.path) was ended by \(signalName(signal))"), fates, deliver)
    case .exited: return deliverBroken(.death, fates, deliver)
    }
  }

  /// Delivers the case that ended the job, with what its ranks were doing.
  private func deliverBroken(
    _ trouble: CaseOutcome.Trouble, _ fates: [CaseOutcome.Fate?], _ deliver: (CaseOutcome) -> Void
  ) -> String? {
    guard let outcome = outcome(trouble: trouble, fates: fates) else { return startText(trouble, fates) }
    deliver(outcome)
    return nil
  }

  /// Why a job ended between two tests.
  private func startText(_ trouble: CaseOutcome.Trouble, _ fates: [CaseOutcome.Fate?]) -> String {
    let place = current == 0 ? "before the first test" : "after this test had ended"
    let reason =
      switch trouble {
      case .timeLimit(let seconds): "the job did not go on for \(Int(seconds)) s \(place)"
      case .launcher(let text): text + " " + place
      default: "the job ended \(place)"
      }
    let said = (try? String(contentsOfFile: folder.launcherOutput, encoding: .utf8)) ?? ""
    let ranks = fates.indices.compactMap { rank in fates[rank].map { "rank \(rank): \($0.text)" } }
    return ([reason] + ranks + said.lastLines(20).map { "  " + $0 }).joined(separator: "\n")
  }

  private func stop() {
    process.signalGroup(SIGTERM)
    if process.wait(seconds: 2) == nil {
      process.signalGroup(SIGKILL)
      _ = process.wait(seconds: 5)
    }
  }

  /// Leaves nothing behind.
  private func clean() {
    if process.end == nil { stop() }
    for rank in ranks.indices {
      if let number = folder.process(rank), cmpitesting_is_alive(number) { kill(number, SIGKILL) }
      ranks[rank].close()
    }
    cmpitesting_guard(0, nil)
    folder.remove()
  }
}
