import MPI
import MPITesting
import TestSupport
import Testing

/// Messages that are started, and waited for later.
@Suite(.ranked) struct RequestTests {
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  @Test(arguments: [0, 1, 2, 100, 10_000, 300_000]) func aroundTheRing(length: Int) throws {
    let values = Double.drawn(length, rank: world.rank.index)
    var array = [Double](repeating: -1, count: length + 2)
    var memory = array
    var buffer = memory.mutableSpan
    let first = try world.startReceive(into: &array, from: previous, tag: 1)
    let second = try world.startReceive(into: &buffer, from: .any, tag: 2)
    let sending = try world.startSend(values.span, to: next, tag: 1)
    let sendingAgain = try world.startSend(values.span, to: next, tag: 2)
    try sendingAgain.wait()
    try sending.wait()
    let statuses = [try first.wait(), try second.wait()]
    let expected = Double.drawn(length, rank: previous.index) + [-1, -1]
    #expect(array == expected)
    #expect(memory == expected)
    for (status, tag) in zip(statuses, [1, 2]) {
      #expect(status.source == previous)
      #expect(status.tag == tag)
      #expect(try status.count(of: Double.self) == length)
    }
  }

  /// The receives are posted first everywhere, so that all modes are correct.
  @Test(arguments: [SendMode.standard, .synchronous, .ready], [1, 1_000, 100_000])
  func modes(mode: SendMode, length: Int) throws {
    let values = Int.drawn(length, rank: world.rank.index)
    var received = [Int](repeating: 0, count: length)
    let receiving = try world.startReceive(into: &received, from: previous)
    try world.barrier()
    let sending = try world.startSend(values.span, to: next, mode: mode)
    let status = try receiving.wait()
    try sending.wait()
    #expect(received == Int.drawn(length, rank: previous.index))
    #expect(status.source == previous)
  }

  @Test func bufferedSends() throws {
    let values = Int.drawn(100, rank: world.rank.index)
    try world.withSendBuffer(bytes: try world.sendBufferSize(for: 100, of: Int.self)) {
      let sending = try world.startSend(values.span, to: next, mode: .buffered)
      try sending.wait()
      #expect(try world.receive([Int].self, from: previous) == Int.drawn(100, rank: previous.index))
    }
  }

  @Test func testing() throws {
    let values = [Int16](0..<50)
    var received = [Int16](repeating: 0, count: 50)
    var receiving = try world.startReceive(into: &received, from: previous, tag: 3)
    #expect(try receiving.test() == nil)
    try world.barrier()
    let sending = try world.startSend(values.span, to: next, tag: 3)
    var status: Status?
    while status == nil { status = try receiving.test() }
    #expect(status?.source == previous)
    // Again, and waited for: the same answer.
    #expect(try receiving.test()?.tag == 3)
    let last = try receiving.wait()
    #expect(last.source == previous)
    #expect(try last.count(of: Int16.self) == 50)
    try sending.wait()
    #expect(received == values)
  }

  @Test func structsAndVectors() throws {
    let particles = Particle.drawn(40, rank: world.rank.index)
    let vectors = SIMD3<Float>.drawn(40, rank: world.rank.index)
    var particlesIn = Particle.drawn(40, rank: 99)
    var vectorsIn = [SIMD3<Float>](repeating: .zero, count: 40)
    let receivingParticles = try world.startReceive(into: &particlesIn, from: previous, tag: 1)
    let receivingVectors = try world.startReceive(into: &vectorsIn, from: previous, tag: 2)
    let sendingParticles = try world.startSend(particles.span, to: next, tag: 1)
    let sending = try world.startSend(vectors.span, to: next, tag: 2)
    try receivingParticles.wait()
    try receivingVectors.wait()
    try sending.wait()
    try sendingParticles.wait()
    #expect(particlesIn == Particle.drawn(40, rank: previous.index))
    #expect(vectorsIn == SIMD3<Float>.drawn(40, rank: previous.index))
  }

  @Test func layouts() throws {
    let column = try Layout<Int>.vector(count: 10, stride: 10)
    let values = Int.drawn(100, rank: world.rank.index)
    var received = [Int](repeating: 7, count: 100)
    var span = received.mutableSpan
    let receiving = try world.startReceive(into: &span, as: column, from: previous)
    let sending = try world.startSend(values.span, as: column, to: next)
    try receiving.wait()
    try sending.wait()
    let theirs = Int.drawn(100, rank: previous.index)
    #expect(received == (0..<100).map { $0 % 10 == 0 ? theirs[$0] : 7 })
  }

  @Test func matchedMessages() throws {
    let values = Float.drawn(30, rank: world.rank.index)
    let sending = try world.startSend(values.span, to: next, tag: 6)
    var received = [Float](repeating: 0, count: 31)
    var span = received.mutableSpan
    let receiving = try world.probeMatched(from: .any, tag: 6).startReceive(into: &span)
    let status = try receiving.wait()
    try sending.wait()
    #expect(try status.count(of: Float.self) == 30)
    #expect(received == Float.drawn(30, rank: previous.index) + [0])
    let again = try world.startSend(values.span, to: next, tag: 6)
    var array = [Float](repeating: 1, count: 30)
    // A variable, which ends here and not once more behind it.
    let message = try world.probeMatched(from: .any, tag: 6)
    try message.startReceive(into: &array).wait()
    try again.wait()
    #expect(array == Float.drawn(30, rank: previous.index))
  }

  @Test func noProcess() throws {
    var received = [1, 2]
    let receiving = try world.startReceive(into: &received, from: Rank.null)
    let sending = try world.startSend([3, 4].span, to: .null)
    try sending.wait()
    let status = try receiving.wait()
    #expect(status.source == .null)
    #expect(received == [1, 2])
  }

  @Test func manyAtOnce() throws {
    for round in 0..<2_000 {
      let sent = [round, 0]
      var array = [0, 0]
      let receiving = try world.startReceive(into: &array, from: previous)
      let sending = try world.startSend(sent.span, to: next)
      try receiving.wait()
      try sending.wait()
      guard array == [round, 0] else {
        Issue.record("round \(round): \(array)")
        return
      }
    }
  }
}
