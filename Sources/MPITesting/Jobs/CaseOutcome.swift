/// What became of one test case on one number of ranks.
struct CaseOutcome: Sendable {
  let identifier: CaseIdentifier
  let ranks: [RankOutcome]
  /// Why the case did not end on every rank, if it did not.
  var trouble: Trouble?

  /// What became of it on one rank.
  struct RankOutcome: Sendable {
    var issues: [RankIssue] = []
    /// What the rank printed.
    var output = ""
    var usedRandomNumbers = false
    var progress = Progress.notBegun
    /// What the rank was doing when the job was ended, or how it ended itself; for people.
    var fate: Fate?
  }

  /// How far a rank has come in the case.
  enum Progress: Sendable, Equatable {
    case notBegun
    case running
    /// Its body has ended, by an error or not.
    case ended(threw: Bool)
    /// It knows that the body has ended on every rank.
    case done
  }

  /// What is known of a rank whose case did not end.
  struct Fate: Sendable {
    /// A sentence about it, without the rank.
    var text: String
    /// Whether it ended by itself: crashed, exited.
    var isDead: Bool
    /// Where, if that is known.
    var place: Place?

    /// A line of the source.
    struct Place: Sendable {
      var file: String
      var line: Int
    }
  }

  /// Why a case did not end.
  enum Trouble: Sendable {
    /// Some rank died.
    case death
    /// Not all ranks ended in so many seconds.
    case timeLimit(Double)
    /// Every rank that has not ended is inside an MPI call, and none has moved for so many seconds.
    case standstill(Double)
    /// Every rank has ended, and MPI cannot go on.
    case spoiled
    /// The launcher died, or could not be started.
    case launcher(String)
    /// The ranks did not run the case, for this reason.
    case notRun(String)
  }
}
