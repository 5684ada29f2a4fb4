internal import CMPI

/// What checked mode prints before it ends a job by itself: all ranks wait for each other, or one calls `exit`.
enum LastWords {
  static func prepare() {
    cmpi_watch_set_reporter { isExit, status, frames, count in
      guard let board = Board.current else { return }
      let rank = Communicator.world.rank.index
      let stack = (0..<Int(count)).compactMap { board.locate(frames![$0], of: rank) }
      let text = isExit ? LastWords.onExit(rank, Int(status), stack) : LastWords.onDeadlock(board)
      writeToStandardError(text)
      cmpi_board_set_verdict(text)
    }
  }

  private static func onExit(_ rank: Int, _ status: Int, _ stack: [StackAddress]) -> String {
    let place = Symbolizer.userFrames(at: stack).first.map { ", at \($0)" } ?? ""
    let how = status < 0 ? "" : " with status \(status)"
    return "error: rank \(rank) called exit\(how) without MPI_Finalize\(place); the job is ended.\n"
  }

  private static func onDeadlock(_ board: Board) -> String {
    let lines = board.report(sampling: false).map { "\n  \($0)" }.joined()
    return "error: deadlock: all ranks wait in MPI, and nothing has moved for a while:\(lines)\n"
      + "No message and no collective that they wait for can come any more; the job is ended.\n"
  }
}
