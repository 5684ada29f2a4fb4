import CMPIBench
import MPI

/// The calls that change an array, over one that is a variable of a function, where most programs have it.
enum ArrayLoops<Element: BenchmarkElement> {
  @inline(never)
  static func broadcast(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.broadcast(&values, from: 0) }
    return values
  }

  @inline(never)
  static func allReduce(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.allReduce(&values, .sum) }
    return values
  }

  @inline(never)
  static func scatter(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.scatter(inPlace: &values, from: 0) }
    return values
  }

  @inline(never)
  static func gather(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.gather(inPlace: &values, to: 0) }
    return values
  }

  @inline(never)
  static func allGather(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.allGather(inPlace: &values) }
    return values
  }

  @inline(never)
  static func allToAll(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.allToAll(inPlace: &values) }
    return values
  }

  @inline(never)
  static func reduce(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.reduce(inPlace: &values, .sum, to: 0) }
    return values
  }

  @inline(never)
  static func scan(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.scan(&values, .sum) }
    return values
  }

  @inline(never)
  static func exclusiveScan(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.exclusiveScan(&values, .sum) }
    return values
  }

  @inline(never)
  static func startBroadcast(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.startBroadcast(&values, from: 0).wait() }
    return values
  }

  @inline(never)
  static func startAllReduce(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws(MPIError) -> [Element] {
    let world = at.world
    var values = given
    for _ in 0..<calls { try world.startAllReduce(&values, .sum).wait() }
    return values
  }

  @inline(never)
  static func receive(_ at: Setting, _ given: consuming [Element], _ calls: Int) throws -> [Element] {
    let (world, peer) = (at.world, at.peer)
    var values = given
    var other = at.partner
    for _ in 0..<calls {
      try checkC(cbench_begin_send(&other))
      try world.receive(into: &values, from: peer)
      try checkC(cbench_finish())
    }
    return values
  }

  @inline(never)
  static func sendReceive(
    _ at: Setting, _ values: [Element], _ given: consuming [Element], _ calls: Int
  ) throws(MPIError) -> [Element] {
    let (world, peer) = (at.world, at.peer)
    var received = given
    for _ in 0..<calls { try world.sendReceive(values, to: peer, into: &received, from: peer) }
    return received
  }

  @inline(never)
  static func start(
    _ at: Setting, _ values: [Element], _ given: consuming [Element], _ calls: Int
  ) throws(MPIError) -> [Element] {
    let (world, peer) = (at.world, at.peer)
    var received = given
    for _ in 0..<calls {
      let receiving = try world.startReceive(into: &received, from: peer)
      let sending = try world.startSend(values.span, to: peer)
      try sending.wait()
      try receiving.wait()
    }
    return received
  }
}
