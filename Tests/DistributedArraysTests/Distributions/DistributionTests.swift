import DistributedArrays
import MPI
import Testing

/// Who has what, without any communication.
@Suite struct DistributionTests {
  @Test func everyElementIsWhereItsOwnersAre() throws {
    for seed in 0..<120 {
      var dice = Dice(seed)
      let shape = dice.shape()
      let ranks = dice.roll(1...9)
      let distribution = try dice.distribution(shape, ranks: ranks)
      var owners: [[Int]: [Rank]] = [:]
      for rank in (0..<ranks + 1).map({ Rank($0) }) {
        let axes = distribution.localAxes(of: rank)
        #expect(axes.map(\.count) == distribution.localShape(of: rank))
        let lists = axes.reduce([[]]) { lists, axis in lists.flatMap { list in axis.map { list + [$0] } } }
        #expect(lists.count == distribution.localCount(of: rank))
        #expect(lists.count <= distribution.largestLocalCount)
        for list in lists { owners[list, default: []].append(rank) }
      }
      for index in indices(shape) {
        #expect(owners[index] == distribution.owners(of: index), "seed \(seed), \(distribution), \(index)")
        #expect(distribution.owner(of: index) == owners[index]?[0])
      }
      #expect(owners.count == distribution.count)
      #expect(owners.values.allSatisfy { $0.count == distribution.replicaCount })
      #expect(distribution.transposed.transposed == distribution)
    }
  }

  @Test func indicesOfAnAxisAreACollection() throws {
    for seed in 300..<400 {
      var dice = Dice(seed)
      let length = dice.pick([0, 1, 5, 17, 64, 101])
      let distribution = try dice.distribution([length], ranks: 9)
      for rank in (0..<9).map({ Rank($0) }) {
        let axis = distribution.localAxes(of: rank)[0]
        let all = Array(axis)
        #expect(all == all.sorted() && Set(all).count == all.count)
        #expect(axis.ranges.flatMap { Array($0) } == all)
        #expect((axis.range != nil) == (all.isEmpty || all.last! - all.first! == all.count - 1) || axis.range == nil)
        if let range = axis.range { #expect(Array(range) == all) }
        for index in -1...length {
          #expect(axis.position(of: index) == all.firstIndex(of: index))
          #expect(axis.contains(index) == all.contains(index))
          #expect(axis.position(notBelow: index) == all.firstIndex { $0 >= index } ?? all.count, "seed \(seed)")
        }
      }
    }
  }

  @Test func wellKnownOnes() throws {
    let rows = try Distribution.rows([10, 4], among: 3)
    #expect((0..<3).map { rows.localShape(of: Rank($0)) } == [[4, 4], [3, 4], [3, 4]])
    let columns = try Distribution.columns([10, 4], among: 3)
    #expect((0..<3).map { columns.localShape(of: Rank($0)) } == [[10, 2], [10, 1], [10, 1]])
    let everywhere = try Distribution.replicated([10, 4], among: 3)
    #expect((0..<3).allSatisfy { everywhere.localShape(of: Rank($0)) == [10, 4] } && everywhere.replicaCount == 3)
    let dealt = try Distribution.blockCyclic([10, 4], blocks: [2, 1], grid: [2, 2])
    #expect(Array(dealt.localAxes(of: 3)[0]) == [2, 3, 6, 7] && Array(dealt.localAxes(of: 3)[1]) == [1, 3])
    #expect(dealt.scaLAPACKDescriptor(context: 5, rowsHere: 4) == [1, 5, 10, 4, 2, 1, 0, 0, 4])
    #expect(everywhere.scaLAPACKDescriptor(context: 0, rowsHere: 10) == nil)
    // The native layout of a product in three dimensions: the inner axis divided twice.
    let nested = try Distribution([8, 12], grid: [2, 2, 3], [[.block(over: 0)], [.block(over: 1), .block(over: 2)]])
    #expect(Array(nested.localAxes(of: Rank(2 * 3 - 1))[1]) == [10, 11])
    #expect(nested.description == "(8, 12) on 2 × 2 × 3: block by 0, block by 1 then block by 2")
  }

  @Test func equalPlacesWrittenInOtherWays() throws {
    let blocks = try Distribution.rows([12], among: 3)
    let lengths = try Distribution([12], grid: [3], [[.blocks(lengths: [4, 4, 4], over: 0)]])
    let dealt = try Distribution([12], grid: [1, 3], [[.blockCyclic(4, over: 1)]])
    #expect(blocks != lengths && blocks.places(likeThoseOf: lengths) && dealt.places(likeThoseOf: blocks))
    #expect(!blocks.places(likeThoseOf: try Distribution([12], grid: [3], [[.cyclic(over: 0)]])))
  }

  @Test func whatCannotBe() {
    func fails(_ code: DistributedArrayError.Code, _ shape: [Int], _ grid: [Int], _ divisions: [[AxisDivision]]) -> Bool
    {
      do {
        _ = try Distribution(shape, grid: grid, divisions)
        return false
      } catch { return error.code == code && !error.message.isEmpty }
    }
    #expect(fails(.invalidShape, [], [1], []))
    #expect(fails(.invalidShape, [-1], [1], [[]]))
    #expect(fails(.invalidShape, [.max, 2], [1], [[], []]))
    #expect(fails(.invalidGrid, [1], [], [[]]))
    #expect(fails(.invalidGrid, [1], [0], [[]]))
    #expect(fails(.invalidGrid, [1], [.max, .max], [[]]))
    #expect(fails(.invalidDistribution, [1, 1], [1], [[]]))
    #expect(fails(.invalidDistribution, [1, 1], [2], [[.block(over: 1)], []]))
    #expect(fails(.invalidDistribution, [1, 1], [2], [[.block(over: 0)], [.block(over: 0)]]))
    #expect(fails(.invalidDistribution, [4], [2], [[.blockCyclic(0, over: 0)]]))
    #expect(fails(.invalidDistribution, [4], [2], [[.blockCyclic(.max, over: 0)]]))
    #expect(fails(.invalidDistribution, [4], [2], [[.blocks(lengths: [4], over: 0)]]))
    #expect(fails(.invalidDistribution, [4], [2], [[.blocks(lengths: [5, -1], over: 0)]]))
    #expect(fails(.invalidDistribution, [4], [2], [[.blocks(lengths: [2, 1], over: 0)]]))
    #expect(!fails(.invalidShape, [.max, .max, 0], [1], [[], [], []]))
  }
}

/// What the article on distributions says.
@Suite struct DistributionArticleTests {
  private func picture(_ distribution: Distribution) -> [String] {
    (0..<distribution.shape[0]).map { row in
      (0..<distribution.shape[1]).map { column in
        distribution.owners(of: [row, column]).map { "\($0)" }.joined(separator: ",")
      }.joined(separator: " ")
    }
  }

