import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Arrays from any distribution to any other one, against what a function of the global index says.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct RedistributionTests {
  @Test func randomDistributions() throws {
    for seed in 0..<25 {
      var dice = Dice(seed &* 10 &+ world.size)
      let shape = dice.shape()
      let source = try dice.distribution(shape, ranks: world.size)
      let target = try dice.distribution(shape, ranks: world.size)
      let root = Rank(dice.roll(0...world.size - 1))
      switch dice.roll(0...4) {
      case 0: try check(source, target, root, seed) { UInt8(truncatingIfNeeded: $0) }
      case 1: try check(source, target, root, seed) { Float($0) }
      case 2: try check(source, target, root, seed) { Complex(Double($0), -1) }
      case 3: try check(source, target, root, seed) { Int16($0) }
      default: try check(source, target, root, seed) { Double($0) }
      }
    }
  }

  private func check<Element: Datatype & Equatable>(
    _ source: Distribution, _ target: Distribution, _ root: Rank, _ seed: Int, _ element: (Int) -> Element
  ) throws {
    let shape = source.shape
    let note = "seed \(seed), \(source) to \(target)"
    let array = try DistributedArray(as: source, on: world) { element(linear($0, shape)) }
    #expect(array.isLocally { element(linear($0, shape)) }, "\(note)")
    let moved = try array.redistributed(to: target)
    #expect(moved.distribution == target && moved.localShape == target.localShape(of: world.rank))
    #expect(moved.isLocally { element(linear($0, shape)) }, "\(note)")
    let all = (0..<source.count).map(element)
    #expect(try moved.gathered(to: root) == (world.rank == root ? all : nil), "\(note)")
    let spread = try DistributedArray(
      scattering: world.rank == root ? all : nil, from: root, as: target, on: world)
    #expect(spread.isLocally { element(linear($0, shape)) }, "\(note)")
  }

  @Test func onlyWhatMustMoveMoves() throws {
    for seed in 0..<30 {
      var dice = Dice(seed &* 7 &+ world.size)
      let shape = dice.shape()
      let source = try dice.distribution(shape, ranks: world.size)
      let target = try dice.distribution(shape, ranks: world.size)
      let plan = Redistribution(from: source, to: target)
      var needed = [Int](repeating: 0, count: world.size)
      for index in indices(shape) {
        let before = Set(source.owners(of: index))
        for rank in target.owners(of: index) where !before.contains(rank) { needed[rank.index] += 1 }
      }
      var total = 0
      for taker in world.ranks {
        let counts = world.ranks.map { plan.elementCount(from: $0, to: taker) }
        #expect(counts.reduce(0, +) == target.localCount(of: taker), "seed \(seed)")
        #expect(counts.reduce(0, +) - counts[taker.index] == needed[taker.index], "seed \(seed)")
        total += counts.reduce(0, +)
      }
      #expect(total == (world.ranks.reduce(0) { $0 + target.localCount(of: $1) }))
    }
  }

  @Test func matrices() throws {
    let grid = try ProcessGrid.balanced(dimensions: 2, for: [13, 17], on: world)
    let a = try DistributedMatrix<Double>(rows: 13, columns: 17, on: grid) { Double(100 * $0 + $1) }
    #expect(a.rows == 13 && a.columns == 17 && a.count == 221 && a.grid.extents == grid.extents)
    let b = try a.redistributed(to: .blockCyclic([13, 17], blocks: [2, 3], grid: grid.extents))
    #expect(b.isLocally { Double(100 * $0[0] + $0[1]) })
    for row in 0..<13 {
      let owner = b.owner(row: row, column: 3)
      guard owner == world.rank else { continue }
      let local = b.localRows.position(of: row)! * b.localColumns.count + b.localColumns.position(of: 3)!
      #expect(b.localElements[local] == Double(100 * row + 3))
    }
    #expect(try b.gatheredEverywhere() == (0..<221).map { Double(100 * ($0 / 17) + $0 % 17) })
    // Without a copy where nothing changes.
    let same = try a.redistributed(to: a.distribution)
    #expect(same.isLocally { Double(100 * $0[0] + $0[1]) })
  }

  @Test func mistakes() throws {
    let vector = DistributedVector(count: 10, on: world) { $0 }
    let error = #expect(throws: MPIError.self) { try vector.redistributed(to: .rows([11], among: 1)) }
    #expect(error?.isAgreed == true)
    if world.isRoot, let error { #expect(DistributedArrayError.Code.shapeMismatch ~= error) }
    let places = #expect(throws: MPIError.self) { try vector.redistributed(to: .rows([10], among: world.size + 1)) }
    if world.isRoot, let places { #expect(DistributedArrayError.Code.invalidGrid ~= places) }
    let wrong = #expect(throws: MPIError.self) {
      try DistributedVector(scattering: world.isRoot ? [1, 2] : nil, as: .rows([3], among: world.size), on: world)
    }
    #expect(wrong?.isAgreed == true)
    let parts = #expect(throws: MPIError.self) {
      try DistributedVector(
        localElements: [Int](repeating: 0, count: world.isRoot ? 3 : 1), as: .rows([world.size], among: world.size),
        on: world)
    }
    #expect(parts?.isAgreed == true)
    let memory = #expect(throws: MPIError.self) {
      try DistributedMatrix<Double>(
        repeating: 0, rows: 1 << 30, columns: 1 << 20, on: ProcessGrid(line: world))
    }
    if world.isRoot, let memory { #expect(DistributedArrayError.Code.memory ~= memory) }
    let matrix = #expect(throws: MPIError.self) {
      try DistributedMatrix<Double>(as: .rows([3], among: 1), on: world) { Double($0 + $1) }
    }
    if world.isRoot, let matrix { #expect(DistributedArrayError.Code.shapeMismatch ~= matrix) }
    struct Refused: Error {}
    let refused = #expect(throws: MPIError.self) {
      try DistributedMatrix<Double>(rows: 20, columns: 3, on: ProcessGrid(line: world)) { row, _ in
        if row == 19 { throw Refused() }
        return 1
      }
    }
    #expect(refused?.isAgreed == true)
  }
}

