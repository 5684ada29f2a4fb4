// faults CASE: one way to misuse MPI, or to fail in it. Run by launch/tests.d/failures.sh, which looks at the outcome.
//
// The cases of `Failing` end the job; those of `Refused` print `ok` when every call was refused with the right error.
import MPI

@main
struct Faults {
  static func main() async throws {
    guard CommandLine.arguments.count == 2 else { fatalError("usage: faults CASE") }
    switch CommandLine.arguments[1] {
    case "clock": print(now())
    case "throw": try Failing.oneRank(1)
    case "throw-root": try Failing.oneRank(0)
    case "throw-all": try Failing.everyRank()
    case "throw-receive": try Failing.whileOthersReceive()
    case "throw-async": try await Failing.asynchronously()
    case "mpi-error": try Failing.withMPIError()
    case "mpi-error-past-receive": try Failing.pastAReceive { try $0.send(1, to: 99) }
    case "error-past-receive": try Failing.pastAReceive { _ in throw NoData() }
    case "agree": try Failing.agreed()
    case "before": try Refused.beforeInitialization()
    case "after": try Refused.afterFinalization()
    case "again": try Refused.secondInitialization()
    case "thread": try Refused.fromAnotherThread()
    case "late-deinit": try Lifetimes.deinitAfterFinalization()
    case "late-request": try Lifetimes.requestsAfterFinalization()
    case "throw-past-receive": try Lifetimes.throwsPastAReceive()
    case "forgotten-receive": try Lifetimes.forgetsAReceive()
    case "thread-deinit": try Lifetimes.deinitOnAnotherThread()
    case "singleton": try Lifetimes.alone()
    default: fatalError("no such case")
    }
  }
}

/// What a user's program might throw.
struct NoData: Error, CustomStringConvertible {
  var description: String { "the input has no data" }
}

enum Failing {
  /// One rank throws, the others wait in a collective that it never reaches.
  static func oneRank(_ rank: Int) throws {
    try withMPI { world in
      try world.barrier()
      if world.rank.index == rank { try fail() }
      _ = try world.allReduce(1, .sum)
      print("not reached")
    }
  }

  static func everyRank() throws {
    try withMPI { world in
      try world.barrier()
      try fail()
    }
  }

  static func whileOthersReceive() throws {
    try withMPI { world in
      try world.barrier()
      if world.rank == 1 { try fail() }
      _ = try world.receive(Int.self, from: 1)
    }
  }

  static func asynchronously() async throws {
    try await withMPI { world in
      try await world.barrier()
      await Task.yield()
      if world.rank == 1 { try fail() }
      _ = try await world.allReduce(1, .sum)
    }
  }

  static func withMPIError() throws {
    try withMPI { world in
      try world.barrier()
      if world.rank == 1 {
        markTime()
        try world.send(1, to: 99)
      }
      _ = try world.allReduce(1, .sum)
    }
  }

  /// An error is thrown past a receive that no message comes for, which does not keep it from ending the job.
  static func pastAReceive(_ fail: (Communicator) throws -> Void) throws {
    try withMPI { world in
      var value = [0]
      try world.barrier()
      if world.rank == 0 { _ = try world.receive(Int.self, from: 1) }
      markTime()
      let receiving = try world.startReceive(into: &value, from: .any)
      try fail(world)
      try receiving.wait()
    }
  }

  static func agreed() throws {
    try withMPI { world in
      try world.agree { if world.rank == 1 { try fail() } }
      print("not reached")
    }
  }

  private static func fail() throws {
    markTime()
    throw NoData()
  }
}
