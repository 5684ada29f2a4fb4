/// What a rank does, as the board says: where it stands, since when, and on which line.
package struct RankActivity: Sendable {
  /// Where a rank stands.
  package enum State: Sendable {
    /// It has not come to MPI yet.
    case absent
    /// It runs, between two calls of MPI.
    case outside
    /// It is in a call, or waits there until the others come to it.
    case inside(Call)
    /// It crashed by this signal.
    case crashed(signal: Int)
    /// It called `exit`; the status is not known everywhere.
    case exited(status: Int?)
    /// It is in `MPI_Finalize`, or past it and still running.
    case finalized
    /// Its process is gone without a word.
    case vanished
  }

  /// The rank in the world.
  package var rank: Int
  /// Its process; 0 while it is absent.
  package var processID: Int32
  /// Whether that still runs.
  package var isAlive: Bool
  /// Whether it has come to `MPI_Finalize`.
  package var hasFinalized: Bool
  /// Whether it was about to end the whole job, by an error or an abort.
  package var isEnding: Bool
  /// Whether it is in the call that it entered last, or was when it ended.
  package var isInCall: Bool
  /// Where it stands.
  package var state: State
  /// Since how many seconds.
  package var seconds: Double
  /// How many calls of MPI it has entered.
  package var calls: UInt64
  /// The call that it entered last.
  package var lastCall: Call?
  /// Where it stands: in its call, at its crash, or where it was when it was sampled. The innermost first.
  package var stack: [StackAddress]

  /// The frames of the user's code in the stack, the innermost first; the first time slow.
  package var userFrames: [SourceFrame] { stack.isEmpty ? [] : Symbolizer.userFrames(at: stack) }
}

extension RankActivity: CustomStringConvertible {
  /// One line, such as `in broadcast of 4 Int from rank 0 on world for 2.1 s, at Foo.swift:12 in bar()`.
  package var description: String {
    let place = (stack.isEmpty ? nil : Symbolizer.place(at: stack)).map { ", \($0)" } ?? ""
    switch state {
    case .absent: return "has not started MPI"
    case .outside:
      let last = place.isEmpty ? lastCall.map { "; its last call was \($0.descriptionWithPlace)" } ?? "" : place
      return "outside MPI for \(time)\(last)"
    case .inside(let call): return "in \(call.description) for \(time)\(place)"
    case .crashed(let signal): return "crashed by \(Self.name(ofSignal: signal))\(place)"
    case .exited(let status):
      let how = status.map { " with status \($0)" } ?? ""
      return "called exit\(how) \(hasFinalized ? "after" : "without") MPI_Finalize\(lastWords)"
    case .finalized: return "finalised MPI \(time) ago\(lastWords)"
    case .vanished: return "ended without a word\(hasFinalized ? " after MPI_Finalize" : "")\(lastWords)"
    }
  }

  private var time: String {
    let tenths = Int((max(seconds, 0) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
  }

  private var lastWords: String { lastCall.map { "; its last call was \($0.descriptionWithPlace)" } ?? "" }

  private static func name(ofSignal signal: Int) -> String {
    let names = [4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 10: "SIGBUS", 11: "SIGSEGV"]
    return names[signal] ?? "signal \(signal)"
  }
}
