import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Vectors: who has what, how they are made, how they are copied.
@Suite(.ranked) struct DistributedVectorTests {
  static let lengths = [0, 1, 3, 7, 1000]

  @Test(arguments: lengths) func everyElementIsOnOneRank(count: Int) throws {
    let vector = DistributedVector(count: count, on: world) { 10 * $0 }
    #expect(vector.count == count)
    #expect(vector.localElements.count == vector.localRange.count)
    #expect(vector.localRange == vector.range(of: world.rank))
    for index in vector.localRange {
      #expect(vector.owner(of: index) == world.rank)
      #expect(vector.localElements[index - vector.localRange.lowerBound] == 10 * index)
    }
    for index in 0..<count { #expect(vector.range(of: vector.owner(of: index)).contains(index)) }
    #expect(try world.allReduce(vector.localRange.count, .sum) == count)
  }

  @Test(arguments: lengths) func scatteringAndGathering(count: Int) throws {
    for root in world.ranks {
      let all = (0..<count).map { Float($0) + 0.5 }
      let vector = try DistributedVector(scattering: world.rank == root ? all : nil, from: root, on: world)
      #expect(vector.count == count)
      for (local, index) in vector.localRange.enumerated() { #expect(vector.localElements[local] == all[index]) }
      #expect(try vector.gathered(to: root) == (world.rank == root ? all : nil))
    }
  }

  @Test func scatteringNothingThrowsEverywhere() throws {
    // The root sees its mistake before it communicates; the others would wait for it.
    guard world.size == 1 else { return }
    #expect(throws: MPIError.self) { try DistributedVector<Int>(scattering: nil, from: 0, on: world) }
  }

  @Test func randomNumbersDoNotDependOnTheRanks() throws {
    let random = IndexedRandom(seed: 7)
    let spread = DistributedVector<Double>(count: 1001, random: random, on: world)
    let alone = DistributedVector<Double>(count: 1001, random: random, on: .selfOnly)
    for (local, index) in spread.localRange.enumerated() {
      #expect(spread.localElements[local] == alone.localElements[index])
    }
  }

  @Test func copiesAreWrittenApart() throws {
    let original = DistributedVector(repeating: 3, count: 100, on: world)
    var copy = original
    var elements = copy.mutableLocalElements
    for index in elements.indices { elements[index] = 4 }
    for index in original.localElements.indices {
      #expect(original.localElements[index] == 3)
      #expect(copy.localElements[index] == 4)
    }
  }

  @Test func anErrorInTheClosureIsThrown() throws {
    struct Refused: Error, Equatable { let index: Int }
    let range = Blocks.evenRange(of: 50, rank: world.rank.index, among: world.size)
    #expect(throws: Refused(index: range.lowerBound + 2)) {
      try DistributedVector(count: 50, on: world) { index throws(Refused) in
        if index == range.lowerBound + 2 { throw Refused(index: index) }
        return Double(index)
      }
    }
  }

  @Test func description() throws {
    let vector = DistributedVector(repeating: 1.0, count: 0, on: world)
    #expect(vector.description == "Double vector of 0, 0..<0 on rank \(world.rank) of \(world.size)")
  }

  @Test func largePartsOnHugePages() throws {
    let count = 3_000_000
    let vector = DistributedVector<Double>(count: count, on: .selfOnly) { Double($0) }
    #expect(vector.localElements[0] == 0 && vector.localElements[count - 1] == Double(count - 1))
  }
}

/// Random numbers by index.
@Suite struct IndexedRandomTests {
  @Test func sequencesDifferBySeedAndStream() {
    let random = IndexedRandom(seed: 1, stream: 2)
    let bits = (0..<4).map { random.bits(at: $0) }
    #expect(Set(bits).count == 4)
    #expect(bits == (0..<4).map { IndexedRandom(seed: 1, stream: 2).bits(at: $0) })
    #expect(bits != (0..<4).map { IndexedRandom(seed: 1, stream: 3).bits(at: $0) })
    #expect(bits != (0..<4).map { IndexedRandom(seed: 2, stream: 2).bits(at: $0) })
  }

  @Test func numbersAreEvenlyDistributed() {
    let random = IndexedRandom(seed: 3)
    let doubles = (0..<100_000).map { random.uniform(Double.self, at: $0) }
    let floats = (0..<100_000).map { random.uniform(Float.self, at: $0) }
    #expect(doubles.allSatisfy { 0 <= $0 && $0 < 1 } && floats.allSatisfy { 0 <= $0 && $0 < 1 })
    // Five standard deviations: 5 / √(12 · 100,000), and 5 √(90,000 / 10) for each of ten bins of 10,000.
    #expect(abs(doubles.reduce(0, +) / 100_000 - 0.5) < 0.0046)
    var bins = [Int](repeating: 0, count: 10)
    for number in doubles { bins[Int(number * 10)] += 1 }
    #expect(bins.allSatisfy { abs($0 - 10_000) < 475 })
    for (double, float) in zip(doubles, floats) { #expect(abs(double - Double(float)) < 0x1p-23) }
  }
}
