import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Expressions of arrays in any distributions, against the same ones of numbers.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct ExpressionTests {
  @Test func randomDistributions() throws {
    for seed in 0..<8 {
      var dice = Dice(seed &* 3 &+ world.size)
      let shape = dice.shape()
      let mine = try dice.distribution(shape, ranks: world.size)
      let other = dice.roll(0...1) == 0 ? mine : try dice.distribution(shape, ranks: world.size)
      let note = "seed \(seed), \(mine) and \(other)"
      let x = try DistributedArray(as: mine, on: world) { Double(linear($0, shape)) }
      let y = try DistributedArray(as: other, on: world) { Double(linear($0, shape) % 7) - 3 }
      func a(_ index: [Int]) -> Double { Double(linear(index, shape)) }
      func b(_ index: [Int]) -> Double { Double(linear(index, shape) % 7) - 3 }
      var z = try DistributedArray(1.5 * x + y)
      #expect(z.distribution == mine && z.isLocally { 1.5 * a($0) + b($0) }, "\(note)")
      try z.assign((x - y) * (x + 2) / (y * y + 1) - 3)
      func combined(_ a: Double, _ b: Double) -> Double { (a - b) * (a + 2) / (b * b + 1) - 3 }
      #expect(z.isLocally { combined(a($0), b($0)) }, "\(note)")
      try z.assign(z + 1 - z)
      #expect(z.isLocally { _ in 1 } || z.count > 0, "\(note)")
      try z.assign(x)
      try z.add(-2, times: y)
      #expect(z.isLocally { a($0) - 2 * b($0) } && x.isLocally { a($0) }, "\(note)")
      let halves = try DistributedArray(x.map { Int32($0) / 2 })
      #expect(halves.isLocally { Int32(a($0)) / 2 }, "\(note)")
      let flags = try DistributedArray(x.zip(y) { $0 > $1 })
      #expect(flags.isLocally { a($0) > b($0) }, "\(note)")
      let expected = indices(shape).reduce(0) { $0 + a($1) * b($1) }
      #expect(try (x * y).sum() == expected && x.dot(y) == expected, "\(note)")
      #expect(try (-x).norm(.infinity) == Double(max(x.count - 1, 0)), "\(note)")
      #expect(try (0 - x).argmin().map { linear($0, shape) } == (x.count > 0 ? x.count - 1 : nil), "\(note)")
    }
  }

  @Test func elements() throws {
    let count = 1001
    let bytes = DistributedVector(count: count, on: world) { UInt8(truncatingIfNeeded: $0) }
    let wrapped = try DistributedVector(bytes * bytes + 255 - 3 * bytes)
    let expected = { (i: Int) in
      UInt8(truncatingIfNeeded: i * i + 255 - 3 * i)
    }
    #expect(wrapped.isLocally { expected($0[0]) })
    let quotients = try DistributedVector(10 / DistributedVector(count: count, on: world) { Int32($0 % 3) })
    #expect(quotients.isLocally { $0[0] % 3 == 0 ? 0 : Int32(10 / ($0[0] % 3)) })
    let least = DistributedVector(count: 3, on: world) { _ in Int8.min }
    #expect(try DistributedVector(least / -1).isLocally { _ in .min })
    let z = DistributedVector(count: count, on: world) { Complex(Float($0), 1) }
    let rotated = try DistributedVector(Complex.i * z - z)
    #expect(rotated.isLocally { Complex.i * Complex(Float($0[0]), 1) - Complex(Float($0[0]), 1) })
    // Longer than the blocks in which expressions are reduced.
    let long = DistributedVector(count: 20_003, on: world) { Double($0) }
    #expect(try (2 * long + 1).sum() == Double(20_003 * 20_003))
    #expect(try (long - 5_000).maximum() == 15_002)
    let squares = (0..<20_003).reduce(0) { $0 + ($1 - 1) * ($1 - 1) }
    #expect(try (long - 1).norm() == Double(squares).squareRoot())
    #expect(try (0x1p1000 * (long - 1)).norm() == 0x1p1000 * Double(squares).squareRoot())
    #expect(try (0x1p-1060 * (long - 1)).norm() == 0x1p-1060 * Double(squares).squareRoot())
    let singles = DistributedVector(count: 20_003, on: world) { Float($0 - 1) }
    #expect(try (singles + 1).sum() == Double(20_003 * 20_002 / 2))
    #expect(try (0x1p100 * singles).norm() == 0x1p100 * Double(squares).squareRoot())
  }

  @Test func matricesAndVectors() throws {
    let grid = try ProcessGrid.balanced(dimensions: 2, for: [9, 8], on: world)
    let a = try DistributedMatrix<Double>(rows: 9, columns: 8, on: grid) { Double($0 - $1) }
    let b = try a.redistributed(to: .columns([9, 8], among: world.size))
    let difference = try DistributedMatrix(a - b)
    #expect(try difference.distribution == a.distribution && difference.frobeniusNorm() == 0)
    let error = #expect(throws: MPIError.self) { try DistributedVector(a + 1) }
    #expect(error?.isAgreed == true)
    if world.isRoot, let error { #expect(DistributedArrayError.Code.shapeMismatch ~= error) }
  }

  @Test func whatDoesNotFit() throws {
    let x = DistributedVector(repeating: 1.0, count: 10, on: world)
    let longer = DistributedVector(repeating: 1.0, count: 11, on: world)
    let error = #expect(throws: MPIError.self) { try DistributedVector(x + longer) }
    if world.isRoot, let error { #expect(DistributedArrayError.Code.lengthMismatch ~= error) }
    var z = x
    #expect(throws: MPIError.self) { try z.assign(longer) }
    #expect(throws: MPIError.self) { try z.add(1, times: longer) }
    #expect(throws: MPIError.self) { try x.dot(longer) }
    let copy = DistributedVector(repeating: 2.0, count: 10, on: try world.duplicate())
    #expect(try (x + copy).sum() == 30)
    if world.size > 1 {
      let other = DistributedVector(repeating: 1.0, count: 10, on: .selfOnly)
      #expect(throws: MPIError.self) { try (x + other).sum() }
    }
  }
}
