import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Ghost cells of any width, periodic or not, corners included.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct GhostedArrayTests {
  /// A distribution in which every rank has a range of each axis.
  private func distribution(_ shape: [Int], _ dice: inout Dice) throws -> Distribution {
    while true {
      let any = try dice.distribution(shape, ranks: world.size)
      let isInRanges = (0..<any.placeCount).allSatisfy { rank in
        any.localAxes(of: Rank(rank)).allSatisfy { $0.range != nil }
      }
      if isInRanges { return any }
    }
  }

  @Test func randomWidths() throws {
    for seed in 0..<20 {
      var dice = Dice(seed &* 19 &+ world.size)
      let shape = dice.shape()
      let widths = shape.map { _ in dice.roll(0...4) }
      let isPeriodic = shape.map { _ in dice.roll(0...1) == 0 }
      let distribution = try distribution(shape, &dice)
      let array = try DistributedArray(as: distribution, on: world) { Int32(linear($0, shape)) }
      var ghosted = try GhostedArray(array, widths: widths, isPeriodic: isPeriodic, boundary: -1)
      #expect(ghosted.array.isLocally { Int32(linear($0, shape)) })
      try check(ghosted, "seed \(seed), \(widths), \(isPeriodic), \(distribution)") { Int32(linear($0, shape)) }

      // All elements change, then their ghosts do, while something else is done.
      var padded = ghosted.mutablePaddedElements
      for position in padded.indices where padded[position] >= 0 { padded[position] += 1000 }
      var corrupted = ghosted
      try corrupted.exchange()
      try check(corrupted, "again, seed \(seed)") { Int32(linear($0, shape)) + 1000 }
      let count = try ghosted.exchange { $0.count }
      #expect(count == ghosted.paddedShape.reduce(1, *))
      try check(ghosted, "overlapped, seed \(seed)") { Int32(linear($0, shape)) + 1000 }
    }
  }

  private func check(
    _ ghosted: GhostedArray<Int32>, _ note: String, _ element: ([Int]) -> Int32
  ) throws {
    let shape = ghosted.distribution.shape
    if ghosted.localAxes.contains(where: { $0.isEmpty }) {
      #expect(ghosted.paddedElements.count == 0)
      return
    }
    var isRight = ghosted.paddedElements.count == ghosted.paddedShape.reduce(1, *)
    for (position, index) in indices(ghosted.paddedShape).enumerated() {
      var global = shape.indices.map { ghosted.localAxes[$0][0] + index[$0] - ghosted.widths[$0] }
      var isOutside = false
      for axis in shape.indices where !(0..<shape[axis]).contains(global[axis]) {
        if ghosted.isPeriodic[axis] {
          global[axis] = ((global[axis] % shape[axis]) + shape[axis]) % shape[axis]
        } else {
          isOutside = true
        }
      }
      if ghosted.paddedElements[position] != (isOutside ? -1 : element(global)) { isRight = false }
    }
    #expect(isRight, "\(note)")
  }

  @Test func heatStep() throws {
    let grid = try ProcessGrid.balanced(dimensions: 2, for: [12, 9], on: world)
    let field = try DistributedMatrix<Double>(rows: 12, columns: 9, on: grid) { Double(($0 * 7 + $1 * 3) % 11) }
    let ghosted = try GhostedArray(field, widths: [1, 1], isPeriodic: [true, true])
    let columns = ghosted.paddedShape[1]
    var sums = try DistributedMatrix(field * 0)
    let width = sums.localColumns.count
    var elements = sums.mutableLocalElements
    for position in elements.indices {
      let center = (position / width + 1) * columns + position % width + 1
      let u = ghosted.paddedElements
      elements[position] = u[center - 1] + u[center + 1] + u[center - columns] + u[center + columns]
    }
    func u(_ row: Int, _ column: Int) -> Double { Double(((row + 12) % 12 * 7 + (column + 9) % 9 * 3) % 11) }
    #expect(sums.isLocally { u($0[0], $0[1] - 1) + u($0[0], $0[1] + 1) + u($0[0] - 1, $0[1]) + u($0[0] + 1, $0[1]) })
  }

  @Test func mistakes() throws {
    let vector = DistributedVector(repeating: 1.0, count: 30, on: world)
    for widths in [[], [1, 1], [-1]] {
      let error = #expect(throws: MPIError.self) { try GhostedArray(vector, widths: widths) }
      #expect(error?.isAgreed == true)
    }
    #expect(throws: MPIError.self) { try GhostedArray(vector, widths: [1], isPeriodic: []) }
    struct Refused: Error {}
    var ghosted = try GhostedArray(vector, widths: [1])
    #expect(throws: Refused.self) { try ghosted.exchange { _ in throw Refused() } }
    try ghosted.exchange()
    if world.size > 1 {
      let dealt = try vector.redistributed(to: Distribution([30], grid: [world.size], [[.cyclic(over: 0)]]))
      let error = #expect(throws: MPIError.self) { try GhostedArray(dealt, widths: [1]) }
      if world.isRoot, let error { #expect(DistributedArrayError.Code.invalidDistribution ~= error) }
    }
  }
}
