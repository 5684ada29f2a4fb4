import Testing

@testable import MPITesting

/// How ranks are named in reports.
@Suite struct RankListTests {
  @Test func names() {
    #expect(rankList([2]) == "rank 2")
    #expect(rankList([2], of: 4) == "rank 2 of 4")
    #expect(rankList([3, 1, 2], of: 4) == "ranks 1–3 of 4")
    #expect(rankList([0, 2], of: 4) == "ranks 0, 2 of 4")
    #expect(rankList([0, 1], of: 4) == "ranks 0, 1 of 4")
    #expect(rankList([0, 1, 2, 5, 7, 8, 9]) == "ranks 0–2, 5, 7–9")
    #expect(rankList([0, 1, 2, 3], of: 4) == "all 4 ranks")
    #expect(rankList([0], of: 1) == "rank 0 of 1")
  }

  @Test func counts() {
    #expect([1].asWords("or") == "1 rank")
    #expect([4].asWords("or") == "4 ranks")
    #expect([1, 2, 7].asWords("or") == "1, 2 or 7 ranks")
  }

  @Test func groups() {
    let groups = [5, 1, 4, 2, 9].grouped { $0 % 2 == 0 }
    #expect(groups.map(\.value) == [false, true])
    #expect(groups.map(\.members) == [[5, 1, 9], [4, 2]])
  }
}
