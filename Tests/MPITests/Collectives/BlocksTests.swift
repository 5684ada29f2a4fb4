import MPI
import Testing

/// How arrays are divided. No rank asks another.
@Suite struct BlocksTests {
  @Test(arguments: [0, 1, 2, 6, 7, 8, 10_000], 1...9)
  func evenBlocks(count: Int, size: Int) {
    let blocks = Blocks.even(count, among: size)
    #expect(blocks.counts.count == size)
    #expect(blocks.total == count)
    #expect(blocks.counts.max()! - blocks.counts.min()! <= 1)
    #expect(blocks.counts == blocks.counts.sorted(by: >))
    var next = 0
    for rank in 0..<size {
      let range = Blocks.evenRange(of: count, rank: rank, among: size)
      #expect(range.count == blocks.counts[rank])
      #expect(blocks.offsets[rank] == next)
      if !range.isEmpty { #expect(range.lowerBound == next) }
      next += range.count
    }
    #expect(next == count)
  }

  @Test func blocksOneAfterTheOther() {
    let blocks = Blocks(counts: [3, 0, 2])
    #expect(blocks.offsets == [0, 3, 3])
    #expect(blocks.total == 5)
    #expect(blocks == Blocks(counts: [3, 0, 2], offsets: [0, 3, 3]))
    #expect(blocks != Blocks(counts: [3, 0, 2], offsets: [0, 4, 3]))
  }

  @Test func nothingToDivide() {
    #expect(Blocks.even(5, among: 0).counts.isEmpty)
    #expect(Blocks.even(0, among: 3).counts == [0, 0, 0])
    #expect(Blocks.evenRange(of: 5, rank: 0, among: 0).isEmpty)
    #expect(Blocks(counts: []).total == 0)
  }

  @Test func largeCountsDoNotTrap() {
    let blocks = Blocks.even(.max, among: 7)
    #expect(blocks.total == .max)
    _ = Blocks(counts: [.max, .max]).total
  }
}
