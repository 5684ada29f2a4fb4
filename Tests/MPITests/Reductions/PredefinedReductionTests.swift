import MPI
import MPITesting
import TestSupport
import Testing

/// The predefined reductions, on every element that supports them.
@Suite(.ranked) struct PredefinedReductionTests {
  /// No value, one, fewer than ranks, as many, multiples and others.
  static let lengths = [0, 1, 3, 7, 24, 101]

  private func integers<Element: ArithmeticDatatype & OrderedDatatype & BitwiseDatatype & RandomElement>(
    _: Element.Type, _ length: Int
  ) throws where Element: FixedWidthInteger {
    // What overflows is MPI's affair: Open MPI's vectorised sums of 8 and 16 bits saturate, others wrap.
    func small(_ values: ClosedRange<Element>) -> (Int, Int) -> [Element] {
      { length, rank in
        var generator = SplitMix64(UInt64(length), rank: rank)
        return (0..<length).map { _ in rank < 6 ? .random(in: values, using: &generator) : 1 }
      }
    }
    try ReductionCheck<Element>("sum", .sum, &+, drawn: small(0...20)).run(length)
    try ReductionCheck<Element>("product", .product, &*, drawn: small(1...2)).run(length)
    try ReductionCheck<Element>("minimum", .minimum, min).run(length)
    try ReductionCheck<Element>("maximum", .maximum, max).run(length)
    try ReductionCheck<Element>("bits of all", .bitwiseAnd, &).run(length)
    try ReductionCheck<Element>("bits of any", .bitwiseOr, |).run(length)
    try ReductionCheck<Element>("bits of an odd number", .bitwiseXor, ^).run(length)
  }

  private func numbers<Element: ArithmeticDatatype & OrderedDatatype & RandomElement>(
    _: Element.Type, _ length: Int
  ) throws where Element: BinaryFloatingPoint {
    try ReductionCheck<Element>("sum", .sum, +).run(length)
    try ReductionCheck<Element>("product", .product, *).run(length)
    try ReductionCheck<Element>("minimum", .minimum, min).run(length)
    try ReductionCheck<Element>("maximum", .maximum, max).run(length)
  }

  @Test(arguments: lengths) func wordSizedIntegers(length: Int) throws {
    try integers(Int.self, length)
    try integers(UInt.self, length)
  }

  @Test(arguments: [1, 10, 70]) func integersOfEveryWidth(length: Int) throws {
    try integers(Int8.self, length)
    try integers(Int16.self, length)
    try integers(Int32.self, length)
    try integers(Int64.self, length)
    try integers(UInt8.self, length)
    try integers(UInt16.self, length)
    try integers(UInt32.self, length)
    try integers(UInt64.self, length)
  }

  @Test(arguments: lengths) func floatingPointNumbers(length: Int) throws {
    try numbers(Double.self, length)
    try numbers(Float.self, length)
    #if (arch(x86_64) || arch(i386)) && !os(Windows) && !os(Android)
      try numbers(Float80.self, length)
    #endif
  }

  @Test func manyValues() throws {
    try ReductionCheck<Double>("sum", .sum, +).run(10_000)
    try ReductionCheck<Int>("bits of an odd number", .bitwiseXor, ^).run(10_003)
  }

  @Test(arguments: [0, 1, 3, 24]) func truthValues(length: Int) throws {
    try ReductionCheck<Bool>("all", .logicalAnd) { $0 && $1 }.run(length)
    try ReductionCheck<Bool>("any", .logicalOr) { $0 || $1 }.run(length)
    try ReductionCheck<Bool>("odd", .logicalXor) { $0 != $1 }.run(length)
  }

  @Test(arguments: [0, 1, 5, 14]) func vectorsLaneByLane(length: Int) throws {
    try ReductionCheck<SIMD2<Double>>("sum", .sum, +).run(length)
    try ReductionCheck<SIMD2<UInt8>>("bits of all", .bitwiseAnd, &).run(length)
    try ReductionCheck<SIMD3<Float>>("sum", .sum, +).run(length)
    try ReductionCheck<SIMD3<Int16>>("maximum", .maximum) { pointwiseMax($0, $1) }.run(length)
    try ReductionCheck<SIMD4<Int32>>("product", .product, &*).run(length)
    try ReductionCheck<SIMD4<Float>>("minimum", .minimum) { pointwiseMin($0, $1) }.run(length)
    try ReductionCheck<SIMD4<Int>>("bits of an odd number", .bitwiseXor, ^).run(length)
  }

  private func locations<Value: RandomElement>(_: Value.Type, _ length: Int) throws where Value: LocatableDatatype {
    func better(_ a: Located<Value>, _ b: Located<Value>, _ isBefore: (Value, Value) -> Bool) -> Located<Value> {
      if a.value == b.value { return a.location < b.location ? a : b }
      return isBefore(a.value, b.value) ? a : b
    }
    try ReductionCheck<Located<Value>>("least", .minimumLocation) { better($0, $1, <) }.run(length)
    try ReductionCheck<Located<Value>>("greatest", .maximumLocation) { better($0, $1, >) }.run(length)
  }

  @Test(arguments: [0, 1, 5, 14]) func valuesWithTheirLocations(length: Int) throws {
    try locations(Int16.self, length)
    try locations(Int32.self, length)
    try locations(Int.self, length)
    try locations(Float.self, length)
    try locations(Double.self, length)
    #if (arch(x86_64) || arch(i386)) && !os(Windows) && !os(Android)
      try locations(Float80.self, length)
    #endif
  }

  @Test func lowestRankAmongEquals() throws {
    let least = try world.allReduce(Located(1.5, at: Int32(world.rank.index)), .minimumLocation)
    #expect(least == Located(1.5, at: 0))
    let greatest = try world.allReduce(Located(1.5, at: Int32(world.rank.index)), .maximumLocation)
    #expect(greatest == Located(1.5, at: 0))
  }
}

extension Located: RandomElement where Value: RandomElement {
  /// Of floating-point values there are few, so that many are equal.
  static func random(_ generator: inout SplitMix64) -> Located {
    let value = Value.random(&generator)
    return Located(value, at: Int32(truncatingIfNeeded: generator.next() >> 40))
  }
}
