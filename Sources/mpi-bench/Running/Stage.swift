import CMPIBench
import MPI

/// One benchmark at one size on this rank: its memory, and both of its halves.
struct Stage<Element: BenchmarkElement> {
  let benchmark: Benchmark<Element>
  var setting: Setting
  /// Bytes of a message or block.
  let bytes: Int
  private(set) var values: [Element]
  private(set) var result: [Element]

  init(_ benchmark: Benchmark<Element>, bytes: Int, on world: Communicator) {
    let width = MemoryLayout<Element>.stride
    let count = benchmark.hasSizes ? max(1, bytes / width) : benchmark.shape == .nothing ? 0 : 1
    // At most 64 messages on their way, and 4 MiB of them where they are long.
    let window = max(4, min(64, (4 << 20) / max(1, count * width)))
    self.benchmark = benchmark
    self.bytes = count * width
    setting = Setting(world, benchmark.ranks, count: count, element: Element.kind, window: window)
    let lengths = benchmark.shape.lengths(count: count, size: world.size, isRoot: world.isRoot, window: window)
    values = [Element](repeating: Element(pattern: 0), count: lengths.values)
    result = [Element](repeating: Element(pattern: 0), count: lengths.result)
  }

  /// Runs the Swift half. Awaits nothing when it is a blocking one.
  nonisolated(nonsending) mutating func runSwift(_ calls: Int) async throws {
    switch benchmark.swift {
    case .blocking(let body): try body(setting, values, &result, calls)
    case .awaited(let body): try await body(setting, values, &result, calls)
    }
  }

  /// Runs the C half.
  mutating func runC(_ calls: Int) throws {
    let c = benchmark.c
    try withPlan { plan in try checkC(c(plan, calls)) }
  }

  /// Lends what C needs to know.
  mutating func withPlan<Result>(_ body: (UnsafePointer<CBenchPlan>) throws -> Result) rethrows -> Result {
    var plan = CBenchPlan()
    plan.count = setting.count
    plan.element = CInt(setting.element.rawValue)
    plan.rank = CInt(setting.world.rank.index)
    plan.size = CInt(setting.world.size)
    plan.peer = setting.isIdle ? -1 : CInt(setting.peer.index)
    plan.isFirst = setting.isFirst
    plan.window = setting.window
    plan.work = setting.work
    return try values.withUnsafeBytes { values in
      try result.withUnsafeMutableBytes { result in
        plan.values = values.baseAddress
        plan.result = result.baseAddress
        plan.valueBytes = values.count
        plan.resultBytes = result.count
        return try body(&plan)
      }
    }
  }

  /// Fills the memory: with small numbers that differ from rank to rank, or with zeros, which no reduction changes.
  mutating func fill(asPattern isPattern: Bool) {
    let rank = setting.world.rank.index
    for index in values.indices { values[index] = Element(pattern: isPattern ? (index + rank) % 7 + 1 : 0) }
    for index in result.indices { result[index] = Element(pattern: isPattern ? (index + 3 * rank) % 5 + 1 : 0) }
  }

  /// Makes one call in each language over the same values; false when the results are not the same.
  nonisolated(nonsending) mutating func agrees() async throws -> Bool {
    fill(asPattern: true)
    try runC(1)
    let expected = result
    fill(asPattern: true)
    try await runSwift(1)
    let isSame = expected == result
    fill(asPattern: false)
    return isSame
  }
}

/// A call in C went wrong.
struct CFailure: Error, CustomStringConvertible {
  let code: CInt

  var description: String { "A call in the C half of a benchmark failed with the code \(code) of this MPI." }
}

/// Throws when a call in C was no success.
func checkC(_ code: CInt) throws(CFailure) {
  if code != 0 { throw CFailure(code: code) }
}

extension Array {
  /// The array, which is left empty.
  mutating func taken() -> Self {
    let taken = self
    self = []
    return taken
  }

  /// Takes over the elements of another array, as far as there is room: what C does with `memcpy`.
  mutating func keep(_ other: [Element]) {
    let count = Swift.min(count, other.count)
    for index in 0..<count { self[index] = other[index] }
  }
}
