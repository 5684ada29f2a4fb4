import MPI
import MPITesting
import TestSupport
import Testing

/// Sending and receiving at once.
@Suite(.ranked) struct SendReceiveTests {
  static let lengths = [0, 1, 2, 100, 10_000]

  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  @Test(arguments: lengths) func betweenBuffers(length: Int) throws {
    let all = Double.drawnByAll(length, ranks: world.size)
    let mine = all[world.rank.index]
    var buffer = [Double](repeating: 0, count: length)
    let status = try world.sendReceive(mine, to: next, into: &buffer, from: previous)
    #expect(buffer == all[previous.index])
    #expect(status.source == previous)
    #expect(try status.count(of: Double.self) == length)

    var longer = [Double](repeating: -1, count: length + 1)
    var span = longer.mutableSpan
    try world.sendReceive(mine.span, to: previous, tag: 3, into: &span, from: .any, receiveTag: .any)
    #expect(longer == all[next.index] + [-1])
  }

  /// Each rank sends as many values as it has a number, of one type, and receives another.
  @Test func differentTypesAndLengths() throws {
    let mine = [SIMD2<Float>](repeating: SIMD2(1, 2), count: world.rank.index + 1)
    var buffer = [Float](repeating: 0, count: 2 * (previous.index + 1))
    try world.sendReceive(mine, to: next, into: &buffer, from: previous)
    #expect(buffer == (0...previous.index).flatMap { _ in [1, 2] as [Float] })
  }

  @Test func unknownLengths() throws {
    let arrays = (0..<world.size).map { Int32.drawn(($0 * 7) % 5, rank: $0) }
    for offset in 0..<world.size {
      let to = (world.rank + offset) % world.size
      let from = (world.rank - offset) % world.size
      #expect(try world.sendReceive(arrays[world.rank.index], to: to, from: from, tag: offset) == arrays[from.index])
    }
  }

  @Test func values() throws {
    #expect(try world.sendReceive(world.rank.index, to: next, from: previous) == previous.index)
    let tag = 10 + world.rank.index
    let received = try world.sendReceive(
      SIMD4<Int8>(repeating: Int8(world.rank.index)), to: next, tag: tag, from: previous,
      receiveTag: 10 + previous.index)
    #expect(received == SIMD4(repeating: Int8(previous.index)))
  }

  @Test(arguments: lengths) func inPlace(length: Int) throws {
    let all = Particle.drawnByAll(length, ranks: world.size)
    var values = all[world.rank.index]
    let status = try world.sendReceiveReplace(&values, to: next, tag: 2, from: previous, receiveTag: 2)
    #expect(values == all[previous.index])
    #expect(status.source == previous && status.tag == 2)
    var span = values.mutableSpan
    try world.sendReceiveReplace(&span, to: previous, from: .any, receiveTag: .any)
    #expect(values == all[world.rank.index])
  }

  @Test func withItself() throws {
    let alone = Communicator.selfOnly
    #expect(try alone.sendReceive([1, 2, 3], to: 0, from: 0) == [1, 2, 3])
    #expect(try alone.sendReceive(5, to: 0, from: 0) == 5)
    #expect(try world.sendReceive([world.rank.index], to: world.rank, from: world.rank) == [world.rank.index])
  }

  /// Each value goes round once, through all ranks.
  @Test func ring() throws {
    var value = world.rank.index
    var sum = 0
    for _ in world.ranks {
      value = try world.sendReceive(value, to: next, from: previous)
      sum += value
    }
    #expect(value == world.rank.index)
    #expect(sum == world.size * (world.size - 1) / 2)
  }

  /// The token is passed on by sends and receives apart.
  @Test func tokenRing() throws {
    guard world.size > 1 else { return }
    if world.isRoot {
      try world.send([Int](), to: next)
      #expect(try world.receive([Int].self, from: previous) == Array(1..<world.size))
    } else {
      let token = try world.receive([Int].self, from: previous)
      try world.send(token + [world.rank.index], to: next)
    }
  }

  /// 4 MB in both directions.
  @Test func largeMessages() throws {
    let all = Int.drawnByAll(500_000, ranks: world.size)
    #expect(try world.sendReceive(all[world.rank.index], to: next, from: previous) == all[previous.index])
  }

  @Test func noProcess() throws {
    try world.send([1, 2, 3], to: .null)
    try world.send(1, to: .null, mode: .synchronous)
    var buffer = [7, 8]
    let status = try world.receive(into: &buffer, from: Rank.null)
    #expect(status.source == .null)
    #expect(try status.count(of: Int.self) == 0)
    #expect(buffer == [7, 8])
    #expect(try world.receive([Int].self, from: Rank.null).isEmpty)
    let replaced = try world.sendReceiveReplace(&buffer, to: .null, from: Rank.null)
    #expect(replaced.source == .null)
    #expect(buffer == [7, 8])
    #expect(try world.sendReceive([1], to: .null, from: .null).isEmpty)
    let error = #expect(throws: MPIError.self) { try world.receive(Int.self, from: Rank.null) }
    #expect(error?.errorClass == MPIError.length)
  }

  /// A line of ranks instead of a ring: its ends have a neighbour less.
  @Test func line() throws {
    let left = world.isRoot ? .null : world.rank - 1
    let right = world.rank.index == world.size - 1 ? .null : world.rank + 1
    let fromLeft = try world.sendReceive([world.rank.index], to: right, from: left)
    #expect(fromLeft == (world.isRoot ? [] : [left.index]))
  }
}
