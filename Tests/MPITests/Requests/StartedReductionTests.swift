import MPI
import MPITesting
import TestSupport
import Testing

/// Nonblocking reductions, predefined and by closures, against serial ones.
@Suite(.ranked) struct StartedReductionTests {
  static let lengths = [0, 1, 5, 2_000]
  private var me: Int { world.rank.index }
  private var last: Rank { Rank(world.size - 1) }

  /// Element by element over the ranks, in their order.
  private func serial<Element>(_ all: some Sequence<[Element]>, _ combine: (Element, Element) -> Element) -> [Element] {
    let all = Array(all)
    return all.dropFirst().reduce(all[0]) { left, right in zip(left, right).map(combine) }
  }

  /// All the reductions that there are, with one operation.
  private func check<Element: Datatype & RandomElement>(
    _ type: Element.Type, _ length: Int, _ reduction: Reduction<Element>, commutes: Bool = true,
    _ combine: (Element, Element) -> Element
  ) throws {
    let all = Element.drawnByAll(length * world.size, ranks: world.size)
    let total = serial(all, combine)
    let upToMe = serial(all[...me], combine)
    let values = all[me]

    var everywhere = values
    let first = try world.startAllReduce(&everywhere, reduction)
    var inPlace = values
    var inPlaceSpan = inPlace.mutableSpan
    let second = try world.startAllReduce(&inPlaceSpan, reduction)
    var apart = values
    var apartSpan = apart.mutableSpan
    let third = try world.startAllReduce(values.span, into: &apartSpan, reduction)
    try third.wait()
    try first.wait()
    try second.wait()
    #expect(everywhere == total)
    #expect(inPlace == total)
    #expect(apart == total)

    for root in [0, last] {
      var atRoot = values
      var atRootSpan = atRoot.mutableSpan
      let fourth = try world.startReduce(values.span, into: &atRootSpan, reduction, to: root)
      try fourth.wait()
      #expect(atRoot == (world.rank == root ? total : values))
      var rootsOwn = values
      var rootsOwnSpan = rootsOwn.mutableSpan
      let fifth = try world.startReduce(inPlace: &rootsOwnSpan, reduction, to: root)
      try fifth.wait()
      #expect(rootsOwn == (world.rank == root ? total : values))
    }

    var scanned = values
    var scannedSpan = scanned.mutableSpan
    let sixth = try world.startScan(&scannedSpan, reduction)
    try sixth.wait()
    #expect(scanned == upToMe)
    var before = values
    var beforeSpan = before.mutableSpan
    let seventh = try world.startExclusiveScan(values.span, into: &beforeSpan, reduction)
    try seventh.wait()
    #expect(before == (me == 0 ? values : serial(all[..<me], combine)))

    try checkScattering(values, total, reduction, mayBeUnsupported: !commutes)
  }

  private func checkScattering<Element: Datatype & RandomElement>(
    _ values: [Element], _ total: [Element], _ reduction: Reduction<Element>, mayBeUnsupported: Bool
  ) throws {
    let length = total.count / world.size
    do throws(MPIError) {
      var part = Array(values[..<length])
      var span = part.mutableSpan
      let equal = try world.startReduceScatter(values.span, into: &span, reduction)
      try equal.wait()
      #expect(part == Array(total[me * length..<(me + 1) * length]))
      // All of it to the last rank.
      let counts = (0..<world.size).map { $0 == last.index ? total.count : 0 }
      var whole = world.rank == last ? values : []
      var wholeSpan = whole.mutableSpan
      let uneven = try world.startReduceScatter(values.span, counts: counts, into: &wholeSpan, reduction)
      try uneven.wait()
      #expect(whole == (world.rank == last ? total : []))
    } catch {
      #expect(mayBeUnsupported && error.errorClass == MPIError.unsupported, "\(error)")
    }
  }

  @Test(arguments: lengths) func sums(length: Int) throws {
    try check(Int.self, length, .sum, &+)
    try check(Double.self, length, .sum, +)
    try check(SIMD3<Float>.self, length, .sum, +)
  }

  @Test(arguments: lengths) func orders(length: Int) throws {
    try check(UInt8.self, length, .maximum, max)
    try check(UInt64.self, length, .minimum, min)
    try check(Float.self, length, .minimum, min)
  }

  @Test(arguments: lengths) func closures(length: Int) throws {
    let seven = Int.drawn(1, seed: 9, rank: 0)[0]
    try check(Int.self, length, Reduction(isCommutative: true) { ($0 ^ $1) | (seven & 1) }) { ($0 ^ $1) | (seven & 1) }
    // Associative, and not commutative.
    try check(Double.self, length, Reduction { $1 }, commutes: false) { $1 }
    try check(SIMD3<Float>.self, length, Reduction { left, _ in left }, commutes: false) { left, _ in left }
  }

  struct TooMuch: Error {}

  @Test(arguments: lengths) func closuresThatMayThrow(length: Int) throws {
    let never = Int.max
    let adding = Reduction<Int>(isCommutative: true) { left, right in
      guard left != never else { throw TooMuch() }
      return left &+ right
    }
    try check(Int.self, length, adding, commutes: false, &+)
  }

  @Test func closuresThatThrow() throws {
    guard world.size > 1 else { return }
    var values = [me, me, me]
    let request = try world.startAllReduce(
      &values,
      Reduction(isCommutative: true) { left, right in
        guard left + right < 0 else { throw TooMuch() }
        return left + right
      })
    do throws(MPIError) {
      try request.wait()
      Issue.record("nothing was thrown")
    } catch { #expect(error.errorClass == MPIError.closure, "\(error)") }
    #expect(values == [me, me, me])
  }

  /// The closure has no other owner than the request.
  @Test func theClosureLivesOn() throws {
    for round in 0..<50 {
      var values = [round]
      let request = try world.startAllReduce(&values, Self.adding(round))
      let noise = (0..<10).map { Self.adding($0) }
      try request.wait()
      #expect(values == [round * world.size + round * (world.size - 1)])
      withExtendedLifetime(noise) {}
    }
  }

  private static func adding(_ more: Int) -> Reduction<Int> { Reduction(isCommutative: true) { $0 + $1 + more } }

  @Test func forgottenAndCancelled() throws {
    var values = [1, 2]
    do { _ = try world.startAllReduce(&values, .sum) }
    #expect(values == [world.size, 2 * world.size])
    let request = try world.startAllReduce(&values, .maximum)
    do throws(MPIError) {
      try request.cancel()
      Issue.record("a collective was cancelled")
    } catch { #expect(error.errorClass == MPIError.unsupported) }
  }
}
