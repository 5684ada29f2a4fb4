import MPI
import MPITesting
import TestSupport
import Testing

/// What a closure throws comes out of the collective, on every rank whose result was built on it.
@Suite(.ranked) struct ThrowingClosureTests {
  struct Unlucky: Error, Equatable {
    var value: Int
  }

  /// Adds, but nothing negative.
  private static let careful = Reduction<Int>(isCommutative: true) { a, b in
    if let value = [a, b].first(where: { $0 < 0 }) { throw Unlucky(value: value) }
    return a + b
  }

  private func expectClosureError(_ body: () throws -> Void, _ source: SourceLocation = #_sourceLocation) {
    do {
      try body()
      Issue.record("nothing was thrown", sourceLocation: source)
    } catch MPIError.closure {
      // As it must be.
    } catch {
      Issue.record(error, "another error", sourceLocation: source)
    }
  }

  private func noError(_ body: () throws -> Void) {
    do { try body() } catch MPIError.closure {
      // Allowed where MPI combined the bad value for another rank.
    } catch { Issue.record(error) }
  }

  @Test(arguments: 0..<7) func allReduceThrowsOnEveryRank(unlucky: Int) throws {
    guard world.size > 1 else { return }
    let value = world.rank.index == unlucky % world.size ? -7 : 1
    expectClosureError { _ = try world.allReduce(value, Self.careful) }
    #expect(try world.allReduce(1, Self.careful) == world.size)

    // One bad value among many: none of them comes out.
    var values = [Int](repeating: 1, count: 100)
    values[unlucky] = value
    let before = values
    expectClosureError { try world.allReduce(&values, Self.careful) }
    #expect(values == before)
    try world.barrier()
  }

  @Test func theErrorIsUnderlying() throws {
    guard world.size > 1 else { return }
    var found: Unlucky?
    do {
      _ = try world.allReduce(-1 - world.rank.index, Self.careful)
    } catch {
      #expect(error.errorClass == MPIError.closure)
      #expect(error.procedure == "MPI_Allreduce")
      #expect(error.rank == world.rank)
      found = error.underlying as? Unlucky
    }
    // On some rank at least the closure itself has failed.
    #expect(try world.allReduce(found != nil ? 1 : 0, .sum) >= 1)
    if let found { #expect((-world.size)...(-1) ~= found.value) }
  }

  @Test(arguments: 0..<7) func reduceThrowsAtTheRoot(root: Int) throws {
    guard world.size > 1 else { return }
    let root = Rank(root) % world.size
    let value = world.rank == root + 1 - world.size || world.rank == (root + 1) % world.size ? -7 : 1
    if world.rank == root {
      expectClosureError { _ = try world.reduce(value, Self.careful, to: root) }
    } else {
      noError { _ = try world.reduce(value, Self.careful, to: root) }
    }
    try world.barrier()
  }

  @Test func scansThrowAfterTheBadValue() throws {
    guard world.size > 1 else { return }
    let value = world.rank.index == 0 ? -7 : 1
    if world.rank.index > 0 {
      expectClosureError { _ = try world.scan(value, Self.careful) }
    } else {
      noError { _ = try world.scan(value, Self.careful) }
    }
    if world.rank.index > 1 {
      expectClosureError { _ = try world.exclusiveScan(value, Self.careful) }
    } else {
      noError { _ = try world.exclusiveScan(value, Self.careful) }
    }
    try world.barrier()
  }

  @Test func reduceScatterThrowsWhereTheBadValueGoes() throws {
    guard world.size > 1 else { return }
    var values = [Int](repeating: 1, count: world.size * 3)
    values[values.count - 1] = world.rank.index == 0 ? -7 : 1
    if world.rank.index == world.size - 1 {
      expectClosureError { _ = try world.reduceScatter(values, Self.careful) }
    } else {
      noError { _ = try world.reduceScatter(values, Self.careful) }
    }
    try world.barrier()
  }
}
