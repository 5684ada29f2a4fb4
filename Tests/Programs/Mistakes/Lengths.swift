import MPI

/// The same collective on all ranks, with lengths that do not fit. MPICH's `errors/coll` has those with its names.
enum Lengths {
  static func broadcast(_ world: Communicator) throws {
    var values = [Int](repeating: 0, count: world.isOdd ? 5 : 4)
    try world.broadcast(&values, from: 0)  // @bcastlength
  }

  static func gather(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var all = [Int](repeating: 0, count: world.isRoot ? 2 * world.size : 0)
    var span = all.mutableSpan
    try world.gather(values.span, into: &span, to: 0)  // @gatherlength
  }

  static func scatter(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: world.isRoot ? 2 * world.size : 0)
    var mine = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var span = mine.mutableSpan
    try world.scatter(values.span, into: &span, from: 0)  // @scatterlength
  }

  static func allGather(_ world: Communicator) throws {
    let values = [Double](repeating: 0, count: world.isOdd ? 3 : 2)
    var all = [Double](repeating: 0, count: values.count * world.size)
    var span = all.mutableSpan
    try world.allGather(values.span, into: &span)  // @allgatherlength
  }

  static func allToAll(_ world: Communicator) throws {
    let values = [Int32](repeating: 0, count: world.size * (world.isOdd ? 2 : 1))
    _ = try world.allToAll(values)  // @alltoalllength
  }

  static func reduce(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.isOdd ? 11 : 10)
    _ = try world.reduce(values, .sum, to: 0)  // @reducelength
  }

  static func allReduce(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.isOdd ? 11 : 10)
    _ = try world.allReduce(values, .sum)  // @allreducelength
  }

  static func scan(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.isOdd ? 2 : 1)
    _ = try world.scan(values, .sum)  // @scanlength
  }

  static func exclusiveScan(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.isOdd ? 2 : 1)
    _ = try world.exclusiveScan(values, .sum)  // @exscanlength
  }

  static func reduceScatter(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.size * (world.isOdd ? 2 : 1))
    _ = try world.reduceScatter(values, .sum)  // @reducescatterlength
  }

  static func gatherBlocks(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var all = [Int](repeating: 0, count: world.isRoot ? 2 * world.size : 0)
    var span = all.mutableSpan
    let blocks = world.isRoot ? Blocks(counts: [Int](repeating: 2, count: world.size)) : nil
    try world.gather(values.span, into: &span, blocks: blocks, to: 0)  // @gathervlength
  }

  static func scatterBlocks(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: world.isRoot ? 2 * world.size : 0)
    var mine = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var span = mine.mutableSpan
    let blocks = world.isRoot ? Blocks(counts: [Int](repeating: 2, count: world.size)) : nil
    try world.scatter(values.span, blocks: blocks, into: &span, from: 0)  // @scattervlength
  }

  static func allGatherBlocks(_ world: Communicator) throws {
    var counts = [Int](repeating: 2, count: world.size)
    if world.isOdd { counts[0] = 1 }
    var all = [Int](repeating: 0, count: 2 * world.size)
    var span = all.mutableSpan
    let values = [1, 2]
    try world.allGather(values.span, into: &span, blocks: Blocks(counts: counts))  // @allgathervlength
  }

  static func allToAllBlocks(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: 2 * world.size)
    var received = [Int](repeating: 0, count: 2 * world.size)
    var counts = [Int](repeating: 2, count: world.size)
    let incoming = Blocks(counts: counts)
    if world.isOdd { counts[0] = 1 }
    var span = received.mutableSpan
    try world.allToAll(values.span, Blocks(counts: counts), into: &span, incoming)  // @alltoallvlength
  }

  static func reduceScatterCounts(_ world: Communicator) throws {
    // As many values on all ranks, divided in another way on one.
    let counts = (0..<world.size).map { $0 == (world.isOdd ? 0 : 1) ? 3 : 1 }
    let values = [Int](repeating: 1, count: world.size + 2)
    _ = try world.reduceScatter(values, counts: counts, .sum)  // @reducescattercounts
  }

  static func layouts(_ world: Communicator) throws {
    var values = [Double](repeating: 0, count: 12)
    var span = values.mutableSpan
    let column = try Layout<Double>.vector(count: world.isOdd ? 3 : 4, stride: 3)
    try world.broadcast(&span, as: column, from: 0)  // @layouts
  }
}
