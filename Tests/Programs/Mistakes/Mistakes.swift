// mistakes CASE: one way in which the ranks of a job do not fit together. Run by launch/tests.d/checking.sh under
// SWIFT_MPI_CHECK, which looks for the ranks and the lines in what is printed: the marks `@case` are for it.
import MPI

@main
struct Mistakes {
  static let cases: [String: @Sendable (Communicator) throws -> Void] = [
    "bcastlength": Lengths.broadcast, "gatherlength": Lengths.gather, "scatterlength": Lengths.scatter,
    "allgatherlength": Lengths.allGather, "alltoalllength": Lengths.allToAll, "reducelength": Lengths.reduce,
    "allreducelength": Lengths.allReduce, "scanlength": Lengths.scan, "exscanlength": Lengths.exclusiveScan,
    "reducescatterlength": Lengths.reduceScatter, "gathervlength": Lengths.gatherBlocks,
    "scattervlength": Lengths.scatterBlocks, "allgathervlength": Lengths.allGatherBlocks,
    "alltoallvlength": Lengths.allToAllBlocks, "reducescattercounts": Lengths.reduceScatterCounts,
    "layouts": Lengths.layouts,
    "reduceop": Kinds.reduceOperation, "allreduceop": Kinds.allReduceOperation, "closure": Kinds.closureOrSum,
    "commutative": Kinds.commutative, "bcasttype": Kinds.broadcastType, "allreducetype": Kinds.allReduceType,
    "structtype": Kinds.structType, "bcastroot": Kinds.broadcastRoot, "gatherroot": Kinds.gatherRoot,
    "reduceroot": Kinds.reduceRoot, "scatterroot": Kinds.scatterRoot, "barrier-bcast": Kinds.barrierOrBroadcast,
    "barrier-allreduce": Kinds.barrierOrAllReduce, "bcast-reduce": Kinds.broadcastOrReduce,
    "dup-barrier": Kinds.duplicateOrBarrier, "subset": Kinds.onSubset, "caught": Kinds.caught,
    "finalizes": Missing.finalizes, "loops": Missing.loops, "sleeps": Missing.sleeps,
    "other": Missing.otherCommunicator, "order": Missing.order, "crash": Missing.crashes, "trap": Missing.traps,
    "exit0": Missing.exits, "exit7": Missing.exitsWithStatus, "_exit": Missing.vanishes,
    "throws": Missing.throwsError, "kill": Missing.killed,
    "send-send": Deadlocks.sends, "receive-receive": Deadlocks.receives, "never-sent": Deadlocks.neverSent,
    "wrong-tag": Deadlocks.wrongTag, "receive-barrier": Deadlocks.receiveAndBarrier, "alone": Deadlocks.alone,
    "correct": Correct.all, "slow": Correct.slow, "cost": Cost.measure,
  ]

  static func main() throws {
    if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "observe" { return try Observer.report() }
    guard CommandLine.arguments.count == 2, let run = cases[CommandLine.arguments[1]] else {
      print(cases.keys.sorted().joined(separator: " "))
      fatalError("usage: mistakes CASE")
    }
    try withMPI { world in
      try run(world)
      print("ok")
    }
  }
}

/// What the board of a job says, read by a process without MPI: `mistakes observe PATH RANKS`.
enum Observer {
  static func report() throws {
    guard let ranks = Int(CommandLine.arguments[3]) else { fatalError("usage: mistakes observe PATH RANKS") }
    for line in try Board(path: CommandLine.arguments[2], ranks: ranks).report() { print(line) }
  }
}

extension Communicator {
  /// The rank that does it differently.
  var isOdd: Bool { rank.index == 1 }
}
