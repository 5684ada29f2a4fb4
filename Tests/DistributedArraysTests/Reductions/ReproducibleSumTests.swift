import ComplexModule
import DistributedArrays
import Foundation
import MPI
import MPITesting
import TestSupport
import Testing

/// Sums that are the same bit for bit, whatever the number of ranks and the distribution.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct ReproducibleSumTests {
  /// Sequences of numbers that are hard to add up.
  enum Kind: CaseIterable {
    case uniform, wide, huge, tiny, cancelling, rising, onTheGrid
  }

  private func number(_ kind: Kind, _ index: Int, _ seed: UInt64) -> Double {
    let random = IndexedRandom(seed: seed, stream: 8)
    let bits = random.bits(at: index)
    let fraction: Double = random.uniform(at: index)
    switch kind {
    case .uniform: return fraction - 0.5
    case .wide:
      return Double(
        sign: bits & 1 == 0 ? .plus : .minus, exponent: Int(bits >> 1 % 600) - 300, significand: 1 + fraction)
    case .huge: return (bits & 1 == 0 ? 1 : -1) * (1 + fraction) * (bits & 2 == 0 ? 0x1p1000 : 0x1p960)
    case .tiny: return (fraction - 0.5) * (bits & 2 == 0 ? 0x1p-1040 : 0x1p-1070)
    case .cancelling: return index % 2 == 0 ? (fraction + 1) * 0x1p80 : -(random.uniform(at: index - 1) + 1) * 0x1p80
    case .rising: return Double(sign: .plus, exponent: index % 2000 - 1000, significand: 1 + fraction)
    case .onTheGrid:
      // Halfway between two multiples of a unit, and at the borders of the units' ranges.
      let exponent = -1074 + 50 * Int(bits >> 8 % 30 + 5) + [-1, 0, 49, 48][Int(bits & 3)]
      return Double(sign: bits & 4 == 0 ? .plus : .minus, exponent: exponent, significand: bits & 24 == 0 ? 1.5 : 1)
    }
  }

  @Test(arguments: Kind.allCases) func anyDistribution(kind: Kind) throws {
    let count = 1_201
    let alone = DistributedVector(count: count, on: .selfOnly) { number(kind, $0, 1) }
    let expected = try alone.sum(.reproducible)
    let weights = DistributedVector(count: count, on: .selfOnly) { number(.uniform, $0, 2) }
    let expectedDot = try alone.dot(weights, .reproducible)
    let pairs = DistributedVector(count: count, on: .selfOnly) { Complex(number(kind, $0, 1), number(.uniform, $0, 3)) }
    let expectedComplex = try pairs.sum(.reproducible)
    let expectedSquare = try pairs.dot(pairs, .reproducible)
    // Not only the same, but right.
    #expect(try abs(expected - alone.sum()) <= 1e-13 * alone.norm(.one))
    #expect(expected.isFinite || kind == .huge)
    for seed in 0..<2 {
      var dice = Dice(seed &* 100 &+ world.size)
      let distribution = try dice.distribution([count], ranks: world.size)
      let x = try DistributedVector(as: distribution, on: world) { number(kind, $0[0], 1) }
      let y = try DistributedVector(as: distribution, on: world) { number(.uniform, $0[0], 2) }
      let note = "\(kind), seed \(seed), \(distribution)"
      #expect(try x.sum(.reproducible).bitPattern == expected.bitPattern, "\(note)")
      #expect(try x.dot(y, .reproducible).bitPattern == expectedDot.bitPattern, "\(note)")
      #expect(try (x * y).sum(.reproducible).bitPattern == expectedDot.bitPattern, "\(note)")
      let z = try DistributedVector(as: distribution, on: world) { index in
        Complex(number(kind, index[0], 1), number(.uniform, index[0], 3))
      }
      let sum = try z.sum(.reproducible)
      #expect(sum.real.bitPattern == expectedComplex.real.bitPattern, "\(note)")
      #expect(sum.imaginary.bitPattern == expectedComplex.imaginary.bitPattern, "\(note)")
      let square = try z.dot(z, .reproducible)
      #expect(square.real.bitPattern == expectedSquare.real.bitPattern || square.real.isNaN, "\(note)")
      #expect(square.imaginary.bitPattern == expectedSquare.imaginary.bitPattern || square.imaginary.isNaN, "\(note)")
    }
    // In the opposite order.
    let reversed = DistributedVector(count: count, on: world) { number(kind, count - 1 - $0, 1) }
    #expect(try reversed.sum(.reproducible).bitPattern == expected.bitPattern)
  }

  @Test func singlePrecision() throws {
    let alone = DistributedVector(count: 20_000, on: .selfOnly) {
      Float(number(.uniform, $0, 4)) * ($0 % 7 == 0 ? 1e30 : 1)
    }
    let spread = DistributedVector(count: 20_000, on: world) {
      Float(number(.uniform, $0, 4)) * ($0 % 7 == 0 ? 1e30 : 1)
    }
    #expect(try spread.sum(.reproducible).bitPattern == alone.sum(.reproducible).bitPattern)
    #expect(try spread.dot(spread, .reproducible).bitPattern == alone.dot(alone, .reproducible).bitPattern)
  }

  @Test func asExactAsPromised() throws {
    // What a running sum loses.
    let x = DistributedVector(count: 5, on: world) { [1e100, 1, -1e100, 3, 0x1p-40][$0] }
    #expect(try x.sum(.reproducible) == 0)
    let y = DistributedVector(count: 5, on: world) { [1e20, 1, -1e20, 3, 0x1p-20][$0] }
    #expect(try y.sum(.reproducible) == 4 + 0x1p-20)
    let many = DistributedVector(count: 100_001, on: world) { $0 == 0 ? 1.0 : 0x1p-53 }
    #expect(try many.sum(.reproducible) == 1 + 100_000 * 0x1p-53)
    let largest = DistributedVector(count: 4, on: world) { $0 % 2 == 0 ? Double.greatestFiniteMagnitude : -0x1p1023 }
    #expect(try largest.sum(.reproducible) == 2 * (Double.greatestFiniteMagnitude - 0x1p1023))
    let over = DistributedVector(count: 9, on: world) { _ in Double.greatestFiniteMagnitude }
    #expect(try over.sum(.reproducible) == .infinity)
    let least = DistributedVector(count: 1000, on: world) { _ in Double.leastNonzeroMagnitude }
    #expect(try least.sum(.reproducible) == 1000 * .leastNonzeroMagnitude)
    #expect(try DistributedVector<Double>(count: 0, on: world) { _ in 1 }.sum(.reproducible) == 0)
  }

  @Test func whatIsNotFinite() throws {
    for (values, sum) in [
      ([Double.infinity, 1], Double.infinity), ([-.infinity, 1e20], -.infinity), ([.infinity, -.infinity], .nan),
      ([.nan, 1], .nan), ([.nan, .infinity], .nan),
    ] {
      let x = DistributedVector(count: 10, on: world) { $0 < 2 ? values[$0] : 1 }
      let result = try x.sum(.reproducible)
      #expect(result == sum || result.isNaN && sum.isNaN)
      let z = DistributedVector(count: 10, on: world) { Complex(1, $0 < 2 ? values[$0] : 1) }
      // The other part is not touched.
      let both = try z.sum(.reproducible)
      #expect(both.rawStorage.x == 10 && (both.rawStorage.y == sum || both.rawStorage.y.isNaN && sum.isNaN))
    }
  }
}
