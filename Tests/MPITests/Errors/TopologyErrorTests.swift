import MPI
import MPITesting
import TestSupport
import Testing

/// Grids and graphs that cannot be: found before anything is sent.
@Suite(.ranked) struct TopologyErrorTests {
  private static func grid() throws -> CartesianCommunicator {
    try #require(try world.cartesian([world.size, 1], isPeriodic: [true, false]))
  }

  static let grids: [ErrorCase] = [
    ErrorCase("no places", MPIError.dimensions) { _ = try world.cartesian([0]) },
    ErrorCase("a negative dimension", MPIError.dimensions) { _ = try world.cartesian([1, -1]) },
    ErrorCase("too many places", MPIError.dimensions) { _ = try world.cartesian([world.size, 2]) },
    ErrorCase("places beyond counting", MPIError.dimensions) { _ = try world.cartesian([1 << 40, 1 << 40, 4]) },
    ErrorCase("one period for two dimensions", MPIError.dimensions) {
      _ = try world.cartesian([1, 1], isPeriodic: [true])
    },
    ErrorCase("a map of too many places", MPIError.dimensions) { _ = try world.cartesianRank([world.size + 1]) },
    ErrorCase("dimensions that do not divide", MPIError.dimensions) {
      _ = try CartesianCommunicator.balancedDimensions([3, nil], of: 10)
    },
    ErrorCase("dimensions of another product", MPIError.dimensions) {
      _ = try CartesianCommunicator.balancedDimensions([2, 2], of: 8)
    },
    ErrorCase("dimensions of nobody", MPIError.dimensions) {
      _ = try CartesianCommunicator.balancedDimensions(2, of: 0)
    },
    ErrorCase("no dimensions for several", MPIError.dimensions) {
      _ = try CartesianCommunicator.balancedDimensions(0, of: 2)
    },
    ErrorCase("a dimension of 0", MPIError.dimensions) {
      _ = try CartesianCommunicator.balancedDimensions([0, nil], of: 4)
    },
    ErrorCase("two negative dimensions", MPIError.dimensions) {
      _ = try CartesianCommunicator.balancedDimensions([-2, -2, nil], of: 4)
    },
    ErrorCase("a dimension that is not there", MPIError.dimensions) { _ = try grid().shift(along: 2) },
    ErrorCase("a negative dimension's shift", MPIError.dimensions) { _ = try grid().shift(along: -1) },
    ErrorCase("one coordinate of two", MPIError.dimensions) { _ = try grid().rank(at: [0]) },
    ErrorCase("coordinates of nobody", MPIError.rank) { _ = try grid().coordinates(of: Rank(world.size)) },
    ErrorCase("coordinates of no process", MPIError.rank) { _ = try grid().coordinates(of: .null) },
    ErrorCase("a slice with one answer", MPIError.dimensions) { _ = try grid().slice(keeping: [true]) },
  ]

  private static func ring() throws -> GraphCommunicator {
    let size = world.size
    return try world.graph(
      from: [(world.rank - 1) % size], to: [(world.rank + 1) % size])
  }

  static let graphs: [ErrorCase] = [
    ErrorCase("a neighbour that is not there", MPIError.rank) { _ = try world.graph(from: [Rank(world.size)], to: []) },
    ErrorCase("no process as a neighbour", MPIError.rank) { _ = try world.graph(from: [], to: [.null]) },
    ErrorCase("weights of one direction", MPIError.topology) {
      _ = try world.graph(from: [], to: [], sourceWeights: [])
    },
    ErrorCase("too many weights", MPIError.topology) {
      _ = try world.graph(from: [], to: [], sourceWeights: [1], destinationWeights: [])
    },
    ErrorCase("a negative weight", MPIError.topology) {
      _ = try world.graph(edges: [GraphEdge(from: 0, to: 0, weight: -1)])
    },
    ErrorCase("an edge to nobody", MPIError.rank) { _ = try world.graph(edges: [GraphEdge(from: 0, to: -3)]) },
    ErrorCase("more nodes than ranks", MPIError.topology) {
      _ = try world.graph(neighbors: [[Rank]](repeating: [], count: world.size + 1))
    },
    ErrorCase("no nodes", MPIError.topology) { _ = try world.graph(neighbors: []) },
    ErrorCase("a node that is not there", MPIError.topology) { _ = try world.graph(neighbors: [[1]]) },
    ErrorCase("a neighbour on one side", MPIError.topology) {
      guard world.size > 1 else {
        _ = try world.graph(neighbors: [[1]])
        return
      }
      _ = try world.graph(neighbors: [[1], []])
    },
    ErrorCase("the whole of a distributed graph", MPIError.topology) { _ = try ring().allNeighbors() },
    ErrorCase("neighbours in a distributed graph", MPIError.topology) { _ = try ring().neighbors(of: 0) },
    ErrorCase("two arrays for one neighbour", MPIError.length) { _ = try ring().neighborAllToAll([[1], [2]]) },
    ErrorCase("a buffer for two neighbours", MPIError.length) {
      var buffer = [0, 0]
      var span = buffer.mutableSpan
      try ring().neighborAllGather([1].span, into: &span)
    },
    ErrorCase("one value for each of two buffers", MPIError.length) {
      var buffer = [0, 0, 0]
      var span = buffer.mutableSpan
      try ring().neighborAllToAll([1].span, into: &span)
    },
    ErrorCase("two blocks for one neighbour", MPIError.length) {
      var buffer = [0, 0]
      var span = buffer.mutableSpan
      try ring().neighborAllToAll([1].span, Blocks(counts: [1]), into: &span, Blocks(counts: [1, 1]))
    },
    ErrorCase("a block outside", MPIError.length) {
      var buffer = [0, 0]
      var span = buffer.mutableSpan
      try ring().neighborAllGather([1].span, into: &span, blocks: Blocks(counts: [1], offsets: [2]))
    },
    ErrorCase("a negative count", MPIError.count) {
      var buffer = [0, 0]
      var span = buffer.mutableSpan
      try ring().startNeighborAllGather([1].span, into: &span, blocks: Blocks(counts: [-1], offsets: [0])).wait()
    },
    ErrorCase("a layout outside", MPIError.length) {
      var buffer = [0, 0]
      var span = buffer.mutableSpan
      let layout = LayoutBlock(try Layout<Int>.contiguous(2), offset: 1)
      try ring().neighborAllToAll([1, 2].span, [layout], into: &span, [LayoutBlock(try .contiguous(2))])
    },
    ErrorCase("a layout that names a place twice", MPIError.argument) {
      var buffer = [0, 0]
      var span = buffer.mutableSpan
      let layout = LayoutBlock(try Layout<Int>.vector(count: 2, stride: 0))
      try ring().neighborAllToAll([1, 2].span, [LayoutBlock(try .contiguous(2))], into: &span, [layout])
    },
  ]

  @Test(arguments: grids) func impossibleGrids(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: graphs) func impossibleGraphs(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
