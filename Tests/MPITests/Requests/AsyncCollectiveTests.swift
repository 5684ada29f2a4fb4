import MPI
import MPITesting
import TestSupport
import Testing

/// Collectives that tasks await.
@Suite(.ranked) struct AsyncCollectiveTests {
  private var me: Int { world.rank.index }
  private var last: Rank { Rank(world.size - 1) }

  @Test(arguments: [0, 1, 2_000]) func arrays(length: Int) async throws {
    let all = Int.drawnByAll(length, ranks: world.size)
    let mine = all[me]
    let total = (0..<length).map { index in all.reduce(0) { $0 &+ $1[index] } }
    #expect(try await world.allReduce(mine, .sum) == total)
    var values = mine
    try await world.allReduce(&values, .sum)
    #expect(values == total)
    for root in [0, last] {
      let isRoot = world.rank == root
      #expect(try await world.reduce(mine, .sum, to: root) == (isRoot ? total : nil))
      #expect(try await world.broadcast(isRoot ? mine : nil, from: root) == all[root.index])
      var overwritten = mine
      try await world.broadcast(&overwritten, from: root)
      #expect(overwritten == all[root.index])
    }
  }

  @Test func differentLengths() async throws {
    let (me, size) = (me, world.size)
    let arrays = (0..<size).map { Int32.drawn($0 + 1, rank: $0) }
    let mine = arrays[me]
    #expect(try await world.allGather(mine) == Array(arrays.joined()))
    for root in [0, last] {
      let isRoot = world.rank == root
      #expect(try await world.gather(mine, to: root) == (isRoot ? Array(arrays.joined()) : nil))
      #expect(try await world.scatter(isRoot ? arrays : nil, from: root) == mine)
      #expect(try await world.scatterValues(isRoot ? Array(10..<10 + size) : nil, from: root) == 10 + me)
    }
    let outgoing = (0..<size).map { Int32.drawn(me + 2 * $0, seed: UInt64(3 + $0), rank: me) }
    let incoming = (0..<size).map { Int32.drawn($0 + 2 * me, seed: UInt64(3 + me), rank: $0) }
    #expect(try await world.allToAll(outgoing) == incoming)
    #expect(try await world.allToAll((0..<size).map { 100 * me + $0 }) == (0..<size).map { 100 * $0 + me })
  }

  @Test func values() async throws {
    let (me, size) = (me, world.size)
    try await world.barrier()
    #expect(try await world.allReduce(me, .maximum) == size - 1)
    #expect(try await world.reduce(1, .sum, to: last) == (world.rank == last ? size : nil))
    #expect(try await world.broadcast(world.rank == last ? 2.5 : nil, from: last) == 2.5)
    #expect(try await world.gather(me, to: 0) == (me == 0 ? Array(0..<size) : nil))
    #expect(try await world.allGather(me) == Array(0..<size))
    #expect(try await world.scan(me, .sum) == me * (me + 1) / 2)
    #expect(try await world.exclusiveScan(1, .sum) == (me == 0 ? nil : me))
    #expect(try await world.allReduce(me, Reduction(isCommutative: true) { $0 + $1 }) == size * (size - 1) / 2)
  }

  /// One rank comes late, and a message goes around meanwhile.
  @Test func besideMessages() async throws {
    let me = me
    let next = (world.rank + 1) % world.size
    let previous = (world.rank - 1) % world.size
    async let sum = world.allReduce(1, .sum)
    if me == 0 { try await Task.sleep(for: .milliseconds(10)) }
    async let sent: Void = world.send(me, to: next)
    #expect(try await world.receive(Int.self, from: previous) == previous.index)
    try await sent
    #expect(try await sum == world.size)
  }

  @Test func mistakes() async throws {
    await #expect(throws: MPIError.self) { try await world.broadcast(nil as Int?, from: world.rank) }
    await #expect(throws: MPIError.self) { try await world.allToAll([[Int]](repeating: [], count: world.size + 1)) }
    #expect(try await world.allReduce(1, .sum) == world.size)
  }

  /// Sync functions keep the blocking calls, whoever calls them.
  @Test func blockingInSyncFunctions() async throws {
    func sum() throws -> Int { try world.allReduce(1, .sum) }
    #expect(try sum() == world.size)
    let result = try withMPI { world in try world.allReduce(2, .sum) }
    #expect(result == 2 * world.size)
  }
}
