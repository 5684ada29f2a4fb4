import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Sums of products over the ranks, against serial ones.
@Suite(.ranked) struct DotProductTests {
  static let lengths = [0, 1, 3, 7, 15, 16, 17, 1000, 4096, 4097, 100_003]

  /// Small whole numbers: their sums are exact in any order.
  private func whole(_ index: Int, _ stream: UInt64) -> Int {
    Int(IndexedRandom(seed: 11, stream: stream).bits(at: index) % 201) - 100
  }

  private func vectors<Element>(
    _ count: Int, _ convert: (Int) -> Element
  ) -> (DistributedVector<Element>, DistributedVector<Element>) {
    (.init(count: count, on: world) { convert(whole($0, 0)) }, .init(count: count, on: world) { convert(whole($0, 1)) })
  }

  private func expected(_ count: Int) -> Int { (0..<count).reduce(0) { $0 + whole($1, 0) * whole($1, 1) } }

  @Test(arguments: lengths) func realNumbers(count: Int) throws {
    let (x, y) = vectors(count) { Double($0) }
    #expect(try x.dot(y) == Double(expected(count)))
    #expect(try world.allReduce(x.localDot(y) ?? .nan, .sum) == Double(expected(count)))
    let (u, v) = vectors(count) { Float($0) }
    #expect(try u.dot(v) == Double(expected(count)))
  }

  @Test(arguments: lengths) func complexNumbers(count: Int) throws {
    var sum = Complex<Double>.zero
    for index in 0..<count {
      sum +=
        Complex(Double(whole(index, 0)), Double(whole(index, 2)))
        * Complex(Double(whole(index, 1)), Double(whole(index, 3)))
    }
    let x = DistributedVector(count: count, on: world) { Complex(Double(whole($0, 0)), Double(whole($0, 2))) }
    let y = DistributedVector(count: count, on: world) { Complex(Double(whole($0, 1)), Double(whole($0, 3))) }
    #expect(try x.dot(y) == sum)
    let u = DistributedVector(count: count, on: world) { Complex(Float(whole($0, 0)), Float(whole($0, 2))) }
    let v = DistributedVector(count: count, on: world) { Complex(Float(whole($0, 1)), Float(whole($0, 3))) }
    #expect(try u.dot(v) == sum)
  }

  @Test(arguments: lengths) func integers(count: Int) throws {
    let sum = Int128(expected(count))
    let (a, b) = vectors(count) { Int8($0) }
    #expect(try a.dot(b) == sum)
    let (c, d) = vectors(count) { Int32($0) }
    #expect(try c.dot(d) == sum)
    let (e, f) = vectors(count) { Int64($0) }
    #expect(try e.dot(f) == sum)
    let (g, h) = vectors(count) { UInt64($0 + 100) }
    #expect(try g.dot(h) == (0..<count).reduce(0) { $0 + Int128((whole($1, 0) + 100) * (whole($1, 1) + 100)) })
  }

  @Test func integersAreExactUpTo128Bits() throws {
    // Two such products make 2¹²⁷, one more than there is room for; a small negative one makes it fit.
    let least = DistributedVector<Int64>(count: 3, on: world) { $0 < 2 ? .min : -1 }
    let other = DistributedVector<Int64>(count: 3, on: world) { $0 < 2 ? .min : 1 }
    #expect(try least.dot(other) == .max)
    let error = #expect(throws: MPIError.self) { try least.dot(least) }
    #expect(error?.isAgreed == true)
    if world.isRoot { #expect((error?.underlying as? DistributedArrayError)?.code == .overflow) }
    let greatest = DistributedVector<UInt64>(repeating: .max, count: 1, on: world)
    let one = #expect(throws: MPIError.self) { try greatest.dot(greatest) }
    #expect(one?.isAgreed == true)
    let negative = DistributedVector<Int64>(count: 2, on: world) { _ in .min }
    let positive = DistributedVector<Int64>(count: 2, on: world) { $0 == 0 ? .max : 1 }
    #expect(try negative.dot(positive) == -(1 << 126))
    let small = DistributedVector<Int32>(repeating: .min, count: 9, on: world)
    #expect(try small.dot(small) == 9 << 62)
  }

  @Test func roundedSumsAreAccurate() throws {
    // One large product and many that a single running sum would lose.
    let count = 1 << 20
    let x = DistributedVector(count: count, on: world) { $0 == 0 ? 1.0 : 0x1p-53 }
    let y = DistributedVector(repeating: 1.0, count: count, on: world)
    let exact = 1 + Double(count - 1) * 0x1p-53
    #expect(abs(try x.dot(y) - exact) <= 300 * 0x1p-53)
  }

  @Test func whatIsNotFinite() throws {
    for (special, other) in [(Double.nan, 1.0), (.infinity, 1), (.infinity, -1), (.infinity, 0)] {
      let x = DistributedVector(count: 100, on: world) { $0 == 41 ? special : 1.0 }
      let y = DistributedVector(count: 100, on: world) { $0 == 41 ? other : 1.0 }
      let sum = try x.dot(y)
      let expected = special * other
      #expect(sum == expected || sum.isNaN && expected.isNaN)
    }
  }

  @Test func products() throws {
    let (x, y) = vectors(100) { Float($0) }
    let products = try x.multiplied(by: y)
    for (local, index) in x.localRange.enumerated() {
      #expect(products.localElements[local] == Float(whole(index, 0) * whole(index, 1)))
      #expect(x.localElements[local] == Float(whole(index, 0)))
    }
    var integers = DistributedVector<Int32>(repeating: .max, count: 10, on: world)
    try integers.multiply(by: integers)
    for index in integers.localElements.indices { #expect(integers.localElements[index] == 1) }
    let i = DistributedVector(repeating: Complex<Float>.i, count: 10, on: world)
    #expect(try i.multiplied(by: i).dot(i) == -10 * Complex<Double>.i)
  }

  @Test func vectorsThatDoNotMatch() throws {
    let x = DistributedVector(repeating: 1.0, count: 10, on: world)
    let longer = DistributedVector(repeating: 1.0, count: 11, on: world)
    let error = #expect(throws: MPIError.self) { try x.dot(longer) }
    #expect(error?.isAgreed == true)
    if world.isRoot { #expect((error?.underlying as? DistributedArrayError)?.code == .lengthMismatch) }
    #expect(throws: MPIError.self) { try x.multiplied(by: longer) }

    let copy = DistributedVector(repeating: 1.0, count: 10, on: try world.duplicate())
    #expect(try x.dot(copy) == 10)
    if world.size > 1 {
      let reversed = try #require(try world.split(color: 0, key: -world.rank.index))
      let other = DistributedVector(repeating: 1.0, count: 10, on: reversed)
      #expect(throws: MPIError.self) { try x.dot(other) }
    }
  }
}
