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

  @Test(arguments: grids) func impossibleGrids(_ mistake: ErrorCase) throws { try mistake.expectError() }
}
