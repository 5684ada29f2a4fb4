import MPI

/// Nonblocking collectives that do not fit together: found where they are waited for. The lengths are those of MPICH's
/// `errors/coll`.
enum Started {
  static func broadcast(_ world: Communicator) throws {
    var values = [Int](repeating: 0, count: world.isOdd ? 5 : 4)
    try world.startBroadcast(&values, from: 0).wait()  // @startbcast
  }

  static func gather(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var all = [Int](repeating: 0, count: world.isRoot ? 2 * world.size : 0)
    var span = all.mutableSpan
    try world.startGather(values.span, into: &span, to: 0).wait()  // @startgather
  }

  static func scatter(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: world.isRoot ? 2 * world.size : 0)
    var mine = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var span = mine.mutableSpan
    try world.startScatter(values.span, into: &span, from: 0).wait()  // @startscatter
  }

  static func allGather(_ world: Communicator) throws {
    let values = [Double](repeating: 0, count: world.isOdd ? 3 : 2)
    var all = [Double](repeating: 0, count: values.count * world.size)
    var span = all.mutableSpan
    try world.startAllGather(values.span, into: &span).wait()  // @startallgather
  }

  static func allToAll(_ world: Communicator) throws {
    let values = [Int32](repeating: 0, count: world.size * (world.isOdd ? 2 : 1))
    var received = values
    var span = received.mutableSpan
    try world.startAllToAll(values.span, into: &span).wait()  // @startalltoall
  }

  static func reduce(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.isOdd ? 11 : 10)
    var result = values
    var span = result.mutableSpan
    try world.startReduce(values.span, into: &span, .sum, to: 0).wait()  // @startreduce
  }

  static func allReduce(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.isOdd ? 11 : 10)
    var result = values
    var span = result.mutableSpan
    try world.startAllReduce(values.span, into: &span, .sum).wait()  // @startallreduce
  }

  static func operation(_ world: Communicator) throws {
    var values = [1, 2]
    try world.startAllReduce(&values, world.isOdd ? .minimum : .maximum).wait()  // @startop
  }

  static func root(_ world: Communicator) throws {
    var values = [1, 2]
    try world.startBroadcast(&values, from: world.isOdd ? 1 : 0).wait()  // @startroot
  }

  static func blocks(_ world: Communicator) throws {
    let values = [Int](repeating: 0, count: 2 * world.size)
    var received = [Int](repeating: 0, count: 2 * world.size)
    var counts = [Int](repeating: 2, count: world.size)
    let incoming = Blocks(counts: counts)
    if world.isOdd { counts[0] = 1 }
    var span = received.mutableSpan
    try world.startAllToAll(values.span, Blocks(counts: counts), into: &span, incoming).wait()  // @startblocks
  }

  /// Blocking and nonblocking must not be mixed.
  static func mixed(_ world: Communicator) throws {
    var values = [1, 2, 3]
    if world.isOdd {
      try world.startBroadcast(&values, from: 0).wait()  // @mixed-odd
    } else {
      try world.broadcast(&values, from: 0)  // @mixed
    }
  }

  /// The second of three is wrong, and they are waited for from the last to the first.
  static func several(_ world: Communicator) throws {
    var (first, second, third) = ([1], [1, 2], [1, 2, 3])
    let one = try world.startBroadcast(&first, from: 0)
    let two = try world.startAllReduce(&second, world.isOdd ? .sum : .product)  // @startseveral
    let three = try world.startBroadcast(&third, from: 0)
    try three.wait()
    var mismatch: (any Error)?
    do { try two.wait() } catch { mismatch = error }
    try one.wait()
    if let mismatch { throw mismatch }
  }

  static func group(_ world: Communicator) throws {
    var values = [1, 2]
    var group = RequestGroup()
    group.add(try world.startBarrier())
    group.add(try world.startAllReduce(&values, world.isOdd ? .sum : .product))  // @startgroup
    try group.waitAll()
  }

  static func tested(_ world: Communicator) throws {
    var values = [1, 2]
    var request = try world.startAllReduce(&values, world.isOdd ? .sum : .product)  // @starttested
    while try request.test() == nil {}
    try request.wait()
  }

  static func persistent(_ world: Communicator) throws {
    var values = [1, 2]
    var request = try world.makeBroadcast(values.mutableSpan, from: world.isOdd ? 1 : 0)
    try request.start().wait()  // @startpersistent
  }

  /// One rank starts nothing.
  static func missing(_ world: Communicator) throws {
    var values = [1, 2]
    if world.isOdd { return }
    try world.startBroadcast(&values, from: 0).wait()  // @startmissing
  }
}
