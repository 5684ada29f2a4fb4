import MPI
import MPITesting
import TestSupport
import Testing

/// Seven bytes of padding before the mass, seven at the end.
struct Particle: StructDatatype, RandomElement {
  var isFixed: Bool
  var mass: Double
  var kind: UInt8

  static let fields = Fields<Particle>(\.isFixed, \.mass, \.kind)

  static func random(_ generator: inout SplitMix64) -> Particle {
    Particle(isFixed: .random(&generator), mass: .random(&generator), kind: .random(&generator))
  }
}

/// A struct and vectors as fields, listed in another order than they lie.
struct Pair: StructDatatype, RandomElement {
  var first: Particle
  var flag: Bool
  var position: SIMD3<Float>
  var second: Particle
  var distance: Float

  static let fields = Fields<Pair>(\.distance, \.first, \.second, \.position, \.flag)

  static func random(_ generator: inout SplitMix64) -> Pair {
    Pair(
      first: .random(&generator), flag: .random(&generator), position: .random(&generator),
      second: .random(&generator), distance: .random(&generator))
  }
}

/// Inline arrays as fields, of structs too.
struct Cell: StructDatatype, RandomElement {
  var count: Int16
  var weights: InlineArray<3, Float>
  var members: InlineArray<2, Particle>

  static let fields = Fields<Cell>(\.count, \.weights, \.members)

  static func random(_ generator: inout SplitMix64) -> Cell {
    let weights: [Float] = (0..<3).map { _ in .random(&generator) }
    let members: [Particle] = (0..<2).map { _ in .random(&generator) }
    return Cell(
      count: .random(&generator), weights: InlineArray { weights[$0] }, members: InlineArray { members[$0] })
  }

  static func == (a: Cell, b: Cell) -> Bool {
    a.count == b.count && (0..<3).allSatisfy { a.weights[$0] == b.weights[$0] }
      && (0..<2).allSatisfy { a.members[$0] == b.members[$0] }
  }
}

/// The inner struct's last field lies where its padding would be: in the outer one, the flag lies there.
struct Snug: StructDatatype, RandomElement {
  struct Inner: StructDatatype, Equatable {
    var wide: Int64
    var narrow: Int8
    static let fields = Fields<Inner>(\.wide, \.narrow)
  }

  var inner: Inner
  var flag: Int8

  static let fields = Fields<Snug>(\.inner, \.flag)

  static func random(_ generator: inout SplitMix64) -> Snug {
    Snug(
      inner: Inner(wide: .random(&generator), narrow: .random(&generator)), flag: .random(&generator))
  }
}

/// A single field.
struct Meters: StructDatatype, RandomElement {
  var value: Double
  static let fields = Fields<Meters>(\.value)

  static func random(_ generator: inout SplitMix64) -> Meters { Meters(value: .random(&generator)) }
}

/// Structs of the user's.
@Suite(.ranked) struct StructDatatypeTests {
  @Test func structsTravel() throws {
    try DatatypeCheck<Particle>().run()
    try DatatypeCheck<Pair>().run()
    try DatatypeCheck<Cell>().run()
    try DatatypeCheck<Snug>().run()
    try DatatypeCheck<Meters>().run()
  }

  @Test func manyStructs() throws {
    let all = Pair.drawnByAll(10_000, ranks: world.size)
    #expect(try world.allGather(all[world.rank.index]) == Array(all.joined()))
  }

  /// Only the fields travel: between them the receiver's bytes stay as they were.
  @Test func paddingIsNotSent() throws {
    #expect(MemoryLayout<Snug>.size == 10)
    var generator = SplitMix64(3)
    let status = try world.sendReceiveStatus(of: Snug.random(&generator))
    #expect(try status.count(of: Snug.self) == 1)
    #expect(try status.count(of: UInt8.self) == 10)
  }

  @Test func closuresOnStructs() throws {
    let heavier = Reduction<Particle>(isCommutative: true) { a, b in
      (a.mass, a.kind, a.isFixed ? 1 : 0) > (b.mass, b.kind, b.isFixed ? 1 : 0) ? a : b
    }
    try ReductionCheck<Particle>("heavier", heavier) { a, b in
      (a.mass, a.kind, a.isFixed ? 1 : 0) > (b.mass, b.kind, b.isFixed ? 1 : 0) ? a : b
    }.run(13)
    try ReductionCheck<Snug>("last", Reduction { $1 }) { $1 }.run(13)
    try ReductionCheck<Pair>("mixed", Reduction { Self.mixed($0, $1) }, Self.mixed).run(13)
    try ReductionCheck<Cell>("first", Reduction { first, _ in first }) { first, _ in first }.run(13)
  }

  /// Something from the left, something from the right.
  private static func mixed(_ a: Pair, _ b: Pair) -> Pair {
    Pair(first: a.first, flag: a.flag != b.flag, position: b.position, second: b.second, distance: a.distance)
  }
}

extension Communicator {
  /// Sends a value to the next rank and tells what is known of the one that arrives.
  fileprivate func sendReceiveStatus<Element: Datatype>(of value: Element) throws -> Status {
    var incoming = [value]
    return try sendReceive([value], to: (rank + 1) % size, into: &incoming, from: (rank - 1) % size)
  }
}
