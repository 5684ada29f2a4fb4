import MPI
import MPITesting
import TestSupport
import Testing

/// Grids of processes, against coordinates that are computed here.
@Suite(.ranked) struct CartesianTests {
  /// A shape with its periods, and what it says about places and neighbours.
  struct Shape: Sendable, CustomTestStringConvertible {
    var dimensions: [Int]
    var isPeriodic: [Bool]

    var places: Int { dimensions.reduce(1, *) }
    var testDescription: String { "\(dimensions) \(isPeriodic)" }

    /// Row-major: the last coordinate varies fastest.
    func coordinates(_ rank: Int) -> [Int] {
      var rest = rank
      return dimensions.reversed().map { length in
        defer { rest /= length }
        return rest % length
      }.reversed()
    }

    func rank(_ coordinates: [Int]) -> Rank {
      var rank = 0
      for (index, length) in dimensions.enumerated() {
        var coordinate = coordinates[index]
        if isPeriodic[index] { coordinate = ((coordinate % length) + length) % length }
        guard (0..<length).contains(coordinate) else { return .null }
        rank = rank * length + coordinate
      }
      return Rank(rank)
    }

    /// All shapes of some dimensions that have a place for everybody, or leave some out.
    static var all: [Shape] {
      let size = max(world.size, 1)
      var shapes = [[size], [size, 1], [1, size], [1, size, 1]]
      shapes += (1...size).filter { size % $0 == 0 }.map { [$0, size / $0] }
      shapes += [[(size + 1) / 2, 1], [max(size / 2, 1), 2].filter { size > 1 || $0 == 1 }]
      return shapes.flatMap { dimensions in
        (0..<(1 << dimensions.count)).map { bits in
          Shape(dimensions: dimensions, isPeriodic: dimensions.indices.map { bits >> $0 & 1 == 1 })
        }
      }
    }
  }

  @Test func placesAndNeighbors() throws {
    for shape in Shape.all {
      let made = try world.cartesian(shape.dimensions, isPeriodic: shape.isPeriodic)
      #expect(try world.allReduce(made == nil ? 0 : 1, .sum) == shape.places, "\(shape)")
      guard let grid = made else { continue }
      #expect(grid.size == shape.places && grid.dimensions == shape.dimensions, "\(shape)")
      #expect(grid.isPeriodic == shape.isPeriodic, "\(shape)")
      #expect(try grid.topology == .cartesian)
      let own = shape.coordinates(grid.rank.index)
      #expect(grid.coordinates == own, "\(shape)")
      for rank in 0..<grid.size {
        #expect(try grid.coordinates(of: Rank(rank)) == shape.coordinates(rank), "\(shape)")
        #expect(try grid.rank(at: shape.coordinates(rank)) == Rank(rank), "\(shape)")
      }
      for dimension in own.indices {
        for displacement in [1, -1, 2, -3, 0, 100, -101, .max, .min + 1] {
          let (source, destination) = try grid.shift(along: dimension, by: displacement)
          let far = shape.isPeriodic[dimension] ? displacement % shape.dimensions[dimension] : displacement
          var (before, after) = (own, own)
          before[dimension] = before[dimension].subtractingReportingOverflow(far).partialValue
          after[dimension] = after[dimension].addingReportingOverflow(far).partialValue
          #expect(source == shape.rank(before) && destination == shape.rank(after), "\(shape), by \(displacement)")
          #expect(try grid.rank(at: after) == shape.rank(after), "\(shape), by \(displacement)")
        }
        let (before, after) = try grid.shift(along: dimension)
        #expect(Array(grid.neighbors[(2 * dimension)...(2 * dimension + 1)]) == [before, after], "\(shape)")
      }
      #expect(grid.sources == grid.neighbors && grid.destinations == grid.neighbors)
    }
  }

  /// What each rank sends goes one place on, and vanishes behind a wall.
  @Test func valuesMoveAlongDimensions() throws {
    let dimensions = try CartesianCommunicator.balancedDimensions(2, of: world.size)
    for isPeriodic in [[false, false], [false, true], [true, false], [true, true]] {
      let shape = Shape(dimensions: dimensions, isPeriodic: isPeriodic)
      let grid = try #require(try world.cartesian(dimensions, isPeriodic: isPeriodic))
      for dimension in 0..<2 {
        let (source, destination) = try grid.shift(along: dimension)
        var arrived = [-1]
        _ = try grid.sendReceive([grid.rank.index], to: destination, into: &arrived, from: source)
        var before = grid.coordinates
        before[dimension] -= 1
        #expect(arrived == [shape.rank(before) == .null ? -1 : shape.rank(before).index], "\(shape)")
      }
    }
  }

  @Test func slices() throws {
    let shape = Shape(
      dimensions: try CartesianCommunicator.balancedDimensions(3, of: world.size), isPeriodic: [true, false, true])
    let grid = try #require(try world.cartesian(shape.dimensions, isPeriodic: shape.isPeriodic))
    for bits in 0..<8 {
      let kept = (0..<3).map { bits >> $0 & 1 == 1 }
      let slice = try grid.slice(keeping: kept)
      let dimensions = (0..<3).filter { kept[$0] }
      #expect(slice.dimensions == dimensions.map { shape.dimensions[$0] }, "\(kept)")
      #expect(slice.isPeriodic == dimensions.map { shape.isPeriodic[$0] }, "\(kept)")
      #expect(slice.coordinates == dimensions.map { grid.coordinates[$0] }, "\(kept)")
      // All that stand in the same place along what was dropped, in the order of the rest.
      let members = (0..<grid.size).filter { rank in
        let other = shape.coordinates(rank)
        return (0..<3).allSatisfy { kept[$0] || other[$0] == grid.coordinates[$0] }
      }
      #expect(try slice.allGather(grid.rank.index) == members, "\(kept)")
    }
  }

  @Test func dimensions() throws {
    for size in 1...64 {
      for count in 1...4 {
        let found = try CartesianCommunicator.balancedDimensions(count, of: size)
        #expect(found.count == count && found.reduce(1, *) == size && found == found.sorted(by: >), "\(size): \(found)")
      }
      for fixed in 1...size where size % fixed == 0 {
        #expect(try CartesianCommunicator.balancedDimensions([nil, fixed], of: size) == [size / fixed, fixed])
      }
    }
    #expect(try CartesianCommunicator.balancedDimensions(2, of: 12) == [4, 3])
    #expect(try CartesianCommunicator.balancedDimensions(3, of: 64) == [4, 4, 4])
    #expect(try CartesianCommunicator.balancedDimensions([3, 4], of: 12) == [3, 4])
  }

  @Test func ranksThatAMapWouldGive() throws {
    let ranks = try world.allGather(try world.cartesianRank([world.size, 1])?.index ?? -1)
    #expect(ranks.sorted() == Array(0..<world.size))
    let half = (world.size + 1) / 2
    let some = try world.allGather(try world.cartesianRank([half], isPeriodic: [true])?.index ?? -1)
    #expect(some.filter { $0 >= 0 }.sorted() == Array(0..<half))
  }

  /// A grid is a communicator: it lives, dies and is copied as one.
  @Test func gridsAreCommunicators() throws {
    let grid = try #require(try world.cartesian([world.size], reorder: false))
    #expect(try grid.compare(to: world) == .congruent)
    #expect(try grid.allReduce(1, .sum) == world.size)
    let copy = try grid.duplicate()
    #expect(try copy.topology == .cartesian)
    #expect(try world.topology == nil)
    for _ in 0..<200 { _ = try world.cartesian([1]) }
    #expect(try world.allReduce(1, .sum) == world.size)
  }
}
