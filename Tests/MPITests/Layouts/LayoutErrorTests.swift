import MPI
import MPITesting
import TestSupport
import Testing

/// Layouts that reach out of their buffers, or do not fit each other: found before anything is sent.
@Suite(.ranked) struct LayoutErrorTests {
  /// Reaches over seven values.
  private static func three() throws -> Layout<Int> { try .vector(count: 3, stride: 3) }
  private static func twice() throws -> Layout<Int> { try .indexed(Blocks(counts: [2, 2], offsets: [0, 1])) }

  private static func send(_ length: Int, _ layout: Layout<Int>, _ count: Int = 1) throws {
    try world.send([Int](repeating: 1, count: length), as: layout, count: count, to: .null)
  }

  private static func receive(_ length: Int, _ layout: Layout<Int>, _ count: Int = 1) throws {
    var buffer = [Int](repeating: 0, count: length)
    try world.receive(into: &buffer, as: layout, count: count, from: Rank.null)
  }

  private static func exchange(_ out: Int, _ outgoing: Layout<Int>, _ into: Int, _ incoming: Layout<Int>) throws {
    let values = [Int](repeating: 1, count: out)
    var buffer = [Int](repeating: 0, count: into)
    var span = buffer.mutableSpan
    try world.sendReceive(values.span, as: outgoing, to: .null, into: &span, as: incoming, from: Rank.null)
  }

  static let buffers: [ErrorCase] = [
    ErrorCase("send, one value too short", MPIError.length) { try send(6, three()) },
    ErrorCase("send from nothing", MPIError.length) { try send(0, three()) },
    ErrorCase("send, the second item", MPIError.length) { try send(13, three(), 2) },
    ErrorCase("send, a wide item", MPIError.length) { try send(100, three().resized(extent: 94), 2) },
    ErrorCase("send, more items than an integer counts", MPIError.length) { try send(10, three(), .max) },
    ErrorCase("send, a part of an array", MPIError.length) {
      try send(11, .subarray(of: [3, 4], start: [1, 2], size: [2, 2]))
    },
    ErrorCase("send, a negative number of items", MPIError.count) { try send(10, three(), -1) },
    ErrorCase("send, the least number of items", MPIError.count) { try send(10, three(), .min) },
    ErrorCase("receive, one value too short", MPIError.length) { try receive(6, three()) },
    ErrorCase("receive, the second item", MPIError.length) { try receive(13, three(), 2) },
    ErrorCase("receive, a negative number of items", MPIError.count) { try receive(10, three(), -1) },
    ErrorCase("receive, a value twice", MPIError.argument) { try receive(10, twice()) },
    ErrorCase("receive, items in one place", MPIError.argument) { try receive(10, three().resized(extent: 0), 2) },
    ErrorCase("receive, items over each other", MPIError.argument) {
      try receive(10, Layout.contiguous(3).resized(extent: 2), 2)
    },
    ErrorCase("exchange, outgoing", MPIError.length) { try exchange(6, three(), 7, three()) },
    ErrorCase("exchange, incoming", MPIError.length) { try exchange(7, three(), 6, three()) },
    ErrorCase("exchange, a value twice", MPIError.argument) { try exchange(7, three(), 7, twice()) },
    ErrorCase("a rank that is not there", MPIError.rank) {
      try world.send([Int](repeating: 1, count: 7), as: three(), to: Rank(world.size))
    },
    ErrorCase("a tag that cannot be", MPIError.tag) {
      try world.send([Int](repeating: 1, count: 7), as: three(), to: .null, tag: -1)
    },
    ErrorCase("buffered without a buffer", MPIError.buffer) {
      try world.send([Int](repeating: 1, count: 7), as: three(), to: .null, mode: .buffered)
    },
  ]

  private static func broadcast(
    _ length: Int, _ layout: Layout<Int>, _ count: Int = 1, from root: Rank = 0, on comm: Communicator = world
  ) throws {
    var buffer = [Int](repeating: 0, count: length)
    var span = buffer.mutableSpan
    try comm.broadcast(&span, as: layout, count: count, from: root)
  }

