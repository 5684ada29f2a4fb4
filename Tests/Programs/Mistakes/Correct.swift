import MPI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#elseif canImport(Glibc)
  import Glibc
#endif

/// Programs without a mistake, which must pass as if nothing was checked.
enum Correct {
  static func all(_ world: Communicator) throws {
    let copy = try world.duplicate()
    try copy.setName("copy")
    guard let half = try world.split(color: world.rank.index % 2) else { fatalError("no half") }
    let node = try world.splitByNode()
    let reversed = try world.split(color: 0, key: -world.rank.index)!
    let subset = try world.subset(try world.group.including([0]))
    for turn in 0..<20 {
      for communicator in [world, copy, half, node, reversed, .selfOnly] {
        try everyCollective(communicator, turn)
        try everyStart(communicator, turn)
      }
      if let subset { try subset.barrier() }
      // Made and freed in each turn.
      _ = try copy.duplicate().allReduce(1, .sum)
    }
    try messages(world)
  }

  private static func everyCollective(_ communicator: Communicator, _ turn: Int) throws {
    let size = communicator.size
    let me = communicator.rank.index
    let root = Rank(turn % size)
    try communicator.barrier()
    require(try communicator.broadcast(communicator.rank == root ? turn : nil, from: root) == turn)
    require(try communicator.broadcast(communicator.rank == root ? [1.5, 2.5] : nil, from: root) == [1.5, 2.5])
    let object = ["a": turn]
    require(try communicator.broadcast(object: communicator.rank == root ? object : nil, from: root) == object)
    require(try communicator.allReduce(1, .sum) == size)
    require(try communicator.allReduce(me, Reduction(isCommutative: true) { max($0, $1) }) == size - 1)
    let sum = try communicator.reduce([me, 1], .sum, to: root)
    if communicator.rank == root { require(sum == [size * (size - 1) / 2, size]) }
    require(try communicator.scan(1, .sum) == me + 1)
    require(try communicator.exclusiveScan(1, .sum) ?? 0 == me)
    require(try communicator.reduceScatter([Int](repeating: 1, count: 2 * size + 1), .sum).allSatisfy { $0 == size })
    let gathered = try communicator.gather([Int](repeating: me, count: me), to: root)
    if communicator.rank == root { require(gathered == (0..<size).flatMap { [Int](repeating: $0, count: $0) }) }
    require(try communicator.allGather(me) == Array(0..<size))
    require(try communicator.allGather([Int](repeating: me, count: me)).count == size * (size - 1) / 2)
    let given = communicator.rank == root ? Array(0..<(3 * size + 1)) : nil
    require(try communicator.scatter(given, from: root).count >= 3)
    require(try communicator.allToAll(Array(0..<size)) == [Int](repeating: me, count: size))
    require(try communicator.allToAll((0..<size).map { [Int](repeating: me, count: $0) }).allSatisfy { $0.count == me })
    var matrix = [Double](repeating: Double(me), count: 9)
    var span = matrix.mutableSpan
    // The same values in another layout on each rank.
    let layout: Layout<Double> = me % 2 == 0 ? try .vector(count: 3, stride: 3) : try .contiguous(3)
    try communicator.broadcast(&span, as: layout, from: root)
    try communicator.agree {}
  }

