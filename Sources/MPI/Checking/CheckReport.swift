internal import CMPI
internal import Synchronization

/// Why the ranks did not come to a collective together: what is known of each, put into words when they are asked for.
@usableFromInline
final class CheckReport: Sendable {
  /// What is known of one member.
  struct Member: Sendable {
    var rank: Int
    var worldRank: Int
    /// Its call; `nil` for a member that did not come.
    var call: Call?
    /// What a missing member did at that moment.
    var activity: RankActivity?
  }

  private let finding: cmpi_finding
  private let pair: (first: Int, second: Int)
  private let counts: (first: Int, second: Int)
  private let seconds: Double
  private let members: [Member]
  private let own: Int
  private let speaker: Int
  private let text = Mutex<String?>(nil)

  /// Takes over what the last call of this thread found.
  init(own: Int) {
    let found = cmpi_check_finding().pointee
    finding = cmpi_finding(UInt32(found.finding))
    pair = (Int(found.first), Int(found.second))
    counts = (Int(found.firstCount), Int(found.secondCount))
    seconds = found.seconds
    speaker = Int(found.speaker)
    self.own = own
    let board = Board.current
    // One rank is enough to interrupt those that are missing.
    let isFirst = (0..<Int(found.size)).first { found.isHere[$0] } == own
    members = (0..<Int(found.size)).map { rank in
      let worldRank = found.worldRanks.map { Int($0[rank]) } ?? rank
      guard found.isHere[rank] else {
        let activity = isFirst ? board?.standing(of: worldRank) : board?.activity(of: worldRank)
        return Member(rank: rank, worldRank: worldRank, activity: activity)
      }
      return Member(
        rank: rank, worldRank: worldRank,
        call: Call(found.calls[rank]) { board?.locate($0, of: worldRank) })
    }
  }

  /// Whether another rank, the lowest that knows the same, says what this one would say.
  var isSpokenElsewhere: Bool {
    guard speaker == 0 else { return speaker < 0 }
    return members.first { $0.call != nil }.map { $0.rank != own } ?? false
  }

  /// Whether all ranks find this at the same time: not where some are told only when they wait for a request.
  var isFoundTogether: Bool { speaker == 0 }

  /// The ranks by call, and what is wrong about it.
  var message: String {
    text.withLock { text in
      if let text { return text }
      let lines = grouped().map { "\n  \($0.ranks): \($0.what)" }.joined()
      let made = "\(headline):\(lines)\n\(rule)"
      text = made
      return made
    }
  }

  /// What each rank called, equal ones together.
  private func grouped() -> [(ranks: String, what: String)] {
    Symbolizer.prepare(
      members.map { $0.call?.stack ?? ($0.activity?.stack ?? []) + ($0.activity?.lastCall?.stack ?? []) })
    struct Kind: Hashable {
      var what: String
      /// Of a grid or a graph the number that stands for all that was given, of which the words may leave out some.
      var count: Int
    }
    var order: [Kind] = []
    var ranks: [Kind: [Member]] = [:]
    for member in members {
      let what = member.call?.descriptionWithPlace ?? member.activity?.description ?? "not known, on another machine"
      let kind = Kind(what: what, count: finding == CMPI_FINDING_COUNT ? member.call?.count ?? 0 : 0)
      if ranks[kind] == nil { order.append(kind) }
      ranks[kind, default: []].append(member)
    }
    return order.map { (Self.list(ranks[$0]!), $0.what) }
  }

  private static func list(_ members: [Member]) -> String {
    let text = RankList.text(members.map(\.rank))
    guard members.contains(where: { $0.rank != $0.worldRank }) else { return text }
    return "\(text) (\(RankList.numbers(members.map(\.worldRank))) of world)"
  }

  private var headline: String {
    let came = members.filter { $0.call != nil }.count
    let time = "\(Int(seconds.rounded())) s"
    switch finding {
    case CMPI_FINDING_FINALIZED, CMPI_FINDING_EXITED, CMPI_FINDING_GONE:
      return "rank \(pair.first) will never come to this collective"
    case CMPI_FINDING_LIMIT: return "after \(time), \(came) of \(members.count) ranks have come to this collective"
    case CMPI_FINDING_ABANDONED: return "rank \(pair.first) was here and has stopped to wait"
    default: return "the ranks call different things"
    }
  }

  private var rule: String {
    switch finding {
    case CMPI_FINDING_OPERATION: return "all ranks of a communicator must call the same collectives in the same order"
    case CMPI_FINDING_MIXED: return "blocking, nonblocking and persistent collectives do not match each other"
    case CMPI_FINDING_ROOT: return "all ranks must name the same root"
    case CMPI_FINDING_REDUCTION: return "all ranks must give the same reduction"
    case CMPI_FINDING_TYPE: return "all ranks must give the same type of element"
    case CMPI_FINDING_COUNT: return countRule
    case CMPI_FINDING_BLOCKS: return blocksRule
    case CMPI_FINDING_FINALIZED: return "rank \(pair.first) has finalised MPI"
    case CMPI_FINDING_EXITED: return "rank \(pair.first) has called exit"
    case CMPI_FINDING_GONE: return "the process of rank \(pair.first) is gone"
    default: return "all ranks of a communicator must come to a collective"
    }
  }

  private var countRule: String {
    switch members.first?.call?.kind {
    case CMPI_OPERATION_CARTESIAN: "all ranks must give the same dimensions, periods and order"
    case CMPI_OPERATION_CARTESIAN_SLICE: "all ranks must keep the same dimensions"
    case CMPI_OPERATION_GRAPH: "all ranks must make the graph in the same way, all with weights or all without"
    default: "all ranks must give as many values"
    }
  }

  private var blocksRule: String {
    switch members.first?.call?.kind {
    case CMPI_OPERATION_ALL_GATHER_BLOCKS, CMPI_OPERATION_REDUCE_SCATTER_BLOCKS:
      return "all ranks must give the same counts, and those of rank \(pair.first) and rank \(pair.second) differ: "
        + "\(counts.first) and \(counts.second)"
    default:
      let given = counts.first == 1 ? "1 element" : "\(counts.first) elements"
      return "rank \(pair.first) gives \(given) to rank \(pair.second), which expects \(counts.second)"
    }
  }
}

/// Ranks in words.
package enum RankList {
  /// `rank 3`, `ranks 0, 2–4`.
  package static func text(_ ranks: [Int]) -> String { (ranks.count == 1 ? "rank " : "ranks ") + numbers(ranks) }

  /// `0, 2–4`; three and more in a row as a range.
  package static func numbers(_ ranks: [Int]) -> String {
    var parts: [String] = []
    var rest = ranks.sorted()[...]
    while let first = rest.first {
      var last = first
      rest.removeFirst()
      while rest.first == last + 1 { last = rest.removeFirst() }
      parts.append(last == first ? "\(first)" : last == first + 1 ? "\(first), \(last)" : "\(first)–\(last)")
    }
    return parts.joined(separator: ", ")
  }
}

extension Board {
  /// What a rank does, with its stack where it is in its own code.
  ///
  /// The state is that before the signal, which may end a `sleep`.
  func standing(of rank: Int) -> RankActivity {
    var activity = activity(of: rank)
    if case .outside = activity.state { activity.stack = sample(rank).stack }
    return activity
  }
}
