import MPI

/// All ranks wait for each other.
enum Deadlocks {
  static func sends(_ world: Communicator) throws {
    // Longer than what any MPI sends without its receiver.
    let values = [Double](repeating: 1, count: 1 << 20)
    try world.send(values, to: (world.rank + 1) % world.size)  // @send-send
    _ = try world.receive([Double].self, from: (world.rank - 1) % world.size)
  }

  static func receives(_ world: Communicator) throws {
    _ = try world.receive(Int.self, from: (world.rank - 1) % world.size)  // @receive-receive
    try world.send(1, to: (world.rank + 1) % world.size)
  }

  static func neverSent(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.receive([Int].self, from: .any, tag: 7)  // @never-sent-odd
    }
    try world.barrier()  // @never-sent
  }

  static func wrongTag(_ world: Communicator) throws {
    if world.isRoot {
      try world.send(1, to: 1, tag: 3, mode: .synchronous)  // @wrong-tag
    } else if world.isOdd {
      _ = try world.receive(Int.self, from: 0, tag: 4)  // @wrong-tag-odd
    }
    try world.barrier()
  }

  static func receiveAndBarrier(_ world: Communicator) throws {
    let copy = try world.duplicate()
    if world.isRoot {
      _ = try world.receive(Int.self, from: 1)  // @receive-barrier
    }
    try copy.barrier()  // @receive-barrier-odd
    if world.isOdd { try world.send(1, to: 0) }
  }

  /// One rank waits for a message from itself.
  static func alone(_ world: Communicator) throws {
    _ = try Communicator.selfOnly.receive(Int.self, from: 0)  // @alone
  }
}
