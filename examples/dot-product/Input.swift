import DistributedArrays
import ExampleSupport
import MPI

/// Where the two arrays come from.
protocol Input {
  associatedtype Element: ProgramElement

  /// How many elements each array has.
  var count: Int { get }

  /// The shape of the products, and whether the first index varies fastest.
  var shape: [Int] { get }
  var isFortranOrder: Bool { get }

  /// Both arrays, spread over the ranks. Collective.
  func vectors(on world: Communicator) throws -> (x: DistributedVector<Element>, y: DistributedVector<Element>)

  /// A few elements of both arrays, once more. Local.
  func elements(_ range: Range<Int>) throws -> (x: [Element], y: [Element])
}

/// Random numbers, which any rank can make again at any time.
struct RandomInput<Element: ProgramElement & BinaryFloatingPoint>: Input {
  let count: Int
  let seed: UInt64

  var shape: [Int] { [count] }
  var isFortranOrder: Bool { false }
  private var xNumbers: IndexedRandom { IndexedRandom(seed: seed, stream: 0) }
  private var yNumbers: IndexedRandom { IndexedRandom(seed: seed, stream: 1) }

  func vectors(on world: Communicator) throws -> (x: DistributedVector<Element>, y: DistributedVector<Element>) {
    (.init(count: count, random: xNumbers, on: world), .init(count: count, random: yNumbers, on: world))
  }

  func elements(_ range: Range<Int>) throws -> (x: [Element], y: [Element]) {
    (range.map { xNumbers.uniform(at: $0) }, range.map { yNumbers.uniform(at: $0) })
  }
}

/// Two files whose arrays match.
struct FileInput<Element: ProgramElement>: Input {
  let files: FilePair

  var count: Int { files.header.count }
  var shape: [Int] { files.header.shape }
  var isFortranOrder: Bool { files.header.isFortranOrder }

  func vectors(on world: Communicator) throws -> (x: DistributedVector<Element>, y: DistributedVector<Element>) {
    (try .init(contentsOf: files.x, on: world), try .init(contentsOf: files.y, on: world))
  }

  func elements(_ range: Range<Int>) throws -> (x: [Element], y: [Element]) {
    (try NumPyFile(path: files.x).read(range: range), try NumPyFile(path: files.y).read(range: range))
  }
}
