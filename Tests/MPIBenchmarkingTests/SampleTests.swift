import Foundation
import Testing

@testable import MPIBenchmarking

@Test func medianAndQuantilesOfSmallSamples() {
  #expect(Sample([3]).median == 3)
  #expect(Sample([4, 1]).median == 2.5)
  #expect(Sample([9, 1, 5]).median == 5)
  let sample = Sample([10, 20, 30, 40, 50])
  #expect(sample.quantile(0) == 10 && sample.quantile(1) == 50)
  #expect(sample.quantile(0.25) == 20)
  #expect(sample.quantile(0.9) == 46)
  #expect(sample.quantile(-1) == 10 && sample.quantile(2) == 50)
  let halfRange = 10.0
  #expect(sample.spread == halfRange / 30)
  #expect(Sample([0, 0]).spread == 0)
}

@Test func probabilitiesOfCoins() {
  #expect(Sample.binomialHalf(4, 2) == 6.0 / 16)
  #expect(Sample.binomialHalf(1, 0) == 0.5)
  for trials in [1, 7, 60, 1000, 5000] {
    let sum = (0...trials).reduce(0.0) { $0 + Sample.binomialHalf(trials, $1) }
    #expect(abs(sum - 1) < 1e-9, "\(trials)")
  }
}

/// The table of ranks for 95 % in the textbooks: with 6 measurements the smallest and the largest, with 20 the 6th.
@Test(arguments: [(1, 1), (5, 1), (6, 1), (8, 1), (9, 2), (20, 6), (50, 18), (100, 40)])
func medianIntervalsAreThoseOfTheTables(count: Int, rank: Int) {
  let interval = Sample((1...count).map(Double.init)).medianInterval()
  #expect(interval == Double(rank)...Double(count + 1 - rank))
}

@Test func medianIntervalsContainTheMedianAsOftenAsTheySay() {
  var random = SystemRandomNumberGenerator()
  var hits = 0
  for _ in 0..<2000 {
    // Skewed, with a median of ln 2.
    let sample = Sample((0..<31).map { _ in -log(Double.random(in: 1e-12..<1, using: &random)) })
    if sample.medianInterval().contains(log(2)) { hits += 1 }
  }
  // At least 95 %, with room for chance: six standard deviations.
  #expect(hits > 1840)
}

@Test func comparisonsAreOfPairs() {
  let comparison = PairedComparison(reference: [1, 2, 4], candidate: [2, 4, 8])
  #expect(comparison.ratio == 2)
  #expect(comparison.interval == 2...2)
  #expect(!comparison.isEven(within: 0.9))
  #expect(comparison.isEven(within: 1))
  #expect(PairedComparison(reference: [1, 1], candidate: [0.9, 1.2]).isEven())
  #expect(PairedComparison(reference: [0], candidate: [5]).ratio == 1)
}