  /// Nonblocking collectives, many under way, waited for in an order that differs from rank to rank.
  private static func everyStart(_ communicator: Communicator, _ turn: Int) throws {
    let size = communicator.size
    let me = communicator.rank.index
    let root = Rank(turn % size)
    var (first, second, third) = ([turn, 0], [1, me], [0])
    var (all, scanned) = ([Int](repeating: 0, count: size), [0])
    if communicator.rank != root { first = [0, 0] }
    let mine = [me]
    let one = [1]
    do {
      var gathered = all.mutableSpan
      var result = scanned.mutableSpan
      let barrier = try communicator.startBarrier()
      let broadcast = try communicator.startBroadcast(&first, from: root)
      var sum = try communicator.startAllReduce(&second, .sum)
      let gather = try communicator.startAllGather(mine.span, into: &gathered)
      let scan = try communicator.startScan(one.span, into: &result, .sum)
      // A blocking one in between.
      require(try communicator.allReduce(1, .sum) == size)
      if (me + turn) % 2 == 0 {
        try scan.wait()
        try broadcast.wait()
        while try sum.test() == nil {}
        try sum.wait()
        try gather.wait()
        try barrier.wait()
      } else {
        var group = RequestGroup()
        group.add(barrier)
        group.add(gather)
        group.add(scan)
        _ = try group.waitAny()
        _ = try group.waitSome()
        try broadcast.wait()
        try group.waitAll()
        try sum.wait()
      }
    }
    require(first == [turn, 0] && second == [size, size * (size - 1) / 2])
    require(all == Array(0..<size) && scanned == [me + 1])
    var persistent = try communicator.makeAllReduce(third.mutableSpan, .sum)
    for _ in 0..<3 {
      persistent.withValues { $0[0] = 1 }
      try persistent.start().wait()
      require(persistent.withValues { $0[0] } == size)
    }
    // More than a ring holds.
    var group = RequestGroup()
    for _ in 0..<40 { group.add(try communicator.startBarrier()) }
    try group.waitAll()
  }

  private static func messages(_ world: Communicator) throws {
    let right = (world.rank + 1) % world.size
    let left = (world.rank - 1) % world.size
    var received = [0]
    for _ in 0..<100 { try world.sendReceive([world.rank.index], to: right, into: &received, from: left) }
    require(received == [left.index])
    if world.size > 1 {
      if world.isRoot {
        for rank in 1..<world.size { try world.send(object: "for \(rank)", to: Rank(rank)) }
      } else {
        require(try world.receive(object: String.self, from: .any, tag: .any) == "for \(world.rank)")
      }
    }
  }

  /// Ranks that compute for longer than the watchdog's patience, while the others wait for them.
  static func slow(_ world: Communicator) throws {
    for rank in 0..<world.size {
      if world.rank.index == rank { usleep(1_500_000) }
      try world.barrier()
    }
    if world.isRoot, world.size > 1 {
      usleep(2_500_000)
      for rank in 1..<world.size { try world.send(1, to: Rank(rank)) }
    } else if !world.isRoot {
      _ = try world.receive(Int.self, from: 0)
    }
  }

  /// Ranks that wait for requests for longer than the watchdog's patience, while others compute.
  static func slowRequests(_ world: Communicator) throws {
    var value = [0]
    if world.isRoot {
      usleep(2_500_000)
      for rank in 1..<max(world.size, 2) where rank < world.size {
        let one = [1]
        try world.startSend(one.span, to: Rank(rank)).wait()
      }
    } else {
      try world.startReceive(into: &value, from: 0).wait()
    }
    let barrier = try world.startBarrier()
    if world.isRoot { usleep(2_500_000) }
    try barrier.wait()
  }

  private static func require(_ isRight: Bool, line: Int = #line) {
    if !isRight { fatalError("a wrong result at line \(line)") }
  }
}

/// What a collective costs, for the documentation.
enum Cost {
  static func measure(_ world: Communicator) throws {
    var values = [1.0, 2, 3, 4]
    let calls = 200
    for (name, call) in [
      ("barrier", { try world.barrier() }),
      ("broadcast of 4 Double", { try world.broadcast(&values, from: 0) }),
      ("allReduce of 4 Double", { try world.allReduce(&values, .maximum) }),
    ] as [(String, () throws -> Void)] {
      // The best of many batches: the machine may do something else in between.
      var seconds = Double.infinity
      for _ in 0..<200 {
        let start = try MPIEnvironment.wallTime
        for _ in 0..<calls { try call() }
        seconds = min(seconds, try MPIEnvironment.wallTime - start)
      }
      if world.isRoot { print("\(name): \((seconds / Double(calls) * 1e9).rounded() / 1000) µs") }
    }
  }
}
