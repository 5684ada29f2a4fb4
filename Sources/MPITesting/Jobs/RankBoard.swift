internal import CMPITesting
internal import Foundation
internal import MPI
internal import MPILaunching

/// Where each rank of a job stands, seen from outside.
final class RankBoard {
  private let folder: JobFolder
  private let ranks: Int
  private let board: Board?
  /// The ranks that were dead when death was first seen: those that began it, if not all are.
  private var firstDead: Set<Int> = []
  private var firstDeath: Double?
  private var lastPulses: [RankPulse] = []
  private var lastMove = monotonicSeconds()

  /// Whether the ranks agree on collectives before they enter them.
  private let isChecked: Bool

  init(_ folder: JobFolder, ranks: Int, isChecked: Bool) {
    self.folder = folder
    self.isChecked = isChecked
    self.ranks = ranks
    self.board = try? Board(path: folder.board, ranks: ranks)
  }

  /// Looks at all ranks.
  ///
  /// - Parameter ended: The ranks whose body of the current case has ended.
  func look(ended: Set<Int>) {
    guard let board else { return }
    let pulses = (0..<ranks).map { board.pulse(of: $0) }
    let dead = pulses.indices.filter { pulses[$0].isDead }
    if !dead.isEmpty, firstDeath == nil {
      firstDeath = monotonicSeconds()
      firstDead = Set(dead)
    }
    // Where all have agreed on a collective, they go on: a reduction may take its time.
    let willEnd = isChecked && ended.isEmpty && pulses.allSatisfy(\.isPastAgreement)
    let mayWait = pulses.indices.allSatisfy { ended.contains($0) || pulses[$0].isInCall }
    if pulses != lastPulses || !mayWait || willEnd || ended.count == ranks {
      lastPulses = pulses
      lastMove = monotonicSeconds()
    }
  }

  /// For how long every rank that has not ended has been inside one MPI call.
  var standstill: Double { board == nil ? 0 : monotonicSeconds() - lastMove }

  /// For how long a rank has been dead.
  var secondsSinceDeath: Double? { firstDeath.map { monotonicSeconds() - $0 } }

  /// What each rank is doing, or how it ended; `nil` for one whose body has ended and that is well.
  func fates(ended: Set<Int>) -> [CaseOutcome.Fate?] {
    guard let board else { return Array(repeating: nil, count: ranks) }
    let activities = (0..<ranks).map { rank in
      ended.contains(rank) || firstDeath != nil ? board.activity(of: rank) : board.sample(rank, timeout: 1)
    }
    let culprits = culprits(activities)
    return activities.map { fate(of: $0, hasEnded: ended.contains($0.rank), isCulprit: culprits.contains($0.rank)) }
  }

  /// The ranks that died by themselves, not because the launcher ended the job then.
  private func culprits(_ activities: [RankActivity]) -> Set<Int> {
    let spoken = activities.filter { activity in
      switch activity.state {
      case .crashed(let signal): CInt(signal) != SIGTERM
      case .exited: true
      default: activity.isEnding
      }
    }
    if !spoken.isEmpty { return Set(spoken.map(\.rank)) }
    let vanished = Set(activities.filter(\.isDead).map(\.rank))
    let named = vanished.intersection(namedByLauncher())
    if !named.isEmpty { return named }
    // MPICH kills all within a millisecond: who was waiting in a call did not begin it.
    let first = firstDead.isEmpty ? vanished : firstDead
    let outside = first.filter { !activities[$0].isInCall }
    return outside.isEmpty ? first : outside
  }

  /// The ranks that Open MPI's launcher calls the cause.
  private func namedByLauncher() -> Set<Int> {
    let said = (try? String(contentsOfFile: folder.launcherOutput, encoding: .utf8)) ?? ""
    let matches = said.matches(of: /process rank (\d+) with PID|Process name: \[\[\d+,\d+\],(\d+)\]/)
    return Set(matches.compactMap { ($0.1 ?? $0.2).flatMap { Int($0) } })
  }

  private func fate(of activity: RankActivity, hasEnded: Bool, isCulprit: Bool) -> CaseOutcome.Fate? {
    if isCulprit, let fate = end(of: activity) { return fate }
    if hasEnded { return nil }
    if activity.processID == 0 { return .init(text: "has not come to MPI", isDead: false, place: nil) }
    let isStopped = !activity.isDead && cmpitesting_is_stopped(activity.processID)
    let stopped = isStopped ? "stopped, as by SIGSTOP, " : ""
    if activity.isInCall, let call = activity.lastCall {
      return .init(text: "\(stopped)in \(call.description)\(at(call.place))", isDead: false, place: place(call.place))
    }
    let frame = activity.isDead ? nil : activity.userFrames.first
    return .init(text: "\(stopped)outside MPI\(at(frame))", isDead: false, place: place(frame))
  }

  /// How a rank ended that brought it about itself.
  private func end(of activity: RankActivity) -> CaseOutcome.Fate? {
    let frame = activity.userFrames.first
    let text: String
    switch activity.state {
    case .crashed(let signal): text = "crashed with \(signalName(signal))\(at(frame))"
    case .exited(let status): text = "called exit\(status.map { "(\($0))" } ?? "")\(at(frame))"
    case .vanished where activity.isEnding: text = "ended the job\(at(frame))"
    case .vanished:
      let last = activity.lastCall.flatMap { call in call.place?.isUserCode == true ? call.descriptionWithPlace : nil }
      text = "vanished without a word, as by SIGKILL or _exit" + (last.map { "; its last call of MPI was \($0)" } ?? "")
    case .absent, .outside, .inside, .finalized:
      guard activity.isEnding else { return nil }
      text = "ended the job\(at(frame))"
    }
    return .init(text: text, isDead: true, place: place(frame))
  }

  private func at(_ frame: SourceFrame?) -> String { frame.flatMap { $0.isUserCode ? ", at \($0)" : nil } ?? "" }

  private func place(_ frame: SourceFrame?) -> CaseOutcome.Fate.Place? {
    guard let frame, frame.isUserCode, let file = frame.file, let line = frame.line else { return nil }
    return .init(file: file, line: line)
  }
}

extension RankActivity {
  fileprivate var isDead: Bool {
    switch state {
    case .crashed, .exited, .vanished: true
    case .absent, .outside, .inside, .finalized: false
    }
  }
}
