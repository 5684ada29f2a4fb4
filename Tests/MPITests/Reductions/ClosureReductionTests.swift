import MPI
import MPITesting
import TestSupport
import Testing

/// `x ↦ slope · x + offset`: composed in the order of the ranks, or wrong.
struct AffineMap: StructDatatype, RandomElement {
  var slope: Int64
  var offset: Int32

  static let fields = Fields<AffineMap>(\.slope, \.offset)

  static func random(_ generator: inout SplitMix64) -> AffineMap {
    AffineMap(slope: .random(&generator), offset: .random(&generator))
  }

  /// First this map, then the other one.
  func followed(by next: AffineMap) -> AffineMap {
    AffineMap(
      slope: next.slope &* slope, offset: Int32(truncatingIfNeeded: next.slope) &* offset &+ next.offset)
  }
}

/// Reductions by closures: any element, any capture, any number of them, in the order of the ranks.
@Suite(.ranked) struct ClosureReductionTests {
  @Test(arguments: [0, 1, 3, 7, 24, 101, 10_000]) func structsInTheOrderOfTheRanks(length: Int) throws {
    try ReductionCheck<AffineMap>("composition", Reduction { $0.followed(by: $1) }) { $0.followed(by: $1) }.run(length)
  }

  @Test(arguments: [0, 1, 5, 14]) func commutativeClosures(length: Int) throws {
    try ReductionCheck<Int>("sum", Reduction(isCommutative: true) { $0 &+ $1 }, &+).run(length)
    try ReductionCheck<Double>("longer", Reduction(isCommutative: true) { max($0, $1) }) { max($0, $1) }.run(length)
    try ReductionCheck<Bool>("odd", Reduction(isCommutative: true) { $0 != $1 }) { $0 != $1 }.run(length)
  }

  /// Two-by-two matrices of integers: rows (x, y) and (z, w).
  private static func product(_ a: SIMD4<Int32>, _ b: SIMD4<Int32>) -> SIMD4<Int32> {
    let x = a.x &* b.x &+ a.y &* b.z
    let y = a.x &* b.y &+ a.y &* b.w
    let z = a.z &* b.x &+ a.w &* b.z
    let w = a.z &* b.y &+ a.w &* b.w
    return SIMD4(x, y, z, w)
  }

  private static func cross(_ a: SIMD3<Int16>, _ b: SIMD3<Int16>) -> SIMD3<Int16> {
    // Associative and not commutative: the first two lanes of the left, the last of the right.
    SIMD3(a.x, a.y, b.z)
  }

  @Test(arguments: [0, 1, 5, 14]) func vectorsInTheOrderOfTheRanks(length: Int) throws {
    try ReductionCheck<SIMD4<Int32>>("matrix product", Reduction(Self.product), Self.product).run(length)
    try ReductionCheck<SIMD3<Int16>>("ends", Reduction(Self.cross), Self.cross).run(length)
    try ReductionCheck<SIMD2<Float>>("last", Reduction { $1 }) { $1 }.run(length)
    try ReductionCheck<Located<Double>>("first", Reduction { first, _ in first }) { first, _ in first }.run(length)
  }

  @Test func moreClosuresThanAnyTableHolds() throws {
    let reductions = (0..<300).map { modulus in
      Reduction<Int>(isCommutative: true) { ($0 + $1) % (modulus + 2) }
    }
    for (index, reduction) in reductions.enumerated() {
      let expected = world.ranks.map { $0.index }.reduce(0) { ($0 + $1) % (index + 2) }
      #expect(try world.allReduce(world.rank.index % (index + 2), reduction) == expected, "closure \(index)")
    }
  }

  /// What a closure of a test keeps in mind.
  private final class Table: Sendable {
    let names: [String]
    init(_ names: [String]) { self.names = names }
  }

  @Test func capturedObjects() throws {
    let table = Table((0..<50).map { "\($0)" })
    let longest = Reduction<Int>(isCommutative: true) { a, b in
      (table.names[a].count, a) > (table.names[b].count, b) ? a : b
    }
    let greatest = world.size > 1 ? 10 + world.size - 1 : 10
    #expect(try world.allReduce(10 + world.rank.index, longest) == greatest)
  }

  @Test func closuresWithinClosures() throws {
    // A reduction of one process inside the closure of another reduction.
    let nested = Reduction<Int>(isCommutative: true) { a, b in
      try Communicator.selfOnly.allReduce(a &+ b, Reduction { $0 &+ $1 })
    }
    #expect(try world.allReduce(world.rank.index, nested) == world.size * (world.size - 1) / 2)
  }
}
