import DistributedArrays
import MPI

/// Random choices that are the same on every rank, with a seed to repeat them.
struct Dice: RandomNumberGenerator {
  private let random: IndexedRandom
  private var place = 0

  init(_ seed: Int) { random = IndexedRandom(seed: UInt64(bitPattern: Int64(seed)), stream: 77) }

  mutating func next() -> UInt64 {
    place += 1
    return random.bits(at: place)
  }

  mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[roll(0...items.count - 1)] }

  /// A shape with empty, short, prime and longer axes.
  mutating func shape(axes: Int? = nil) -> [Int] {
    let axes = axes ?? roll(1...3)
    let lengths = axes == 1 ? [0, 1, 2, 3, 7, 13, 31, 64, 97, 200] : [0, 1, 1, 2, 3, 5, 7, 8, 11, 13]
    return (0..<axes).map { _ in roll(0...9) == 0 ? 0 : pick(lengths) }
  }

  /// Any distribution over at most so many ranks: nested, dealt out, of given lengths, replicated, over fewer ranks.
  mutating func distribution(_ shape: [Int], ranks: Int) throws -> Distribution {
    var grid: [Int] = []
    var room = ranks
    for _ in 0..<roll(1...3) {
      let extent = roll(0...3) == 0 ? roll(1...room) : pick((1...room).filter { room % $0 == 0 })
      grid.append(extent)
      room /= extent
    }
    var divisions = [[AxisDivision]](repeating: [], count: shape.count)
    for dimension in grid.indices.shuffled(using: &self) {
      let axis = roll(-1...shape.count - 1)
      guard axis >= 0 else { continue }
      let partition: AxisPartition
      switch roll(0...5) {
      case 0: partition = .cyclic
      case 1, 2: partition = .blockCyclic(roll(1...5))
      case 3 where divisions[axis].isEmpty:
        let cuts = (0..<grid[dimension] - 1).map { _ in roll(0...shape[axis]) }.sorted()
        partition = .blocks(lengths: zip([0] + cuts, cuts + [shape[axis]]).map { $1 - $0 })
      default: partition = .block
      }
      divisions[axis].append(AxisDivision(partition, over: dimension))
    }
    return try Distribution(shape, grid: grid, divisions)
  }
}

/// The position of a global index among all, row by row.
func linear(_ index: [Int], _ shape: [Int]) -> Int { zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }

/// All indices of a shape, row by row.
func indices(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { indices, length in indices.flatMap { index in (0..<length).map { index + [$0] } } }
}

extension DistributedElements {
  /// The global indices of the elements on this rank, in their order.
  var localIndexLists: [[Int]] {
    localAxes.reduce([[]]) { lists, axis in lists.flatMap { list in axis.map { list + [$0] } } }
  }

  /// Whether this rank's elements are what a function of the global index says.
  func isLocally(_ element: ([Int]) -> Element) -> Bool where Element: Equatable {
    let lists = localIndexLists
    guard lists.count == localCount else { return false }
    for (position, index) in lists.enumerated() where localElements[position] != element(index) { return false }
    return true
  }
}
