import MPI

/// Collectives that differ in more than their lengths.
enum Kinds {
  static func reduceOperation(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.reduce([Int](repeating: 1, count: 10), .sum, to: 0)  // @reduceop-odd
    } else {
      _ = try world.reduce([Int](repeating: 1, count: 10), .product, to: 0)  // @reduceop
    }
  }

  static func allReduceOperation(_ world: Communicator) throws {
    _ = try world.allReduce(1, world.isOdd ? .minimum : .maximum)  // @allreduceop
  }

  static func closureOrSum(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.allReduce(1, Reduction(isCommutative: true) { $0 + $1 })  // @closure-odd
    } else {
      _ = try world.allReduce(1, .sum)  // @closure
    }
  }

  static func commutative(_ world: Communicator) throws {
    _ = try world.allReduce(1, Reduction(isCommutative: world.isOdd) { $0 + $1 })  // @commutative
  }

  static func broadcastType(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.broadcast(1.5 as Double?, from: 0)  // @bcasttype-odd
    } else {
      _ = try world.broadcast(1 as Int?, from: 0)  // @bcasttype
    }
  }

  static func allReduceType(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.allReduce([1.5], .sum)  // @allreducetype-odd
    } else {
      _ = try world.allReduce([1, 2], .sum)  // @allreducetype
    }
  }

  struct Particle: StructDatatype {
    var position: Double
    var charge: Float
    static let fields = Fields<Particle>(\.position, \.charge)
  }

  struct Marker: StructDatatype {
    var position: Double
    var kind: Int32
    static let fields = Fields<Marker>(\.position, \.kind)
  }

  static func structType(_ world: Communicator) throws {
    if world.isOdd {
      var values = [Marker(position: 0, kind: 0)]
      try world.broadcast(&values, from: 0)  // @structtype-odd
    } else {
      var values = [Particle(position: 0, charge: 0)]
      try world.broadcast(&values, from: 0)  // @structtype
    }
  }

  static func broadcastRoot(_ world: Communicator) throws {
    var values = [1, 2, 3, 4]
    if world.isOdd {
      try world.broadcast(&values, from: 1)  // @bcastroot-odd
    } else {
      try world.broadcast(&values, from: 0)  // @bcastroot
    }
  }

  static func gatherRoot(_ world: Communicator) throws {
    _ = try world.gather(1, to: world.isOdd ? 1 : 0)  // @gatherroot
  }

  static func reduceRoot(_ world: Communicator) throws {
    _ = try world.reduce(1, .sum, to: world.isOdd ? 1 : 0)  // @reduceroot
  }

  static func scatterRoot(_ world: Communicator) throws {
    let values = [Int](repeating: 1, count: world.size)
    let root: Rank = world.isOdd ? 1 : 0
    _ = try world.scatterValues(world.rank == root ? values : nil, from: root)  // @scatterroot
  }

  static func barrierOrBroadcast(_ world: Communicator) throws {
    if world.isOdd {
      try world.barrier()  // @barrier-bcast-odd
    } else {
      _ = try world.broadcast(1 as Int?, from: 0)  // @barrier-bcast
    }
  }

  static func barrierOrAllReduce(_ world: Communicator) throws {
    if world.isOdd {
      try world.barrier()  // @barrier-allreduce-odd
    } else {
      _ = try world.allReduce(1.5, .sum)  // @barrier-allreduce
    }
  }

  static func broadcastOrReduce(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.reduce(1, .sum, to: 0)  // @bcast-reduce-odd
    } else {
      _ = try world.broadcast(1 as Int?, from: 0)  // @bcast-reduce
    }
  }

  static func duplicateOrBarrier(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.duplicate()  // @dup-barrier-odd
    } else {
      try world.barrier()  // @dup-barrier
    }
  }

  /// In a communicator of two ranks: the ranks are named as they are called there and in the world.
  static func onSubset(_ world: Communicator) throws {
    guard let last = try world.split(color: world.rank.index >= world.size - 2 ? 0 : nil) else { return }
    try last.setName("last two")
    _ = try last.allReduce(1, last.isOdd ? .sum : .product)  // @subset
  }

  /// Every rank can catch the error, and the communicator is still good.
  static func caught(_ world: Communicator) throws {
    do {
      _ = try world.allReduce(1, world.isOdd ? .minimum : .maximum)
    } catch {
      guard error.errorClass == MPIError.mismatch else { throw error }
      guard try world.allReduce(1, .sum) == world.size else { fatalError("wrong sum") }
    }
  }
}
