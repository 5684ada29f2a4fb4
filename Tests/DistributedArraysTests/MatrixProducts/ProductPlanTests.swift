import DistributedArrays
import MPI
import Testing

/// Plans, which are made and looked at without running anything.
@Suite struct ProductPlanTests {
  private func plan(
    _ rows: Int, _ inner: Int, _ columns: Int, _ ranks: Int, memoryLimit: Int? = nil
  ) throws -> ProductPlan {
    try ProductPlan(
      rows: rows, inner: inner, columns: columns, ranks: ranks, elementSize: 8, memoryLimit: memoryLimit)
  }

  @Test(arguments: [
    (1, [1, 1, 1]), (2, [2, 1, 1]), (4, [2, 2, 1]), (8, [2, 2, 2]), (27, [3, 3, 3]), (64, [4, 4, 4]),
  ]) func squareMatrices(ranks: Int, extents: [Int]) throws {
    #expect(try plan(3456, 3456, 3456, ranks).grid.extents == extents)
  }

  @Test func theLongSideIsDivided() throws {
    #expect(try plan(100_000, 100, 100, 8).grid.extents == [8, 1, 1])
    #expect(try plan(100, 100, 100_000, 8).grid.extents == [1, 8, 1])
    #expect(try plan(100, 100_000, 100, 8).grid.extents == [1, 1, 8])
    #expect(try plan(10_000, 100, 10_000, 16).grid.extents == [4, 4, 1])
  }

  @Test(arguments: [4, 8, 16, 36, 64]) func nearTheLowerBound(ranks: Int) throws {
    let plan = try plan(5760, 5760, 5760, ranks)
    #expect(plan.grid.count == ranks)
    #expect(plan.lowerBoundBytesPerRank > 0)
    #expect(Double(plan.bytesSentPerRank) <= 1.15 * Double(plan.lowerBoundBytesPerRank), "\(plan)")
    #expect(Double(plan.bytesReceivedPerRank) <= 1.15 * Double(plan.lowerBoundBytesPerRank), "\(plan)")
  }

  /// A small prime has no grid but that of one side, and each rank receives all of one matrix but its own part.
  @Test(arguments: [2, 3, 5, 7]) func smallPrimesOfRanks(ranks: Int) throws {
    let plan = try plan(3360, 3360, 3360, ranks)
    #expect(plan.grid.extents == [ranks, 1, 1])
    #expect(plan.bytesReceivedPerRank == 3360 * 3360 * 8 * (ranks - 1) / ranks)
    #expect(plan.bytesSentPerRank == plan.bytesReceivedPerRank)
  }

  /// Some ranks have no work, as few as worth it: the others' share grows by no more than a twelfth.
  @Test(arguments: [17, 31, 61, 127, 251]) func primesOfRanks(ranks: Int) throws {
    let plan = try plan(10_000, 10_000, 10_000, ranks)
    #expect(plan.grid.count >= ranks * 11 / 12)
    #expect(Double(plan.bytesReceivedPerRank) <= 1.2 * Double(plan.lowerBoundBytesPerRank), "\(plan)")
  }

  /// One side, two sides and three sides divided: where each bound of the theorem is reached exactly.
  @Test func theBoundIsReachedWhereTheTheoremSaysSo() throws {
    for (rows, inner, columns, ranks) in [(12_000, 480, 840, 6), (4800, 100, 4800, 16), (960, 960, 960, 8)] {
      let plan = try plan(rows, inner, columns, ranks)
      #expect(plan.bytesSentPerRank == plan.lowerBoundBytesPerRank, "\(plan)")
      #expect(plan.bytesReceivedPerRank == plan.bytesSentPerRank)
    }
  }

  /// Where all parts come out even, for shapes from a fixed sequence.
  @Test func nothingMovesLessThanTheBound() throws {
    let random = IndexedRandom(seed: 5, stream: 0)
    for trial in 0..<200 {
      let ranks = [1, 2, 3, 4, 6, 8, 9, 12, 16][Int(random.bits(at: 4 * trial) % 9)]
      let sides = (1...3).map { Int(random.bits(at: 4 * trial + $0) % 20 + 1) * ranks * ranks }
      let plan = try plan(sides[0], sides[1], sides[2], ranks)
      guard plan.grid.count == ranks else { continue }
      #expect(plan.bytesReceivedPerRank >= plan.lowerBoundBytesPerRank, "\(plan)")
    }
  }

  @Test(arguments: [(0, 5, 5), (5, 0, 5), (5, 5, 0), (1, 1, 1), (7, 3, 2), (2, 101, 3)])
  func partsCoverTheMatricesOnce(rows: Int, inner: Int, columns: Int) throws {
    for ranks in 1...9 {
      let plan = try plan(rows, inner, columns, ranks)
      var (left, right, result, work, sent, received) = (0, 0, 0, 0, 0, 0)
      for rank in 0..<ranks {
        sent += plan.bytesSent(by: Rank(rank))
        received += plan.bytesReceived(by: Rank(rank))
        guard let part = plan.part(of: Rank(rank)) else { continue }
        left += part.rows.count * part.leftColumns.count
        right += part.rightRows.count * part.columns.count
        result += part.resultRows.count * part.columns.count
        work += part.rows.count * part.inner.count * part.columns.count
      }
      #expect(left == rows * inner && right == inner * columns && result == rows * columns, "\(plan)")
      #expect(work == rows * inner * columns, "\(plan)")
      #expect(sent == received, "\(plan)")
    }
  }

  @Test func memoryIsKeptWithinALimit() throws {
    let free = try plan(6000, 6000, 6000, 36)
    let tight = try plan(6000, 6000, 6000, 36, memoryLimit: free.memoryPerRank * 3 / 4)
    #expect(tight.memoryPerRank <= free.memoryPerRank * 3 / 4)
    #expect(tight.isStreaming)
    let error = #expect(throws: DistributedArrayError.self) { try plan(6000, 6000, 6000, 36, memoryLimit: 1_000_000) }
    #expect(error?.code == .memory)
  }

  @Test func aPlanCanBePrinted() throws {
    let text = try plan(300, 200, 100, 7).description
    #expect(text.contains("300 × 200 by 200 × 100"))
    #expect(text.contains("lower bound"))
  }
}
