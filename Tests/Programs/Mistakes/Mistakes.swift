// mistakes CASE: one way in which the ranks of a job do not fit together. Run by launch/tests.d/checking.sh under
// SWIFT_MPI_CHECK, which looks for the ranks and the lines in what is printed: the marks `@case` are for it.
import MPI

@main
struct Mistakes {
  typealias Case = @Sendable (Communicator) throws -> Void

  /// Mistakes in collectives, which all ranks can catch.
  static let caught: [String: Case] = [
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
    "dup-barrier": Kinds.duplicateOrBarrier,
  ]

  static let started: [String: Case] = [
    "startbcast": Started.broadcast, "startgather": Started.gather, "startscatter": Started.scatter,
    "startallgather": Started.allGather, "startalltoall": Started.allToAll, "startreduce": Started.reduce,
    "startallreduce": Started.allReduce, "startop": Started.operation, "startroot": Started.root,
    "startblocks": Started.blocks, "mixed": Started.mixed, "startseveral": Started.several,
    "startgroup": Started.group, "starttested": Started.tested, "startpersistent": Started.persistent,
  ]

  static let topologies: [String: Case] = [
    "gridsize": Topologies.gridSize, "gridperiods": Topologies.gridPeriods, "gridslice": Topologies.gridSlice,
    "graphweights": Topologies.graphWeights, "graph-grid": Topologies.graphOrGrid,
    "neighbor-order": Topologies.order, "neighborlength": Topologies.length, "neighbormixed": Topologies.mixed,
    "neighborpersistent": Topologies.persistent,
  ]

  static let cases: [String: Case] = [
    "neighbormissing": Topologies.missing, "subset": Kinds.onSubset, "caught": Kinds.caught,
    "startmissing": Started.missing,
    "wait-receives": Waits.receives, "wait-sends": Waits.sends, "wait-all": Waits.wrongTag, "wait-any": Waits.any,
    "wait-persistent": Waits.persistent, "wait-collective": Waits.collective, "wait-slow": Correct.slowRequests,
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
    let all = [caught, started, topologies].reduce(cases) { $0.merging($1) { one, _ in one } }
    let names = CommandLine.arguments.dropFirst()
    guard let name = names.first, names.allSatisfy({ all[$0] != nil }) else {
      print(all.keys.sorted().joined(separator: " "))
      fatalError("usage: mistakes CASE…")
    }
    try withMPI { world in
      if names.count == 1 { try all[name]!(world) } else { try several(Array(names), world) }
      print("ok")
    }
  }

  /// Mistakes one after the other: every rank catches each, and rank 0 says what it was told.
  private static func several(_ names: [String], _ world: Communicator) throws {
    // A nonblocking collective that was started stays under way in its communicator.
    var used: [Communicator] = []
    for name in names {
      let communicator = caught[name] == nil ? try world.duplicate() : world
      used.append(communicator)
      do {
        try (caught[name] ?? started[name] ?? topologies[name]!)(communicator)
        fatalError("\(name) was not found")
      } catch let error as MPIError where error.errorClass == MPIError.mismatch {
        // The words need the others' processes: they must not go on to their end.
        if world.isRoot { print("case \(name): \(error)") }
        try world.barrier()
      }
    }
    print("all found")
    guard used.contains(where: { $0 !== world }) else { return }
    try world.barrier()
    MPIEnvironment.abort()
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
