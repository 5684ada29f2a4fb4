import MPI

/// Objects that end at an awkward moment.
enum Lifetimes {
  static func deinitAfterFinalization() throws {
    var kept: [Communicator] = []
    let groups = try withMPI { world in
      kept = [world, try world.duplicate(), try world.split(color: world.rank.index % 2)].compactMap { $0 }
      return [try world.group]
    }
    guard kept.count == 3 else { fatalError("a communicator is missing") }
    kept.removeLast()
    let last = Box(kept.removeLast())
    try onAnotherThread { last.value = nil }
    kept = []
    withExtendedLifetime(groups) {}
    print("ok")
  }

  /// Requests that are waited for, tested, cancelled or forgotten when MPI has ended.
  static func requestsAfterFinalization() throws {
    try MPIEnvironment.initialize()
    var values = [[1], [2], [3], [4]]
    let waited = try Communicator.world.startReceive(into: &values[0], from: Rank.null)
    var others = [2, 3, 4]
    var pieces = others.mutableSpan.chunks(of: 1)
    var tested = try Communicator.world.startReceive(into: pieces.next()!, from: Rank.null)
    let cancelled = try Communicator.world.startReceive(into: pieces.next()!, from: Rank.null)
    let forgotten = try Communicator.world.startReceive(into: pieces.next()!, from: Rank.null)
    try MPIEnvironment.finalize()
    do { try waited.wait() } catch { try Refused.expect(MPIError.finalized, "wait") { throw error } }
    do { try tested.test() } catch { try Refused.expect(MPIError.finalized, "test") { throw error } }
    do { try cancelled.cancel() } catch { try Refused.expect(MPIError.finalized, "cancel") { throw error } }
    _ = consume forgotten
    _ = consume tested
    print("ok")
  }

  /// An error is thrown past a receive whose message comes late: the scope ends when it is there, and says why it waits.
  static func throwsPastAReceive() throws {
    try receivesLate { world, values in
      do {
        let receiving = try world.startReceive(into: &values, from: 1)
        guard world.size > 2 else { throw NoData() }
        try receiving.wait()
      } catch is NoData {
        print("caught")
      }
    }
  }

  /// A receive is forgotten after an error was caught, which has nothing to do with it.
  static func forgetsAReceive() throws {
    try receivesLate { world, values in
      do { try fail(world) } catch is NoData {}
      let forgotten = try world.startReceive(into: &values, from: 1)
      _ = consume forgotten
    }
  }

  private static func fail(_ world: Communicator) throws {
    guard world.size > 2 else { throw NoData() }
  }

  /// Rank 0 runs a closure, which receives what rank 1 sends late.
  private static func receivesLate(_ body: (Communicator, inout [Int]) throws -> Void) throws {
    try withMPI { world in
      var values = [0]
      if world.rank == 1 { return try world.send(1, to: 0, after: 2) }
      try body(world, &values)
      guard values == [1] else { fatalError("\(values) was received") }
    }
    print("ok")
  }

  /// Under `.funneled` the other thread may not free anything: it waits for the main thread's next chance.
  static func deinitOnAnotherThread() throws {
    try withMPI(threadLevel: .funneled) { world in
      // More than MPICH has communicators.
      for _ in 0..<5000 {
        let copy = Box(try world.duplicate())
        try onAnotherThread { copy.value = nil }
      }
      _ = try world.allReduce(1, .sum)
    }
    print("ok")
  }

  /// The world as this process sees it.
  static func alone() throws {
    try withMPI { world in print("size \(world.size)") }
  }
}

extension Communicator {
  /// Sends a value after so many seconds.
  fileprivate func send(_ value: Int, to rank: Rank, after seconds: UInt32) throws {
    try onAnotherThread { wait(seconds: seconds) }
    try send(value, to: rank)
  }
}
