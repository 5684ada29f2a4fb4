import CMPIBench
import MPI

/// The types whose values the benchmarks send.
protocol BenchmarkElement: ArithmeticDatatype, OrderedDatatype, BitwiseCopyable, Equatable, Codable {
  /// Which one it is, for C.
  static var kind: cbench_element { get }
  /// The name that `mpi4py.MPI` has for it.
  static var pythonName: String { get }
  /// A small number.
  init(pattern: Int)
  /// The sum that C forms too: integers wrap around.
  static func added(_ a: Self, _ b: Self) -> Self
}

extension Double: BenchmarkElement {
  static var kind: cbench_element { CBENCH_DOUBLE }
  static var pythonName: String { "DOUBLE" }
  init(pattern: Int) { self.init(pattern) }
  static func added(_ a: Self, _ b: Self) -> Self { a + b }
}

extension Float: BenchmarkElement {
  static var kind: cbench_element { CBENCH_FLOAT }
  static var pythonName: String { "FLOAT" }
  init(pattern: Int) { self.init(pattern) }
  static func added(_ a: Self, _ b: Self) -> Self { a + b }
}

extension Int64: BenchmarkElement {
  static var kind: cbench_element { CBENCH_INT64 }
  static var pythonName: String { "INT64_T" }
  init(pattern: Int) { self.init(pattern) }
  static func added(_ a: Self, _ b: Self) -> Self { a &+ b }
}

extension UInt8: BenchmarkElement {
  static var kind: cbench_element { CBENCH_BYTE }
  static var pythonName: String { "UINT8_T" }
  init(pattern: Int) { self.init(truncatingIfNeeded: pattern) }
  static func added(_ a: Self, _ b: Self) -> Self { a &+ b }
}
