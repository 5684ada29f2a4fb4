import MPI

/// Grids, graphs and neighbourhood collectives that do not fit together.
enum Topologies {
  /// Communicators in which something was started stay until the end.
  nonisolated(unsafe) private static var kept: [Communicator] = []

  /// A row of all ranks, without an end that meets its beginning: rank 1 has rank 0 as its neighbour.
  private static func row(_ world: Communicator) throws -> CartesianCommunicator {
    guard let row = try world.cartesian([world.size], reorder: false) else { fatalError("no place in the row") }
    kept.append(row)
    return row
  }

  static func gridSize(_ world: Communicator) throws {
    _ = try world.cartesian(world.isOdd ? [1, world.size] : [world.size, 1])  // @gridsize
  }

  static func gridPeriods(_ world: Communicator) throws {
    _ = try world.cartesian([world.size], isPeriodic: [world.isOdd])  // @gridperiods
  }

  static func gridSlice(_ world: Communicator) throws {
    guard let grid = try world.cartesian([world.size, 1], reorder: false) else { return }
    kept.append(grid)
    _ = try grid.slice(keeping: [!world.isOdd, world.isOdd])  // @gridslice
  }

  static func graphWeights(_ world: Communicator) throws {
    let (none, weights): ([Rank], [Int]?) = ([], world.isOdd ? [] : nil)
    _ = try world.graph(from: none, to: none, sourceWeights: weights, destinationWeights: weights)  // @graphweights
  }

  static func graphOrGrid(_ world: Communicator) throws {
    if world.isOdd {
      _ = try world.graph(from: [0], to: [0])  // @graph-grid-odd
    } else {
      _ = try world.cartesian([world.size])  // @graph-grid
    }
  }

  static func order(_ world: Communicator) throws {
    let row = try row(world)
    if world.isOdd {
      _ = try row.neighborAllToAll(row.destinations.map { _ in [1] })  // @neighbor-order-odd
      _ = try row.neighborAllGather(1)
    } else {
      _ = try row.neighborAllGather(1)  // @neighbor-order
      _ = try row.neighborAllToAll(row.destinations.map { _ in [1] })
    }
  }

  static func length(_ world: Communicator) throws {
    let row = try row(world)
    let values = [Int](repeating: 0, count: world.isOdd ? 3 : 2)
    var received = [Int](repeating: 0, count: values.count * row.sources.count)
    var span = received.mutableSpan
    try row.neighborAllGather(values.span, into: &span)  // @neighborlength
  }

  static func mixed(_ world: Communicator) throws {
    let row = try row(world)
    var received = [Int](repeating: 0, count: row.sources.count)
    var span = received.mutableSpan
    let one = [1]
    if world.isOdd {
      try row.startNeighborAllGather(one.span, into: &span).wait()  // @neighbormixed-odd
    } else {
      try row.neighborAllGather(one.span, into: &span)  // @neighbormixed
    }
  }

  /// Found when it is waited for.
  static func persistent(_ world: Communicator) throws {
    let row = try row(world)
    var values = [Int](repeating: 0, count: (world.isOdd ? 3 : 2) * row.destinations.count)
    var received = [Int](repeating: 0, count: (world.isOdd ? 3 : 2) * row.sources.count)
    var exchange = try row.makeNeighborAllToAll(values.mutableSpan, into: received.mutableSpan)
    try exchange.start().wait()  // @neighborpersistent
  }

  /// One rank does not come.
  static func missing(_ world: Communicator) throws {
    let row = try row(world)
    if world.isOdd { return }
    _ = try row.neighborAllGather(1)  // @neighbormissing
  }
}
