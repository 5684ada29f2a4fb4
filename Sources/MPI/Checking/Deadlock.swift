internal import CMPI

/// What the watchdog prints before it ends a job in which all ranks wait for each other.
enum Deadlock {
  static func prepare() {
    cmpi_watch_set_reporter {
      guard let board = Board.current else { return }
      let text = Deadlock.report(board)
      writeToStandardError(text)
      cmpi_board_set_verdict(text)
    }
  }

  private static func report(_ board: Board) -> String {
    let lines = board.report(sampling: false).map { "\n  \($0)" }.joined()
    return "error: deadlock: all ranks wait in MPI, and nothing has moved for a while:\(lines)\n"
      + "No message and no collective that they wait for can come any more; the job is ended.\n"
  }
}
