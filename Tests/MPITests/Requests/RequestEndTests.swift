import MPI
import MPITesting
import TestSupport
import Testing

/// Requests that end otherwise than by a wait that succeeds.
@Suite(.ranked) struct RequestEndTests {
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  /// The deinitialiser waits: afterwards the values are there.
  @Test(arguments: [1, 100_000]) func forgotten(length: Int) throws {
    let values = Int.drawn(length, rank: world.rank.index)
    var received = [Int](repeating: 0, count: length)
    do {
      var receiving = try world.startReceive(into: &received, from: previous)
      try receiving.test()
      let sending = try world.startSend(values.span, to: next)
      try sending.wait()
    }
    #expect(received == Int.drawn(length, rank: previous.index))
  }

  /// Both directions at once, nobody waits: the receive's end must not depend on the send's.
  @Test func forgottenBoth() throws {
    let values = Int.drawn(200_000, rank: world.rank.index)
    var received = [Int](repeating: 0, count: 200_000)
    do {
      _ = try startBoth(values.span, &received)
    }
    #expect(received == Int.drawn(200_000, rank: previous.index))
  }

  private func startBoth(_ values: Span<Int>, _ received: inout [Int]) throws -> Bool {
    let receiving = try world.startReceive(into: &received, from: previous)
    let sending = try world.startSend(values, to: next)
    try sending.wait()
    let isEmpty = values.isEmpty
    _ = consume receiving
    return isEmpty
  }

  @Test func cancelled() throws {
    var received = [1, 2, 3]
    let receiving = try world.startReceive(into: &received, from: .any, tag: 50)
    #expect(try receiving.cancel() == nil)
    #expect(received == [1, 2, 3])
    try world.barrier()
    // What is sent now is left for another receive.
    let sending = try world.startSend([4, 5, 6].span, to: next, tag: 50)
    #expect(try world.receive([Int].self, from: previous, tag: 50) == [4, 5, 6])
    try sending.wait()
  }

  @Test func cancelledTooLate() throws {
    var received = [1, 2, 3]
    var receiving = try world.startReceive(into: &received, from: previous, tag: 51)
    let sending = try world.startSend([4, 5, 6].span, to: next, tag: 51)
    while try receiving.test() == nil {}
    let status = try receiving.cancel()
    #expect(status?.source == previous)
    try sending.wait()
    #expect(received == [4, 5, 6])
  }

  @Test func sendsAreNotCancelled() throws {
    let sending = try world.startSend([7].span, to: next, tag: 52)
    #expect(try world.receive(Int.self, from: previous, tag: 52) == 7)
    do {
      try sending.cancel()
      Issue.record("a send was cancelled")
    } catch { #expect(error.errorClass == MPIError.unsupported) }
  }

  /// Not to itself: Open MPI 4.1 cuts such a message off and says nothing.
  @Test(arguments: [true, false]) func truncated(isTested: Bool) throws {
    guard world.size > 1 else { return }
    let alone = try world.duplicate()
    var received = [Int32](repeating: 0, count: 3)
    var receiving = try alone.startReceive(into: &received, from: previous)
    let sending = try alone.startSend(([1, 2, 3, 4, 5] as [Int32]).span, to: next)
    do throws(MPIError) {
      if isTested { while try receiving.test() == nil {} }
      let status = try receiving.wait()
      Issue.record("a message of 5 was received into 3: \(status)")
    } catch {
      #expect(error.errorClass == MPIError.truncate, "\(error)")
      #expect(error.rank == world.rank)
      #expect(error.procedure == (isTested ? "MPI_Test" : "MPI_Wait"))
    }
    try sending.wait()
  }

  /// One that has failed in `test` is over: nothing more is thrown, and nothing hangs.
  @Test func waitedAfterAFailure() throws {
    guard world.size > 1 else { return }
    let alone = try world.duplicate()
    var received = [Int32](repeating: 0, count: 1)
    var receiving = try alone.startReceive(into: &received, from: previous)
    let sending = try alone.startSend(([1, 2] as [Int32]).span, to: next)
    var failures = 0
    for _ in 0..<1_000_000 where failures == 0 {
      do { if try receiving.test() != nil { break } } catch { failures += 1 }
    }
    #expect(failures == 1)
    try receiving.wait()
    try sending.wait()
  }

  static let mistakes: [ErrorCase] = [
    ErrorCase("a rank too large", MPIError.rank) { _ = try world.startSend([1].span, to: Rank(world.size)) },
    ErrorCase("a rank too small", MPIError.rank) { _ = try world.startSend([1].span, to: Rank(-1)) },
    ErrorCase("a tag too small", MPIError.tag) { _ = try world.startSend([1].span, to: 0, tag: -1) },
    ErrorCase("a tag too large", MPIError.tag) { _ = try world.startSend([1].span, to: 0, tag: 1 << 40) },
    ErrorCase("no send buffer", MPIError.buffer) { _ = try world.startSend([1].span, to: 0, mode: .buffered) },
    ErrorCase("a source too large", MPIError.rank) {
      var values = [1]
      _ = try world.startReceive(into: &values, from: world.size)
    },
    ErrorCase("a receive's tag", MPIError.tag) {
      var values = [1]
      _ = try world.startReceive(into: &values, from: .any, tag: -5)
    },
    ErrorCase("a layout that is too long", MPIError.length) {
      _ = try world.startSend([1, 2].span, as: try Layout.contiguous(3), to: 0)
    },
  ]

  @Test(arguments: mistakes) func found(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