  private static func gather(_ outgoing: Layout<Int>, _ length: Int, _ incoming: Layout<Int>, to root: Rank = 0) throws
  {
    let values = [Int](repeating: 1, count: 20)
    var buffer = [Int](repeating: 0, count: length)
    var span = buffer.mutableSpan
    try Communicator.selfOnly.gather(values.span, as: outgoing, into: &span, as: incoming, to: root)
  }

  private static func scatter(
    _ length: Int, _ outgoing: Layout<Int>, _ into: Int, _ incoming: Layout<Int>, from root: Rank = 0
  ) throws {
    let values = [Int](repeating: 1, count: length)
    var buffer = [Int](repeating: 0, count: into)
    var span = buffer.mutableSpan
    try Communicator.selfOnly.scatter(values.span, as: outgoing, into: &span, as: incoming, from: root)
  }

  private static func allGather(_ out: Int, _ outgoing: Layout<Int>, _ into: Int, _ incoming: Layout<Int>) throws {
    let values = [Int](repeating: 1, count: out)
    var buffer = [Int](repeating: 0, count: into)
    var span = buffer.mutableSpan
    try world.allGather(values.span, as: outgoing, into: &span, as: incoming)
  }

  static let collectives: [ErrorCase] = [
    ErrorCase("broadcast, one value too short", MPIError.length) { try broadcast(6, three()) },
    ErrorCase("broadcast, a negative number of items", MPIError.count) { try broadcast(6, three(), -2) },
    ErrorCase("broadcast from a root that is not there", MPIError.root) {
      try broadcast(7, three(), from: Rank(world.size))
    },
    ErrorCase("gather, one value too short", MPIError.length) { try gather(three(), 6, three()) },
    ErrorCase("gather, more than a rank gives", MPIError.length) { try gather(three(), 20, .contiguous(4)) },
    ErrorCase("gather, less than a rank gives", MPIError.length) { try gather(three(), 20, .contiguous(2)) },
    ErrorCase("gather, a value twice", MPIError.argument) { try gather(.contiguous(4), 20, twice()) },
    ErrorCase("gather, out of the buffer that is given", MPIError.length) {
      try gather(.contiguous(21), 21, .contiguous(21))
    },
    ErrorCase("gather to a root that is not there", MPIError.root) { try gather(three(), 7, three(), to: 1) },
    ErrorCase("scatter, one value too short", MPIError.length) { try scatter(6, three(), 7, three()) },
    ErrorCase("scatter, out of the buffer that is given", MPIError.length) { try scatter(7, three(), 6, three()) },
    ErrorCase("scatter, more than a rank gets", MPIError.length) { try scatter(20, .contiguous(4), 20, three()) },
    ErrorCase("scatter, a value twice", MPIError.argument) { try scatter(20, .contiguous(4), 20, twice()) },
    ErrorCase("scatter from a root that is not there", MPIError.root) {
      try scatter(7, three(), 7, three(), from: -1)
    },
    ErrorCase("all gather, one value too short", MPIError.length) {
      try allGather(7, three(), 3 * world.size - 1, .contiguous(3))
    },
    ErrorCase("all gather, out of the buffer that is given", MPIError.length) {
      try allGather(6, three(), 3 * world.size, .contiguous(3))
    },
    ErrorCase("all gather, less than a rank gives", MPIError.length) {
      try allGather(7, three(), 3 * world.size, .contiguous(2))
    },
  ]

  /// One block for each rank, all the same, in one direction; nothing in the other one.
  private static func exchange(
    _ length: Int, _ block: LayoutBlock<Int>, blocks: Int = world.size, isIncoming: Bool
  ) throws {
    let values = [Int](repeating: 1, count: length)
    var buffer = values
    var span = buffer.mutableSpan
    let bad = [LayoutBlock<Int>](repeating: block, count: blocks)
    let nothing = [LayoutBlock<Int>](repeating: LayoutBlock(try .contiguous(0)), count: world.size)
    try world.allToAll(values.span, isIncoming ? nothing : bad, into: &span, isIncoming ? bad : nothing)
  }

