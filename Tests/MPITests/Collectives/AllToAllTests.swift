import MPI
import MPITesting
import TestSupport
import Testing

/// Something from each rank for each.
@Suite(.ranked) struct AllToAllTests {
  static let lengths = [0, 1, 2, 5, 100, 2_000]

  /// What each rank gives when each part has so many values.
  private func given<Element: RandomElement>(_ length: Int, _: Element.Type) -> [[Element]] {
    Element.drawnByAll(length * world.size, seed: UInt64(length), ranks: world.size)
  }

  /// What this rank gets.
  private func expected<Element>(_ all: [[Element]], _ length: Int) -> [Element] {
    let mine = (world.rank.index * length)..<((world.rank.index + 1) * length)
    return Array(all.map { $0[mine] }.joined())
  }

  @Test(arguments: lengths) func equalParts(length: Int) throws {
    let all = given(length, Double.self)
    let mine = all[world.rank.index]
    let expected = expected(all, length)
    #expect(try world.allToAll(mine) == expected)
    var result = [Double](repeating: 0, count: expected.count)
    var span = result.mutableSpan
    try world.allToAll(mine.span, into: &span)
    #expect(result == expected)
  }

  @Test(arguments: lengths) func inPlace(length: Int) throws {
    let all = given(length, SIMD2<Int32>.self)
    let expected = expected(all, length)
    var values = all[world.rank.index]
    try world.allToAll(inPlace: &values)
    #expect(values == expected)
    values = all[world.rank.index]
    var span = values.mutableSpan
    try world.allToAll(inPlace: &span)
    #expect(values == expected)
  }

  /// How many values one rank gives another.
  private func count(from: Int, to: Int, _ seed: Int) -> Int { (from * 3 + to * 5 + seed) % 6 }

  private func array(from: Int, to: Int, _ seed: Int) -> [Int16] {
    Int16.drawn(count(from: from, to: to, seed), seed: UInt64(100 * from + seed), rank: to)
  }

  @Test(arguments: 0..<5) func arraysOfDifferentLengths(seed: Int) throws {
    let here = world.rank.index
    let received = try world.allToAll((0..<world.size).map { array(from: here, to: $0, seed) })
    #expect(received == (0..<world.size).map { array(from: $0, to: here, seed) })
  }

  /// One rank sends everything to one other.
  @Test func onlyOneHasSomething() throws {
    let giver = 0
    let taker = world.size - 1
    let values = Int.drawn(3_000, rank: 0)
    var outgoing = [[Int]](repeating: [], count: world.size)
    if world.rank.index == giver { outgoing[taker] = values }
    let received = try world.allToAll(outgoing)
    for rank in 0..<world.size {
      #expect(received[rank] == (rank == giver && world.rank.index == taker ? values : []))
    }
  }

  @Test(arguments: 0..<5) func blocksWithGapsInReverse(seed: Int) throws {
    let here = world.rank.index
    /// The last rank's block first, one value free after each.
    func reversed(_ counts: [Int]) -> (blocks: Blocks, end: Int) {
      var offsets = [Int](repeating: 0, count: counts.count)
      var end = 0
      for rank in counts.indices.reversed() {
        offsets[rank] = end
        end += counts[rank] + 1
      }
      return (Blocks(counts: counts, offsets: offsets), end)
    }
    func filled(_ layout: (blocks: Blocks, end: Int), _ arrays: [[Int16]]) -> [Int16] {
      var values = [Int16](repeating: -1, count: layout.end)
      for (rank, array) in arrays.enumerated() {
        let offset = layout.blocks.offsets[rank]
        values.replaceSubrange(offset..<(offset + array.count), with: array)
      }
      return values
    }
    let outgoing = (0..<world.size).map { array(from: here, to: $0, seed) }
    let incoming = (0..<world.size).map { array(from: $0, to: here, seed) }
    let out = reversed(outgoing.map(\.count))
    let into = reversed(incoming.map(\.count))
    var buffer = [Int16](repeating: -1, count: into.end)
    var span = buffer.mutableSpan
    let values = filled(out, outgoing)
    try world.allToAll(values.span, out.blocks, into: &span, into.blocks)
    #expect(buffer == filled(into, incoming))
  }
}
