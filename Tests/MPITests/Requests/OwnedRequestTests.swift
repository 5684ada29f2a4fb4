import MPI
import MPITesting
import TestSupport
import Testing

/// Requests that own their memory.
@Suite(.ranked) struct OwnedRequestTests {
  private var me: Int { world.rank.index }
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  /// Stored properties, as a program would have them.
  final class Mailbox {
    var sending: OwnedRequest<[Double]>?
    var receiving: OwnedRequest<ReceivedMessage<[Double]>>?

    func start(_ length: Int, from source: Rank, to destination: Rank) throws {
      receiving = try world.startReceive([Double].self, count: length + 5, from: source)
      sending = try world.startSend(owning: Double.drawn(length, rank: world.rank.index), to: destination)
    }

    func finish() throws -> (sent: [Double], received: ReceivedMessage<[Double]>)? {
      guard let sending = sending.take(), let receiving = receiving.take() else { return nil }
      return (try sending.wait(), try receiving.wait())
    }
  }

  @Test(arguments: [0, 1, 1_000, 200_000]) func storedInAClass(length: Int) throws {
    let mailbox = Mailbox()
    for _ in 0..<2 {
      try mailbox.start(length, from: previous, to: next)
      let (sent, received) = try #require(try mailbox.finish())
      #expect(sent == Double.drawn(length, rank: me))
      #expect(received.value == Double.drawn(length, rank: previous.index))
      #expect(received.source == previous)
      #expect(received.tag == 0)
    }
  }

  /// The array that is sent has another owner, who changes it.
  @Test func otherOwnersAreNotDisturbed() throws {
    var values = Int.drawn(1_000, rank: me)
    let sending = try world.startSend(owning: values, to: next)
    for index in values.indices { values[index] = -1 }
    let received = try world.receive([Int].self, from: previous)
    #expect(received == Int.drawn(1_000, rank: previous.index))
    #expect(try sending.wait() == Int.drawn(1_000, rank: me))
    #expect(values == [Int](repeating: -1, count: 1_000))
  }

  @Test(arguments: [0, 1, 1_000, 100_000], [true, false]) func unknownLength(length: Int, isTested: Bool) throws {
    var receiving = try world.startReceive([Float].self, from: .any, tag: 3)
    #expect(try !receiving.test())
    try world.barrier()
    let sending = try world.startSend(owning: Float.drawn(length + me, rank: me), to: next, tag: 3)
    if isTested { while try !receiving.test() {} }
    let message = try receiving.wait()
    #expect(message.value == Float.drawn(length + previous.index, rank: previous.index))
    #expect(message.source == previous)
    #expect(message.tag == 3)
    _ = try sending.wait()
  }

  struct Letter: Codable, Equatable {
    var text: String
    var numbers: [Int: Double]
  }

  private func letter(_ rank: Int) -> Letter {
    Letter(text: String(repeating: "å", count: 10 + rank), numbers: [rank: 0.5, -1: Double(rank)])
  }

  @Test func objects() throws {
    let sending = try world.startSend(object: letter(me), to: next, tag: 4)
    let receiving = try world.startReceive(object: Letter.self, from: previous, tag: 4)
    let message = try receiving.wait()
    #expect(message.value == letter(previous.index))
    #expect(message.source == previous)
    try sending.wait()
  }

  @Test func whatIsNoObject() throws {
    let sending = try world.startSend(owning: [1, 2, 3] as [UInt8], to: next, tag: 4)
    let receiving = try world.startReceive(object: Letter.self, from: previous, tag: 4)
    do throws(MPIError) {
      _ = try receiving.wait()
      Issue.record("three bytes were a letter")
    } catch { #expect(error.errorClass == MPIError.decoding) }
    _ = try sending.wait()
  }

  @Test func forgotten() throws {
    let sending = try world.startSend(owning: Int.drawn(100, rank: me), to: next, tag: 5)
    do { _ = try world.startReceive([Int].self, count: 100, from: previous, tag: 5) }
    _ = try sending.wait()
    // The receive has taken its message.
    try world.barrier()
    let left = try world.probeIfAvailable(from: .any, tag: 5)
    #expect(left == nil)
    // One that has found nothing takes nothing.
    do { _ = try world.startReceive([Int].self, from: previous, tag: 6) }
    let second = try world.startSend(owning: [me], to: next, tag: 6)
    #expect(try world.receive([Int].self, from: previous, tag: 6) == [previous.index])
    _ = try second.wait()
  }

  @Test func cancelled() throws {
    let known = try world.startReceive([Int].self, count: 3, from: .any, tag: 7)
    let unknown = try world.startReceive([Int].self, from: .any, tag: 7)
    let first = try known.cancel()
    let second = try unknown.cancel()
    if first != nil || second != nil { Issue.record("something was received") }
    try world.barrier()
    let sending = try world.startSend(owning: [me, 1], to: next, tag: 7)
    #expect(try world.receive([Int].self, from: previous, tag: 7) == [previous.index, 1])
    do throws(MPIError) {
      _ = try sending.cancel()
      Issue.record("a send was cancelled")
    } catch { #expect(error.errorClass == MPIError.unsupported) }
  }

  @Test func truncated() throws {
    guard world.size > 1 else { return }
    let alone = try world.duplicate()
    let receiving = try alone.startReceive([Int32].self, count: 2, from: previous)
    let sending = try alone.startSend(owning: [1, 2, 3] as [Int32], to: next)
    do throws(MPIError) {
      _ = try receiving.wait()
      Issue.record("a message of 3 was received into 2")
    } catch { #expect(error.errorClass == MPIError.truncate, "\(error)") }
    _ = try sending.wait()
  }

  static let mistakes: [ErrorCase] = [
    ErrorCase("a rank too large", MPIError.rank) { _ = try world.startSend(owning: [1], to: Rank(world.size)) },
    ErrorCase("a source too large", MPIError.rank) { _ = try world.startReceive([Int].self, from: world.size) },
    ErrorCase("a tag", MPIError.tag) { _ = try world.startReceive([Int].self, count: 1, from: .any, tag: -3) },
    ErrorCase("a negative count", MPIError.count) { _ = try world.startReceive([Int].self, count: -1, from: .any) },
  ]

  @Test(arguments: mistakes) func found(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
