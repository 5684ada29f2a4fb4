import MPI

/// A number for what a rank gives at an index: small, so that sums and products fit every type.
func made(_ rank: Int, _ index: Int) -> Int { (rank * 5 + index * 3) % 7 + 1 }

/// The calls that both halves make, in their order, for one type after the other.
struct Conversation {
  let world: Communicator
  let size: Int
  let rank: Int
  private(set) var checks = 0

  /// Values that each rank gives where all give as many.
  static let length = 5

  init(_ world: Communicator) {
    self.world = world
    size = world.size
    rank = world.rank.index
  }

  /// Something else came out than must.
  struct Disagreement: Error, CustomStringConvertible {
    var description: String
  }

  mutating func expect<Element: Equatable>(_ call: String, _ values: [Element]?, _ expected: [Element]?) throws {
    guard values == expected else {
      let (values, expected) = ("\(values ?? [])", "\(expected ?? [])")
      throw Disagreement(description: "\(call) of \(Element.self): \(values) instead of \(expected)")
    }
    checks += 1
  }

  /// Everything that moves values without combining them.
  mutating func move<Element: Datatype & Equatable>(_ make: @escaping (Int) -> Element) throws {
    let give = { (rank: Int, count: Int) in (0..<count).map { make(made(rank, $0)) } }
    let all = (0..<size).flatMap { give($0, Self.length) }
    let mine = give(rank, Self.length)
    try messages(mine, give)
    // A rank more has a value more.
    let blocks = Blocks(counts: (0..<size).map { $0 + 1 })
    let different = (0..<size).flatMap { give($0, $0 + 1) }
    let mineOfDifferent = give(rank, rank + 1)
    let zeros = { (count: Int) in [Element](repeating: make(0), count: count) }

    for root in 0..<size {
      let root = Rank(root)
      var values = world.rank == root ? mine : zeros(Self.length)
      try world.broadcast(&values, from: root)
      try expect("broadcast", values, give(root.index, Self.length))

      values = zeros(all.count)
      var span = values.mutableSpan
      try world.gather(mine.span, into: &span, to: root)
      try expect("gather", values, world.rank == root ? all : zeros(all.count))

      values = zeros(Self.length)
      span = values.mutableSpan
      try world.scatter(all.span, into: &span, from: root)
      try expect("scatter", values, mine)

      values = zeros(different.count)
      span = values.mutableSpan
      try world.gather(mineOfDifferent.span, into: &span, blocks: blocks, to: root)
      try expect("gather of blocks", values, world.rank == root ? different : zeros(different.count))

      values = zeros(rank + 1)
      span = values.mutableSpan
      try world.scatter(different.span, blocks: blocks, into: &span, from: root)
      try expect("scatter of blocks", values, mineOfDifferent)
    }

    var values = zeros(all.count)
    var span = values.mutableSpan
    try world.allGather(mine.span, into: &span)
    try expect("allGather", values, all)

    values = zeros(different.count)
    span = values.mutableSpan
    try world.allGather(mineOfDifferent.span, into: &span, blocks: blocks)
    try expect("allGather of blocks", values, different)

    // Rank a gives b what lies at 2 b; in blocks, rank a gives b 1 + b values and gets 1 + a from each.
    let outgoing = give(rank, 2 * size)
    let incoming = (0..<size).flatMap { give($0, 2 * size)[(2 * rank)..<(2 * rank + 2)] }
    try expect("allToAll", try world.allToAll(outgoing), incoming)

    values = zeros(size * (rank + 1))
    span = values.mutableSpan
    try world.allToAll(
      give(rank, different.count).span, blocks, into: &span,
      Blocks(counts: [Int](repeating: rank + 1, count: size)))
    let fromEach = (0..<size).flatMap { source in
      Array(give(source, different.count)[blocks.offsets[rank]..<(blocks.offsets[rank] + rank + 1)])
    }
    try expect("allToAll of blocks", values, fromEach)
  }

  /// Around the ring, by every kind of message: known length, unknown length, both at once.
  private mutating func messages<Element: Datatype & Equatable>(
    _ mine: [Element], _ give: (Int, Int) -> [Element]
  ) throws {
    let right = (world.rank + 1) % size
    let left = (world.rank - 1) % size
    let expected = give(left.index, Self.length)
    var received = give(rank, Self.length + 1)

    for isSending in rank % 2 == 0 ? [true, false] : [false, true] {
      if isSending {
        try world.send(mine, to: right, tag: 1)
        continue
      }
      let status = try world.receive(into: &received, from: left, tag: 1)
      try expect("source, tag and count", [status.source.index, status.tag], [left.index, 1])
      try expect("count", [try status.count(of: Element.self)], [Self.length])
      try expect("receive", Array(received.prefix(Self.length)), expected)
    }

    for isSending in rank % 2 == 0 ? [true, false] : [false, true] {
      if isSending {
        try world.send(give(rank, rank + 1), to: right, tag: 2, mode: .synchronous)
      } else {
        let message = try world.receiveMessage([Element].self, from: .any, tag: 2)
        try expect("receive of unknown length", message.value, give(left.index, left.index + 1))
      }
    }

    var exchanged = mine
    try world.sendReceive(mine, to: right, tag: 3, into: &exchanged, from: left, receiveTag: 3)
    try expect("sendReceive", exchanged, expected)
  }

  /// Everything that combines values, with one reduction.
  mutating func combine<Element: Datatype & Equatable>(
    _ make: @escaping (Int, Int) -> Element, _ reduction: Reduction<Element>,
    _ both: @escaping (Element, Element) -> Element
  ) throws {
    let give = { (rank: Int, count: Int) in (0..<count).map { make(rank, made(rank, $0)) } }
    let upTo = { (ranks: Range<Int>, count: Int) in
      ranks.dropFirst().reduce(give(ranks.lowerBound, count)) { zip($0, give($1, count)).map(both) }
    }
    let mine = give(rank, Self.length)
    let everyone = upTo(0..<size, Self.length)

    for root in 0..<size {
      let result = try world.reduce(mine, reduction, to: Rank(root))
      try expect("reduce", result, rank == root ? everyone : nil)
    }
    try expect("allReduce", try world.allReduce(mine, reduction), everyone)
    var inPlace = mine
    try world.allReduce(&inPlace, reduction)
    try expect("allReduce in place", inPlace, everyone)
    try expect("scan", try world.scan(mine, reduction), upTo(0..<(rank + 1), Self.length))
    let before = try world.exclusiveScan(mine, reduction)
    try expect("exclusiveScan", before, rank == 0 ? nil : upTo(0..<rank, Self.length))

    let parts = upTo(0..<size, 2 * size)
    let part = try world.reduceScatter(give(rank, 2 * size), reduction)
    try expect("reduceScatter", part, Array(parts[(2 * rank)..<(2 * rank + 2)]))

    let blocks = Blocks(counts: (0..<size).map { $0 + 1 })
    let block = try world.reduceScatter(give(rank, blocks.total), counts: blocks.counts, reduction)
    let start = blocks.offsets[rank]
    try expect("reduceScatter of blocks", block, Array(upTo(0..<size, blocks.total)[start..<(start + rank + 1)]))
  }
}
