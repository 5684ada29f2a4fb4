import ComplexModule
import DistributedArrays
import MPI
import MPIComplex
import MPITesting
import TestSupport
import Testing

/// An element of small whole numbers, whose sums are exact in any order.
protocol WholeElement: ProductElement, Equatable {
  static func whole(_ real: Int, _ imaginary: Int) -> Self
  var conjugated: Self { get }
  static func sum(_ a: Self, _ b: Self) -> Self
  static func multiple(_ a: Self, _ b: Self) -> Self
}

extension WholeElement where Self: BinaryFloatingPoint {
  static func whole(_ real: Int, _ imaginary: Int) -> Self { Self(real) }
  var conjugated: Self { self }
  static func sum(_ a: Self, _ b: Self) -> Self { a + b }
  static func multiple(_ a: Self, _ b: Self) -> Self { a * b }
}

extension WholeElement where Self: FixedWidthInteger {
  static func whole(_ real: Int, _ imaginary: Int) -> Self { Self(truncatingIfNeeded: real) }
  var conjugated: Self { self }
  static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  static func multiple(_ a: Self, _ b: Self) -> Self { a &* b }
}

extension Float: WholeElement {}
extension Double: WholeElement {}
extension Int8: WholeElement {}
extension Int32: WholeElement {}
extension UInt64: WholeElement {}
extension Complex: WholeElement where RealType: ComplexDatatypeComponent & BinaryFloatingPoint {
  static func whole(_ real: Int, _ imaginary: Int) -> Self { Self(RealType(real), RealType(imaginary)) }
  var conjugated: Self { conjugate }
  static func sum(_ a: Self, _ b: Self) -> Self { a + b }
  static func multiple(_ a: Self, _ b: Self) -> Self { a * b }
}

/// Numbers, one after the other, the same on every rank.
struct Draw {
  let random: IndexedRandom
  var next = 0

  init(seed: UInt64) { random = IndexedRandom(seed: seed, stream: 7) }

  mutating func below(_ bound: Int) -> Int {
    defer { next += 1 }
    return Int(random.bits(at: next) % UInt64(bound))
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}

/// A matrix that every rank can make: the numbers of a stream, from -4 to 4.
struct WholeMatrix<Element: WholeElement> {
  let rows: Int
  let columns: Int
  let stream: UInt64

  func element(_ row: Int, _ column: Int) -> Element {
    let bits = IndexedRandom(seed: 3, stream: stream).bits(at: row * 4099 + column)
    return .whole(Int(bits % 9) - 4, Int(bits >> 20 % 9) - 4)
  }

  func element(_ row: Int, _ column: Int, after operation: MatrixOperation) -> Element {
    let element = operation.isTransposing ? element(column, row) : element(row, column)
    return operation.rawValue & 2 == 0 ? element : element.conjugated
  }

  func distributed(as distribution: Distribution) throws -> DistributedMatrix<Element> {
    try DistributedMatrix(as: distribution, on: world) { element($0, $1) }
  }
}

/// One of all sorts of distributions of a matrix over the ranks.
func anyDistribution(_ shape: [Int], _ draw: inout Draw) throws -> Distribution {
  let size = world.size
  let divisors = (1...size).filter { size % $0 == 0 }
  let rows = draw.pick(divisors)
  switch draw.below(7) {
  case 0: return try .rows(shape, among: size)
  case 1: return try .columns(shape, among: size)
  case 2: return try .blocks(shape, grid: [rows, size / rows])
  case 3: return try .blockCyclic(shape, blocks: [1 + draw.below(3), 1 + draw.below(4)], grid: [rows, size / rows])
  case 4: return try .replicated(shape, among: size)
  case 5: return try .onRoot(shape)
  default: return try Distribution(shape, grid: [rows, size / rows], [[.cyclic(over: 1)], []])
  }
}
