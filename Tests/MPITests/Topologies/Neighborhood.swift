import MPI
import TestSupport
import Testing

/// A communicator with neighbours, and what every process's neighbours are, computed by rank 0's rules on every rank.
struct Neighborhood {
  var name: String
  var communicator: TopologyCommunicator
  /// By rank, what is received from whom; `nil` where there is nobody.
  var sources: [[Int?]]
  var destinations: [[Int?]]

  var me: Int { communicator.rank.index }

  /// Grids with walls and without, a ring of one direction, a star, a graph with double edges, one without any.
  static func all() throws -> [Neighborhood] {
    var result: [Neighborhood] = []
    let size = world.size
    for isPeriodic in [[false, false], [true, false], [true, true]] {
      let dimensions = try CartesianCommunicator.balancedDimensions(2, of: size)
      let grid = try #require(try world.cartesian(dimensions, isPeriodic: isPeriodic))
      let neighbors = (0..<size).map { rank -> [Int?] in
        let place = [rank / dimensions[1], rank % dimensions[1]]
        return [0, 1].flatMap { dimension in
          [-1, 1].map { offset -> Int? in
            var other = place
            other[dimension] += offset
            let length = dimensions[dimension]
            if isPeriodic[dimension] { other[dimension] = (other[dimension] + length) % length }
            return 0..<length ~= other[dimension] ? other[0] * dimensions[1] + other[1] : nil
          }
        }
      }
      result.append(
        Neighborhood(name: "grid \(isPeriodic)", communicator: grid, sources: neighbors, destinations: neighbors))
    }
    // Edges as pairs; both ends list them in this order.
    let ring = (0..<size).map { ($0, ($0 + 1) % size) }
    let star = (1..<max(size, 1)).map { ($0, 0) } + [(0, size - 1)]
    let twice = ring + ring.map { ($0.1, $0.0) } + ring
    for (name, edges) in [("ring", ring), ("star", star), ("twice", twice), ("none", [])] {
      let sources = (0..<size).map { rank in edges.filter { $0.1 == rank }.map { Optional($0.0) } }
      let destinations = (0..<size).map { rank in edges.filter { $0.0 == rank }.map { Optional($0.1) } }
      let graph = try world.graph(
        from: sources[world.rank.index].map { Rank($0!) }, to: destinations[world.rank.index].map { Rank($0!) })
      result.append(Neighborhood(name: name, communicator: graph, sources: sources, destinations: destinations))
    }
    return result
  }

  /// Which of a source's blocks arrives as this rank's block: edges of the same pair arrive in order, and those of a grid
  /// come out of the opposite side.
  func block(from position: Int, at rank: Int) -> (source: Int, position: Int)? {
    guard let source = sources[rank][position] else { return nil }
    if communicator is CartesianCommunicator { return (source, position ^ 1) }
    let earlier = sources[rank][..<position].count { $0 == source }
    let edges = destinations[source].indices.filter { destinations[source][$0] == rank }
    return (source, edges[earlier])
  }
}

extension Neighborhood {
  /// Whether layouts can be exchanged: MPICH does it wrong, and is not asked, where more comes in than goes out.
  var takesLayouts: Bool {
    MPIEnvironment.Implementation.built != .mpich
      || zip(sources, destinations).allSatisfy { $0.count <= $1.count }
  }
}