/// Arrays that are made in well-known ways.
@Suite(.ranks(1, 2, 3, 4, 7)) struct MakingTests {
  @Test func wellKnownOnes() throws {
    let grid = try ProcessGrid.balanced(dimensions: 2, for: [7, 7], on: world)
    #expect(try DistributedMatrix<Int16>.identity(7, on: grid).isLocally { $0[0] == $0[1] ? 1 : 0 })
    #expect(try DistributedMatrix<Complex<Float>>.ones(rows: 3, columns: 5, on: grid).isLocally { _ in 1 })
    let dealt = try Distribution([9, 4], grid: [world.size], [[.cyclic(over: 0)], []])
    #expect(try DistributedArray<Double>.zeros(as: dealt, on: world).isLocally { _ in 0 })
    #expect(try DistributedArray<UInt8>.ones(as: dealt, on: world).isLocally { _ in 1 })
  }

  @Test func randomNumbersDoNotDependOnTheDistribution() throws {
    let random = IndexedRandom(seed: 9)
    for seed in 0..<10 {
      var dice = Dice(seed &* 5 &+ world.size)
      let shape = dice.shape()
      let distribution = try dice.distribution(shape, ranks: world.size)
      let doubles = try DistributedArray<Double>(random: random, as: distribution, on: world)
      #expect(doubles.isLocally { random.uniform(at: linear($0, shape)) }, "seed \(seed), \(distribution)")
      let complex = try DistributedArray<Complex<Float>>(random: random, as: distribution, on: world)
      #expect(
        complex.isLocally {
          let place = 2 * linear($0, shape)
          return Complex(random.uniform(at: place), random.uniform(at: place + 1))
        })
    }
    let grid = ProcessGrid(line: world)
    let matrix = try DistributedMatrix<Float>(rows: 5, columns: 6, random: random, on: grid)
    #expect(matrix.isLocally { random.uniform(at: 6 * $0[0] + $0[1]) })
  }
}