  @Test func pictures() throws {
    let d = try Distribution([6, 8], grid: [2, 2], [[.block(over: 0)], [.block(over: 1)]])
    #expect("\(d)" == "(6, 8) on 2 × 2: block by 0, block by 1")
    #expect(d.localShape(of: 3) == [3, 4] && d.owner(of: [5, 0]) == 2)
    #expect(picture(d)[2...3] == ["0 0 0 0 1 1 1 1", "2 2 2 2 3 3 3 3"])
    #expect(try picture(.rows([6, 8], among: 3))[2] == "1 1 1 1 1 1 1 1")
    #expect(try picture(.columns([6, 8], among: 3))[0] == "0 0 0 1 1 1 2 2")
    let dealt = try picture(.blockCyclic([6, 8], blocks: [2, 2], grid: [2, 2]))
    #expect(dealt[1] == "0 0 1 1 0 0 1 1" && dealt[2] == "2 2 3 3 2 2 3 3" && dealt[4] == dealt[1])
    let halves = try picture(Distribution([6, 8], grid: [2, 2], [[.block(over: 0)], []]))
    #expect(halves[2] == "0,1 0,1 0,1 0,1 0,1 0,1 0,1 0,1" && halves[3] == "2,3 2,3 2,3 2,3 2,3 2,3 2,3 2,3")
    let nested = [[.block(over: 0)], [.block(over: 2), .block(over: 1)]] as [[AxisDivision]]
    #expect(try picture(Distribution([6, 8], grid: [1, 2, 2], nested))[5] == "0 0 2 2 1 1 3 3")
  }
}