  static let exchanges: [ErrorCase] = [true, false].flatMap { isIncoming in
    let name = isIncoming ? "incoming" : "outgoing"
    return [
      ErrorCase("\(name), past the end", MPIError.length) {
        try exchange(8, LayoutBlock(three(), offset: 2), isIncoming: isIncoming)
      },
      ErrorCase("\(name), an offset behind the end", MPIError.length) {
        try exchange(8, LayoutBlock(three(), offset: 9), isIncoming: isIncoming)
      },
      ErrorCase("\(name), a negative offset", MPIError.length) {
        try exchange(8, LayoutBlock(three(), offset: -1), isIncoming: isIncoming)
      },
      ErrorCase("\(name), an offset beyond all addresses", MPIError.length) {
        try exchange(8, LayoutBlock(three(), offset: .max), isIncoming: isIncoming)
      },
      ErrorCase("\(name), more items than an integer counts", MPIError.length) {
        try exchange(8, LayoutBlock(three(), count: .max, offset: 1), isIncoming: isIncoming)
      },
      ErrorCase("\(name), a negative number of items", MPIError.count) {
        try exchange(8, LayoutBlock(three(), count: -1), isIncoming: isIncoming)
      },
      ErrorCase("\(name), one block too many", MPIError.length) {
        try exchange(8, LayoutBlock(three()), blocks: world.size + 1, isIncoming: isIncoming)
      },
      ErrorCase("\(name), no blocks", MPIError.length) {
        try exchange(8, LayoutBlock(three()), blocks: 0, isIncoming: isIncoming)
      },
    ]
  }

  @Test(arguments: buffers) func layoutsOutsideTheirBuffers(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: collectives) func layoutsOfCollectives(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: exchanges) func blocksOfAnExchange(_ mistake: ErrorCase) throws { try mistake.expectError() }

  /// Nothing to send is no mistake, wherever it would lie.
  @Test func nothing() throws {
    try Self.send(0, .contiguous(0))
    try Self.send(0, Self.three(), 0)
    try Self.receive(0, Self.three(), 0)
    try Self.receive(0, Self.twice(), 0)
    try Self.receive(0, .subarray(of: [0, 4], start: [0, 1], size: [0, 2]))
    try Self.exchange(0, .contiguous(0), 0, .contiguous(0))
    try Self.broadcast(0, .contiguous(0))
    try Self.gather(.contiguous(0), 0, .contiguous(0))
    try Self.scatter(0, .contiguous(0), 0, .contiguous(0))
    try Self.allGather(0, .contiguous(0), 0, .contiguous(0))
    for isIncoming in [true, false] {
      try Self.exchange(0, LayoutBlock(try Self.three(), count: 0, offset: .max), isIncoming: isIncoming)
      try Self.exchange(0, LayoutBlock(try Self.three(), count: 0, offset: -1), isIncoming: isIncoming)
    }
  }

  /// A layout that names a value twice can be the source of a broadcast.
  @Test func aValueTwiceAtTheRoot() throws {
    for root in world.ranks {
      var values = Array(10...13)
      let before = values
      let isRoot = world.rank == root
      let layout = isRoot ? try Self.twice() : try .contiguous(4)
      var span = values.mutableSpan
      try world.broadcast(&span, as: layout, from: root)
      #expect(values == (isRoot ? before : [10, 11, 11, 12]))
    }
  }

  /// More than the receiver has places for.
  @Test func messagesLongerThanTheLayout() throws {
    try world.withSendBuffer(bytes: 10_000) {
      try world.send([1, 2, 3, 4], to: world.rank, mode: .buffered)
      var buffer = [Int](repeating: 0, count: 10)
      let error = #expect(throws: MPIError.self) {
        try world.receive(into: &buffer, as: Self.three(), from: world.rank)
      }
      #expect(error?.errorClass == MPIError.truncate)
      #expect(buffer[1] == 0 && buffer[7...].allSatisfy { $0 == 0 })
    }
  }
}
