import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Slices, transposes and orders of axes of arrays in random distributions.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct SliceTests {
  @Test func slices() throws {
    for seed in 0..<15 {
      var dice = Dice(seed &* 13 &+ world.size)
      let shape = dice.shape()
      let source = try dice.distribution(shape, ranks: world.size)
      let array = try DistributedArray(as: source, on: world) { Int32(linear($0, shape)) }
      var starts: [Int] = []
      var steps: [Int] = []
      var lengths: [Int] = []
      let slices = shape.map { length in
        let start = dice.roll(0...length)
        let end = dice.roll(start...length)
        let step = dice.roll(1...4)
        starts.append(start)
        steps.append(step)
        lengths.append((end - start + step - 1) / step)
        return AxisSlice.range(start..<end, step: step)
      }
      func expected(_ index: [Int]) -> Int32 {
        Int32(linear(shape.indices.map { starts[$0] + index[$0] * steps[$0] }, shape))
      }
      let note = "seed \(seed), \(slices) of \(source)"
      let slice = try array.sliced(slices)
      #expect(slice.shape == lengths && slice.isLocally(expected), "\(note)")
      let target = try dice.distribution(lengths, ranks: world.size)
      let elsewhere = try array.sliced(slices, as: target)
      #expect(elsewhere.distribution == target && elsewhere.isLocally(expected), "\(note)")
    }
    let vector = DistributedVector(count: 10, on: world) { $0 }
    #expect(try vector.sliced([.every(3)]).gathered() == (world.isRoot ? [0, 3, 6, 9] : nil))
    #expect(try vector.sliced([.index(7)]).gathered() == (world.isRoot ? [7] : nil))
    #expect(try vector.sliced([.all]).count == 10)
    for mistake in [[], [.all, .all], [.range(0..<11)], [.range(-1..<2)], [.every(0)]] as [[AxisSlice]] {
      let error = #expect(throws: MPIError.self) { try vector.sliced(mistake) }
      #expect(error?.isAgreed == true)
    }
    #expect(throws: MPIError.self) { try vector.sliced([.every(2)], as: .rows([4], among: 1)) }
  }

  @Test func ordersOfAxes() throws {
    for seed in 0..<15 {
      var dice = Dice(seed &* 17 &+ world.size)
      let shape = dice.shape()
      let source = try dice.distribution(shape, ranks: world.size)
      switch dice.roll(0...3) {
      case 0: try check(source, &dice) { UInt8(truncatingIfNeeded: $0) }
      case 1: try check(source, &dice) { Int16($0) }
      case 2: try check(source, &dice) { Complex(Double($0), 2) }
      default: try check(source, &dice) { Float($0) }
      }
    }
    let grid = try ProcessGrid.balanced(dimensions: 2, for: [70, 90], on: world)
    let a = try DistributedMatrix<Double>(rows: 70, columns: 90, on: grid) { Double(100 * $0 + $1) }
    let b = try a.transposed()
    #expect(b.rows == 90 && b.columns == 70 && b.isLocally { Double(100 * $0[1] + $0[0]) })
    #expect(try (b.transposed() - a).norm() == 0)
    #expect(throws: MPIError.self) { try a.array.permuted([0, 0]) }
  }

  private func check<Element: Datatype & Equatable>(
    _ source: Distribution, _ dice: inout Dice, _ element: (Int) -> Element
  ) throws {
    let shape = source.shape
    let axes = Array(shape.indices.shuffled(using: &dice))
    let array = try DistributedArray(as: source, on: world) { element(linear($0, shape)) }
    let permuted = try array.permuted(axes)
    func original(_ index: [Int]) -> [Int] {
      var original = index
      for (position, axis) in axes.enumerated() { original[axis] = index[position] }
      return original
    }
    #expect(permuted.shape == axes.map { shape[$0] })
    #expect(permuted.isLocally { element(linear(original($0), shape)) }, "\(axes) of \(source)")
  }
}
