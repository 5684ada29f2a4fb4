import MPI

/// All ranks wait for requests that nobody completes.
enum Waits {
  static func receives(_ world: Communicator) throws {
    var value = [0]
    try world.startReceive(into: &value, from: (world.rank - 1) % world.size, tag: 5).wait()  // @wait-receives
  }

  static func sends(_ world: Communicator) throws {
    let values = [Double](repeating: 1, count: 1 << 20)
    try world.startSend(values.span, to: (world.rank + 1) % world.size).wait()  // @wait-sends
    _ = try world.receive([Double].self, from: (world.rank - 1) % world.size)
  }

  static func wrongTag(_ world: Communicator) throws {
    let values = [1]
    var received = [0]
    var group = RequestGroup()
    group.add(try world.startReceive(into: &received, from: (world.rank - 1) % world.size, tag: 4))
    group.add(try world.startSend(values.span, to: (world.rank + 1) % world.size, tag: 3, mode: .synchronous))
    try group.waitAll()  // @wait-all
  }

  static func any(_ world: Communicator) throws {
    var (first, second) = ([0], [0])
    var group = RequestGroup()
    group.add(try world.startReceive(into: &first, from: .any, tag: 1))
    group.add(try world.startReceive(into: &second, from: .any, tag: 2))
    if world.isOdd { _ = try group.waitSome() }  // @wait-any-odd
    _ = try group.waitAny()  // @wait-any
  }

  static func persistent(_ world: Communicator) throws {
    var value = [0]
    var receiving = try world.makeReceive(into: value.mutableSpan, from: (world.rank - 1) % world.size)
    try receiving.start().wait()  // @wait-persistent
  }

  /// One rank never starts the collective, as it waits for a message.
  static func collective(_ world: Communicator) throws {
    var value = [0]
    if world.isOdd { try world.startReceive(into: &value, from: 0).wait() }  // @wait-collective-odd
    try world.startBarrier().wait()  // @wait-collective
  }
}
