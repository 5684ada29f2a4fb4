import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Grids of processes.
@Suite(.ranked) struct ProcessGridTests {
  @Test func places() throws {
    for columns in 1...world.size {
      let grid = try ProcessGrid(rows: world.size / columns, columns: columns, on: world)
      for rank in world.ranks {
        guard let place = grid.coordinates(of: rank) else {
          #expect(rank.index >= grid.count)
          continue
        }
        #expect(place == [rank.index / columns, rank.index % columns] && grid.rank(at: place) == rank)
      }
    }
    #expect(try ProcessGrid(rows: 1, columns: 1, layers: world.size, on: world).extents == [1, 1, world.size])
    #expect(throws: DistributedArrayError.self) { try ProcessGrid(rows: world.size + 1, columns: 1, on: world) }
    #expect(throws: DistributedArrayError.self) { try ProcessGrid([], on: world) }
    #expect(throws: DistributedArrayError.self) { try ProcessGrid(rows: 0, columns: 1, on: world) }
  }

  @Test func communicatorsAlongDimensions() throws {
    let grid = try ProcessGrid(rows: min(world.size, 2), columns: max(world.size / 2, 1), on: world)
    for dimensions in [[0], [1], [0, 1], []] {
      let part = try grid.communicator(along: dimensions)
      guard let place = grid.coordinates else {
        #expect(part == nil)
        continue
      }
      let mates = world.ranks.filter { rank in
        guard let other = grid.coordinates(of: rank) else { return false }
        return place.indices.allSatisfy { dimensions.contains($0) || place[$0] == other[$0] }
      }
      #expect(try part?.allGather(world.rank.index) == mates.map(\.index))
      #expect(try part === grid.communicator(along: dimensions))
    }
  }

  @Test func balance() throws {
    let square = try ProcessGrid.balanced(dimensions: 2, for: [1000, 1000], on: world)
    #expect(square.extents == [1: [1, 1], 2: [2, 1], 3: [3, 1], 4: [2, 2], 7: [7, 1]][world.size])
    #expect(try ProcessGrid.balanced(dimensions: 2, for: [1000, 1], on: world).extents == [world.size, 1])
    #expect(try ProcessGrid.balanced(dimensions: 1, for: [5], on: world).extents == [world.size])
    #expect(throws: DistributedArrayError.self) { try ProcessGrid.balanced(dimensions: 2, for: [5], on: world) }
  }
}
