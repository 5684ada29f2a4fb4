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
