import MPI
import MPITesting
import TestSupport
import Testing

/// One rank's values for all.
@Suite(.ranked) struct BroadcastTests {
  static let lengths = [0, 1, 2, 5, 100, 10_000]

  @Test func values() throws {
    for root in world.ranks {
      let value = try world.broadcast(world.rank == root ? 100 + root.index : nil, from: root)
      #expect(value == 100 + root.index)
      // What the others give is not looked at.
      #expect(try world.broadcast(world.rank.index, from: root) == root.index)
    }
  }

  @Test(arguments: lengths) func arrays(length: Int) throws {
    let all = Double.drawnByAll(length, ranks: world.size)
    for root in world.ranks {
      let given = try world.broadcast(world.rank == root ? all[root.index] : nil, from: root)
      #expect(given == all[root.index])
      let ignored = try world.broadcast(world.rank == root ? all[root.index] : [1, 2, 3], from: root)
      #expect(ignored == all[root.index])
    }
  }

  @Test(arguments: lengths) func overwrittenArrays(length: Int) throws {
    let all = Int32.drawnByAll(length, ranks: world.size)
    for root in world.ranks {
      var values = all[world.rank.index]
      try world.broadcast(&values, from: root)
      #expect(values == all[root.index])
    }
  }

  @Test(arguments: lengths) func partsOfArrays(length: Int) throws {
    let all = UInt8.drawnByAll(length + 2, ranks: world.size)
    for root in world.ranks {
      var values = all[world.rank.index]
      try values.withUnsafeMutableBufferPointer { memory in
        var middle = UnsafeMutableBufferPointer(rebasing: memory[1..<(length + 1)]).mutableSpan
        try world.broadcast(&middle, from: root)
      }
      #expect(values[1..<(length + 1)] == all[root.index][1..<(length + 1)])
      #expect(values[0] == all[world.rank.index][0])
      #expect(values[length + 1] == all[world.rank.index][length + 1])
    }
  }

  @Test func barriers() throws {
    for _ in 0..<20 { try world.barrier() }
    try Communicator.selfOnly.barrier()
  }

  /// No rank leaves a barrier before all have come.
  @Test func barrierWaitsForTheLast() throws {
    for late in world.ranks.prefix(3) {
      try world.barrier()
      let before = try MPIEnvironment.wallTime
      if world.rank == late {
        while try MPIEnvironment.wallTime < before + 0.02 {}
      }
      let arrival = try MPIEnvironment.wallTime
      try world.barrier()
      let departure = try MPIEnvironment.wallTime
      // Seen from the late rank, its own arrival is before every departure.
      #expect(departure >= arrival)
      #expect(departure >= before + (world.rank == late ? 0.02 : 0))
    }
  }
}
