import MPI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#elseif canImport(Glibc)
  import Glibc
#endif

/// One rank does not come to a collective.
enum Missing {
  static func finalizes(_ world: Communicator) throws {
    if world.isOdd {
      try MPIEnvironment.finalize()
    } else {
      try world.barrier()  // @finalizes
    }
  }

  static func loops(_ world: Communicator) throws {
    if world.isOdd {
      print(spin())
    } else {
      try world.barrier()  // @loops
    }
  }

  @inline(never)
  private static func spin() -> Int {
    var state = 1
    while state != 0 { state = state &* 6_364_136_223_846_793_005 | 1 }  // @loops-odd
    return state
  }

  static func sleeps(_ world: Communicator) throws {
    if world.isOdd {
      sleep(1000)  // @sleeps-odd
    } else {
      try world.barrier()  // @sleeps
    }
  }

  static func otherCommunicator(_ world: Communicator) throws {
    let copy = try world.duplicate()
    if world.isOdd {
      try copy.barrier()  // @other-odd
    } else {
      try world.barrier()  // @other
    }
  }

  static func order(_ world: Communicator) throws {
    let first = try world.duplicate()
    let second = try world.duplicate()
    if world.isOdd {
      try second.barrier()  // @order-odd
      try first.barrier()
    } else {
      try first.barrier()  // @order
      try second.barrier()
    }
  }

  static func crashes(_ world: Communicator) throws {
    if world.isOdd {
      let nowhere = UnsafeMutablePointer<Int>(bitPattern: 8 * world.size)!
      nowhere.pointee = 1  // @crash-odd
    }
    try world.barrier()
  }

  static func traps(_ world: Communicator) throws {
    if world.isOdd { fatalError("one rank has enough") }  // @trap-odd
    try world.barrier()
  }

  static func exits(_ world: Communicator) throws {
    if world.isOdd { exit(0) }  // @exit0-odd
    try world.barrier()  // @exit0
  }

  static func exitsWithStatus(_ world: Communicator) throws {
    if world.isOdd { exit(7) }  // @exit7-odd
    try world.barrier()  // @exit7
  }

  static func vanishes(_ world: Communicator) throws {
    if world.isOdd { _exit(0) }
    try world.barrier()  // @_exit
  }

  static func killed(_ world: Communicator) throws {
    if world.isOdd { kill(getpid(), SIGKILL) }
    try world.barrier()  // @kill
  }

  struct NoData: Error, CustomStringConvertible {
    var description: String { "the input has no data" }
  }

  static func throwsError(_ world: Communicator) throws {
    if world.isOdd { throw NoData() }
    try world.barrier()
  }
}
