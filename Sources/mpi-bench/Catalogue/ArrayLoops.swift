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
