import ComplexModule
import DistributedArrays
import Foundation
import MPI
import MPITesting
import TestSupport
import Testing

/// Reductions over everything and along an axis, in random distributions, against serial ones.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct ReductionTests {
  /// A whole number from -50 to 50, of which all sums are exact.
  private func whole(_ linear: Int, _ seed: Int) -> Int {
    Int(IndexedRandom(seed: UInt64(seed), stream: 5).bits(at: linear) % 101) - 50
  }

  @Test func overEverything() throws {
    for seed in 0..<8 {
      var dice = Dice(seed &* 9 &+ world.size)
      let shape = dice.shape()
      let distribution = try dice.distribution(shape, ranks: world.size)
      let all = (0..<distribution.count).map { whole($0, seed) }
      let sum = all.reduce(0, +)
      let note = "seed \(seed), \(distribution)"
      func array<Element>(_ element: (Int) -> Element) throws -> DistributedArray<Element> {
        try DistributedArray(as: distribution, on: world) { element(whole(linear($0, shape), seed)) }
      }
      let doubles = try array { Double($0) }
      #expect(try doubles.sum() == Double(sum), "\(note)")
      #expect(try doubles.sum(.reproducible) == Double(sum), "\(note)")
      #expect(try array { Float($0) }.sum() == Double(sum), "\(note)")
      #expect(try array { Int8($0) }.sum() == Int128(sum), "\(note)")
      #expect(try array { Int64($0) }.sum(.reproducible) == Int128(sum), "\(note)")
      #expect(try array { UInt16($0 + 50) }.sum() == Int128(sum + 50 * all.count), "\(note)")
      #expect(try array { Complex(Double($0), 1) }.sum() == Complex(Double(sum), Double(all.count)), "\(note)")
      #expect(try array { Complex(Float($0), 1) }.sum(.reproducible) == Complex(Double(sum), Double(all.count)))
      let squares = all.reduce(0) { $0 + $1 * $1 }
      #expect(try doubles.dot(doubles) == Double(squares), "\(note)")
      #expect(try doubles.dot(doubles, .reproducible) == Double(squares), "\(note)")
      let magnitudes = all.reduce(0) { $0 + abs($1) }
      let largest = all.map(abs).max() ?? 0
      #expect(try doubles.norm() == Double(squares).squareRoot() && doubles.norm(.one) == Double(magnitudes))
      #expect(try doubles.norm(.infinity) == Double(largest), "\(note)")
      #expect(try array { Int16($0) }.norm(.one) == Double(magnitudes), "\(note)")
      #expect(try array { Complex(0, Float($0)) }.norm(.infinity) == Double(largest), "\(note)")
      #expect(try array { Int32($0) }.minimum() == all.min().map { Int32($0) }, "\(note)")
      #expect(try doubles.maximum() == all.max().map { Double($0) }, "\(note)")
      let least = all.min().flatMap { all.firstIndex(of: $0) }
      #expect(try doubles.argmin().map { linear($0, shape) } == least, "\(note)")
      #expect(
        try array { UInt8($0 + 60) }.argmax().map { linear($0, shape) } == all.max().flatMap { all.firstIndex(of: $0) })
      let product = all.reduce(1 as Int64) { $0 &* Int64($1) }
      #expect(try array { Int64($0) }.product() == product, "\(note)")
      #expect(try array { Int8($0) }.product() == Int8(truncatingIfNeeded: product), "\(note)")
      if !all.isEmpty { #expect(try doubles.mean() == Double(sum) / Double(all.count)) }
    }
  }

  @Test func alongAnAxis() throws {
    for seed in 0..<8 {
      var dice = Dice(seed &* 31 &+ world.size)
      let shape = dice.shape(axes: dice.roll(2...3))
      let axis = dice.roll(0...shape.count - 1)
      let distribution = try dice.distribution(shape, ranks: world.size)
      let note = "seed \(seed), axis \(axis) of \(distribution)"
      let array = try DistributedArray(as: distribution, on: world) { Double(whole(linear($0, shape), seed)) }
      let rest = shape.indices.filter { $0 != axis }.map { shape[$0] }
      func line(_ index: [Int]) -> [Int] {
        (0..<shape[axis]).map { place in
          var full = index
          full.insert(place, at: axis)
          return whole(linear(full, shape), seed)
        }
      }
      let sums = try array.sum(along: axis)
      #expect(sums.shape == rest && sums.isLocally { Double(line($0).reduce(0, +)) }, "\(note)")
      #expect(try sums.gathered() == (world.isRoot ? indices(rest).map { Double(line($0).reduce(0, +)) } : nil))
      let bytes = try DistributedArray(array.map { Int8($0) }).sum(along: axis)
      #expect(bytes.isLocally { Int8(truncatingIfNeeded: line($0).reduce(0, +)) }, "\(note)")
      #expect(try array.product(along: axis).isLocally { line($0).reduce(1) { $0 * Double($1) } } || shape[axis] > 8)
      if shape[axis] > 0 {
        #expect(try array.maximum(along: axis).isLocally { Double(line($0).max()!) }, "\(note)")
        #expect(try array.minimum(along: axis).isLocally { Double(line($0).min()!) }, "\(note)")
        let means = try array.mean(along: axis)
        #expect(means.isLocally { Double(line($0).reduce(0, +)) / Double(shape[axis]) }, "\(note)")
      } else {
        #expect(throws: MPIError.self) { try array.minimum(along: axis) }
      }
    }
    let vector = DistributedVector(repeating: 1.0, count: 9, on: world)
    let error = #expect(throws: MPIError.self) { try vector.sum(along: 0) }
    #expect(error?.isAgreed == true)
    let matrix = try DistributedMatrix(repeating: 1.0, rows: 2, columns: 2, on: ProcessGrid(line: world))
    #expect(throws: MPIError.self) { try matrix.sum(along: 2) }
    #expect(throws: MPIError.self) { try matrix.maximum(along: -1) }
  }

  @Test func normsOfExtremeNumbers() throws {
    for scale in [0x1p1000, 0x1p-1040, 0x1p-1074, 1] {
      let x = DistributedVector(count: 10, on: world) { $0 == 2 ? 3 * scale : $0 == 7 ? -4 * scale : 0 }
      #expect(try x.norm() == 5 * scale && x.norm(.one) == 7 * scale && x.norm(.infinity) == 4 * scale)
      let z = DistributedVector(count: 10, on: world) { $0 == 2 ? Complex(3 * scale, 4 * scale) : 0 }
      #expect(try z.norm() == 5 * scale && z.norm(.one) == 5 * scale && z.norm(.infinity) == 5 * scale)
    }
    let infinite = DistributedVector(count: 10, on: world) { $0 == 4 ? -Float.infinity : 1 }
    #expect(
      try infinite.norm() == .infinity && infinite.norm(.infinity) == .infinity && infinite.norm(.one) == .infinity)
    let none = DistributedVector<Double>(count: 0, on: world) { _ in 1 }
    #expect(try none.norm() == 0 && none.norm(.infinity) == 0 && none.sum() == 0 && none.product() == 1)
    #expect(try none.mean().isNaN && none.minimum() == nil && none.argmax() == nil)
  }

  @Test func whatIsNotANumber() throws {
    for place in [0, 7, 19] {
      let x = DistributedVector(count: 20, on: world) { $0 == place ? Double.nan : Double($0) }
      #expect(try x.sum().isNaN && x.norm().isNaN && x.norm(.infinity).isNaN && x.norm(.one).isNaN)
      #expect(try x.minimum()!.isNaN && x.maximum()!.isNaN)
      #expect(try x.argmin() == [place] && x.argmax() == [place])
      #expect(try x.sum(.reproducible).isNaN)
    }
    let zeros = DistributedVector(count: 9, on: world) { $0 % 2 == 0 ? 0.0 : -0.0 }
    #expect(try zeros.argmin() == [0] && zeros.argmax() == [0])
    let infinities = DistributedVector(count: 9, on: world) { $0 == 3 ? -Double.infinity : $0 == 5 ? .infinity : 0 }
    #expect(try infinities.minimum() == -.infinity && infinities.argmax() == [5])
  }
}
