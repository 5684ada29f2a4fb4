import MPI

/// Calls that must be refused with an error of the right class, and without a crash.
enum Refused {
  static func beforeInitialization() throws {
    try expectRefusals(Communicator.world, MPIError.notInitialized)
    try withMPI { world in _ = try world.allReduce(1, .sum) }
    print("ok")
  }

  static func afterFinalization() throws {
    let (world, copy) = try withMPI { world in (world, try world.duplicate()) }
    try expectRefusals(world, MPIError.finalized)
    try expectRefusals(copy, MPIError.finalized)
    try expectRefusals(.selfOnly, MPIError.finalized)
    print("ok")
  }

  static func secondInitialization() throws {
    try withMPI { _ in }
    try expect(MPIError.finalized, "initialize") { try MPIEnvironment.initialize() }
    try MPIEnvironment.finalize()
    print("ok")
  }

  static func fromAnotherThread() throws {
    try withMPI(threadLevel: .funneled) { world in
      guard try MPIEnvironment.threadLevel < .serialized else {
        // More was granted than was asked for: then every thread may call.
        try onAnotherThread { _ = try Communicator.selfOnly.allReduce(1, .sum) }
        return
      }
      try onAnotherThread { try expectRefusals(world, MPIError.wrongThread) }
      _ = try world.allReduce(1, .sum)
    }
    print("ok")
  }

  /// Every kind of call, each with an error of that class.
  static func expectRefusals(_ communicator: Communicator, _ expected: MPIError.Class) throws {
    var values = [1.0, 2.0]
    var received = [0.0, 0.0]
    try expect(expected, "barrier") { try communicator.barrier() }
    try expect(expected, "send") { try communicator.send(values, to: 0) }
    try expect(expected, "receive into") { try communicator.receive(into: &received, from: 0) }
    try expect(expected, "receive") { _ = try communicator.receive([Double].self, from: .any) }
    try expect(expected, "startSend") { try communicator.startSend(values.span, to: 0).wait() }
    try expect(expected, "startReceive") { try communicator.startReceive(into: &received, from: 0).wait() }
    try expect(expected, "sendReceive") { try communicator.sendReceive(values, to: 0, into: &received, from: 0) }
    try expect(expected, "probe") { _ = try communicator.probe(from: 0) }
    try expect(expected, "broadcast") { try communicator.broadcast(&values, from: 0) }
    try expect(expected, "broadcast a value") { _ = try communicator.broadcast(1 as Int?, from: 0) }
    try expect(expected, "allReduce") { try communicator.allReduce(&values, .sum) }
    try expect(expected, "allReduce a value") { _ = try communicator.allReduce(1, .sum) }
    try expect(expected, "allReduce by closure") { _ = try communicator.allReduce(1, Reduction { $0 + $1 }) }
    try expect(expected, "reduce") { _ = try communicator.reduce(values, .sum, to: 0) }
    try expect(expected, "gather") { _ = try communicator.gather(values, to: 0) }
    try expect(expected, "scatter") { _ = try communicator.scatter(values, from: 0) }
    try expect(expected, "allGather") { _ = try communicator.allGather(values) }
    try expect(expected, "allToAll") { _ = try communicator.allToAll(values) }
    try expect(expected, "scan") { _ = try communicator.scan(1, .sum) }
    try expect(expected, "exclusiveScan") { _ = try communicator.exclusiveScan(1, .sum) }
    try expect(expected, "reduceScatter") { _ = try communicator.reduceScatter(values, .sum) }
    try expect(expected, "split") { _ = try communicator.split(color: 0) }
    try expect(expected, "duplicate") { _ = try communicator.duplicate() }
    try expect(expected, "group") { _ = try communicator.group }
    try expect(expected, "send an object") { try communicator.send(object: ["a": 1], to: 0) }
    try expect(expected, "processorName") { _ = try processorName() }
    try expect(expected, "wallTime") { _ = try MPIEnvironment.wallTime }
    try expect(expected, "tagUpperBound") { _ = try MPIEnvironment.tagUpperBound }
  }

  static func expect(_ expected: MPIError.Class, _ call: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as MPIError {
      guard error.errorClass == expected else { throw Unexpected(call: call, outcome: "\(error)") }
      return
    }
    throw Unexpected(call: call, outcome: "success")
  }

  struct Unexpected: Error {
    var call: String
    var outcome: String
  }
}
