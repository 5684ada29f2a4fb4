internal import CMPI
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// What all ranks of a job on this machine do, in memory that they share.
///
/// Each rank writes its own part when `SWIFT_MPI_BOARD` or `SWIFT_MPI_CHECK` is set; any process may read it, also one
/// in which MPI does not run. Reading is local and never waits for a rank.
package final class Board: @unchecked Sendable {
  private let memory: OpaquePointer
  private let isOwned: Bool

  /// How many ranks the job has.
  package let ranks: Int

  private init(memory: OpaquePointer, isOwned: Bool) {
    self.memory = memory
    self.isOwned = isOwned
    ranks = Int(cmpi_board_ranks(memory))
  }

  /// Opens the board of a job from outside; makes it when the job has not yet.
  ///
  /// - Parameters:
  ///   - path: The file that `SWIFT_MPI_BOARD` names in the ranks.
  ///   - ranks: How many ranks the job has.
  /// - Throws: ``BoardError`` when the file cannot be made, or is of another number of ranks.
  package convenience init(path: String, ranks: Int) throws(BoardError) {
    guard let memory = cmpi_board_open(path, CInt(ranks)) else {
      throw BoardError(description: "\(path) cannot be used as a board: \(String(cString: strerror(errno)))")
    }
    self.init(memory: memory, isOwned: true)
  }

  deinit {
    if isOwned { cmpi_board_close(memory) }
  }

  /// The board that this process writes, while calls are recorded.
  package static var current: Board? { cmpi_board_own().map { Board(memory: $0, isOwned: false) } }

  /// Says that the calling thread is the one whose stack shows what this process does, until another one calls MPI.
  package static func noteThread() { cmpi_board_note_thread() }

  /// What a rank does now.
  package func activity(of rank: Int) -> RankActivity { activity(of: rank, hasSample: false) }

  /// What a rank does now, with the stack on which it stands when that is outside MPI.
  ///
  /// Interrupts the process for a moment, by a signal; waits for its answer.
  ///
  /// - Parameters:
  ///   - rank: Which rank.
  ///   - timeout: Seconds to wait: a stopped process does not answer.
  package func sample(_ rank: Int, timeout: Double = 1) -> RankActivity {
    let isSampled = cmpi_board_sample(memory, CInt(rank), timeout)
    return activity(of: rank, hasSample: isSampled)
  }

  /// The text with which checked mode ended the job, if it did.
  package var verdict: String? {
    let text = String(cString: cmpi_board_verdict(memory))
    return text.isEmpty ? nil : text
  }

  /// One line for each rank: `rank 1: in barrier on world for 5.1 s, at Foo.swift:12 in bar()`.
  ///
  /// - Parameters:
  ///   - chosen: Which ranks; all when `nil`.
  ///   - isSampling: Whether ranks outside MPI are asked where they stand.
  package func report(_ chosen: [Int]? = nil, sampling isSampling: Bool = true) -> [String] {
    let activities = (chosen ?? Array(0..<ranks)).map { isSampling ? standing(of: $0) : activity(of: $0) }
    Symbolizer.prepare(activities.map { $0.stack.isEmpty ? $0.lastCall?.stack ?? [] : $0.stack })
    return activities.map { "rank \($0.rank): \($0)" }
  }

  /// The place in a file of an address of a rank's.
  func locate(_ frame: UInt64, of rank: Int) -> StackAddress? {
    let isInExecutable = frame & Self.executableBit != 0
    let module = isInExecutable ? executable(of: rank) : nil
    if let module { return StackAddress(module: module, offset: frame & ~Self.executableBit) }
    var offset: UInt64 = 0
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { path in
      guard cmpi_board_locate(memory, CInt(rank), frame, path.baseAddress!, 512, &offset) else { return nil }
      return StackAddress(module: String(cString: path.baseAddress!), offset: offset)
    }
  }

  private static let executableBit: UInt64 = 1 << 63

  /// The program that a rank runs; that of this process for a rank of another machine.
  private func executable(of rank: Int) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { path in
      guard cmpi_board_executable(memory, CInt(rank), path.baseAddress!, 512) else { return nil }
      return String(cString: path.baseAddress!)
    }
  }

  /// Whether a rank lives and moves: what a watcher can ask for many times a second.
  package func pulse(of rank: Int) -> RankPulse { RankPulse(record(of: rank)) }

  private func record(of rank: Int) -> CMPI_RankRecord {
    var record = CMPI_RankRecord()
    cmpi_board_read(memory, CInt(rank), &record)
    return record
  }

  private func activity(of rank: Int, hasSample: Bool) -> RankActivity {
    let record = record(of: rank)
    let hasCall = record.beat > 0
    let call = hasCall ? Call(record.call) { locate($0, of: rank) } : nil
    let state = Self.state(record, call)
    var stack: [StackAddress] = []
    switch state {
    case .inside(let call): stack = call.stack
    case .crashed, .exited: stack = frames(record, of: rank)
    case .vanished where record.isEnding: stack = frames(record, of: rank)
    default: if hasSample { stack = frames(record, of: rank) }
    }
    return RankActivity(
      rank: rank, processID: record.processID, isAlive: record.isAlive, hasFinalized: record.hasFinalized,
      isEnding: record.isEnding, isInCall: RankPulse(record).isInCall, state: state, seconds: record.seconds,
      calls: record.beat, lastCall: call, stack: stack)
  }

  private func frames(_ record: CMPI_RankRecord, of rank: Int) -> [StackAddress] {
    withUnsafeBytes(of: record.frames) { bytes in
      bytes.bindMemory(to: UInt64.self).prefix(Int(record.frameCount)).compactMap { locate($0, of: rank) }
    }
  }

  private static func state(_ record: CMPI_RankRecord, _ call: Call?) -> RankActivity.State {
    if record.processID == 0 { return .absent }
    if record.crashSignal != 0 { return .crashed(signal: Int(record.crashSignal)) }
    if record.hasExited { return .exited(status: record.exitStatus < 0 ? nil : Int(record.exitStatus)) }
    if !record.isAlive { return .vanished }
    if record.hasFinalized { return .finalized }
    guard let call, record.phase != CInt(CMPI_PHASE_OUTSIDE.rawValue) else { return .outside }
    return .inside(call)
  }
}

/// Why a board cannot be opened.
package struct BoardError: Error, CustomStringConvertible {
  package let description: String
}
