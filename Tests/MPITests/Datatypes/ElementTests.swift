import MPI
import MPITesting
import TestSupport
import Testing

/// Every element that the binding knows by itself.
@Suite(.ranked) struct ElementTests {
  @Test func integers() throws {
    try DatatypeCheck<Int>().run()
    try DatatypeCheck<Int8>().run()
    try DatatypeCheck<Int16>().run()
    try DatatypeCheck<Int32>().run()
    try DatatypeCheck<Int64>().run()
    try DatatypeCheck<UInt>().run()
    try DatatypeCheck<UInt8>().run()
    try DatatypeCheck<UInt16>().run()
    try DatatypeCheck<UInt32>().run()
    try DatatypeCheck<UInt64>().run()
  }

  @Test func floatingPointNumbers() throws {
    try DatatypeCheck<Float>().run()
    try DatatypeCheck<Double>().run()
    #if (arch(x86_64) || arch(i386)) && !os(Windows) && !os(Android)
      try DatatypeCheck<Float80>().run()
    #endif
  }

  @Test func specialNumbersArriveBitForBit() throws {
    let numbers: [Double] = [.nan, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let received = try world.broadcast(world.isRoot ? numbers : nil, from: 0)
    #expect(received.map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test func truthValues() throws {
    try DatatypeCheck<Bool>().run()
  }

  @Test func shortVectors() throws {
    try DatatypeCheck<SIMD2<Int8>>().run()
    try DatatypeCheck<SIMD2<Float>>().run()
    try DatatypeCheck<SIMD3<UInt16>>().run()
    try DatatypeCheck<SIMD3<Float>>().run()
    try DatatypeCheck<SIMD3<Double>>().run()
    try DatatypeCheck<SIMD4<Int>>().run()
    try DatatypeCheck<SIMD4<UInt8>>().run()
    try DatatypeCheck<SIMD4<Double>>().run()
  }

  @Test func longVectors() throws {
    func check<Vector: SIMD & Datatype>(_: Vector.Type) throws where Vector.Scalar == Int32 {
      func vector(_ rank: Int) -> Vector {
        var vector = Vector()
        for lane in vector.indices { vector[lane] = Int32(rank * 100 + lane) }
        return vector
      }
      #expect(try world.allGather(vector(world.rank.index)) == (0..<world.size).map(vector))
    }
    try check(SIMD8<Int32>.self)
    try check(SIMD16<Int32>.self)
    try check(SIMD32<Int32>.self)
    try check(SIMD64<Int32>.self)
    var total = SIMD16<Int32>(repeating: 0)
    for rank in 0..<world.size { total &+= SIMD16(repeating: Int32(rank)) }
    #expect(try world.allReduce(SIMD16(repeating: Int32(world.rank.index)), .sum) == total)
  }

  @Test func valuesWithTheirLocations() throws {
    try DatatypeCheck<Located<Int16>>().run()
    try DatatypeCheck<Located<Int32>>().run()
    try DatatypeCheck<Located<Int>>().run()
    try DatatypeCheck<Located<Float>>().run()
    try DatatypeCheck<Located<Double>>().run()
  }

  @Test func inlineArrays() throws {
    func row(_ rank: Int) -> InlineArray<5, Float> { InlineArray { Float(rank * 10 + $0) } }
    func table(_ rank: Int) -> InlineArray<2, InlineArray<3, Int16>> {
      InlineArray { row in InlineArray { Int16(rank * 100 + row * 10 + $0) } }
    }
    let rows = try world.allGather([row(world.rank.index), row(-world.rank.index)])
    let tables = try world.allGather(table(world.rank.index))
    try #require(rows.count == 2 * world.size && tables.count == world.size)
    for rank in 0..<world.size {
      for index in 0..<5 {
        #expect(rows[2 * rank][index] == row(rank)[index])
        #expect(rows[2 * rank + 1][index] == row(-rank)[index])
      }
      for line in 0..<2 {
        for index in 0..<3 { #expect(tables[rank][line][index] == table(rank)[line][index]) }
      }
    }
  }

  @Test func inlineArraysInAClosure() throws {
    let reversedSum = Reduction<InlineArray<3, Int>>(isCommutative: true) { a, b in
      InlineArray { a[$0] + b[$0] }
    }
    let sum = try world.allReduce(InlineArray<3, Int> { $0 + world.rank.index }, reversedSum)
    let ranks = world.size * (world.size - 1) / 2
    for index in 0..<3 { #expect(sum[index] == index * world.size + ranks) }
  }
}
