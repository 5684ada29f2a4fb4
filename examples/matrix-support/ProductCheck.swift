internal import ComplexModule
public import DistributedArrays
internal import ExampleSupport
internal import MPI

/// Checks of products that share no code with the library's: by definition when they are small, else by chance.
///
/// Freivalds' check ("Probabilistic machines can use less running time", 1977): for a random vector x of zeros and ones, C
/// x is compared with A (B x). An element of C that is wrong by more than twice the tolerance is missed by one vector
/// with a probability of at most 1/2.
public struct ProductCheck {
  /// How many random vectors there are.
  public static let vectors = 20
  /// How many are multiplied at a time.
  private static let width = 4

  /// The largest error found, in units of the sum of the terms' magnitudes.
  public let relativeError: Double
  /// What was done, in words.
  public let text: String

  /// Checks a product; collective.
  ///
  /// - Parameters:
  ///   - left: A, and what was done to it.
  ///   - right: B, and what was done to it.
  ///   - result: C; each matrix in a distribution without copies.
  /// - Throws: On all ranks, agreed, if the product is wrong.
  public init<Element: MatrixElement>(
    _ left: DistributedMatrix<Element>, _ leftOperation: MatrixOperation, _ right: DistributedMatrix<Element>,
    _ rightOperation: MatrixOperation, _ result: DistributedMatrix<Element>
  ) throws {
    let inner = leftOperation.isTransposing ? left.rows : left.columns
    let (rows, columns) = (result.rows, result.columns)
    let isSmall = rows * inner * columns <= 1 << 20
    var worst = 0.0
    if isSmall {
      worst = try Self.definition(left, leftOperation, right, rightOperation, result, inner)
    } else {
      let random = IndexedRandom(seed: UInt64(truncatingIfNeeded: rows ^ inner << 20 ^ columns << 40), stream: 9)
      for start in stride(from: 0, to: Self.vectors, by: Self.width) {
        let x = (0..<columns * Self.width).map { random.bits(at: start * columns + $0) & 1 == 1 }
        let numbers = x.map { $0 ? Element.Check.one : .zero }
        let sizes = x.map { $0 ? 1.0 : 0.0 }
        let inside = try Self.times(right, rightOperation, numbers, sizes, width: Self.width)
        let expected = try Self.times(left, leftOperation, inside.numbers, inside.sizes, width: Self.width)
        let found = try Self.times(result, .none, numbers, sizes, width: Self.width)
        for index in expected.numbers.indices {
          let distance = found.numbers[index].distance(to: expected.numbers[index], bytes: MemoryLayout<Element>.size)
          let size = max(expected.sizes[index], .leastNormalMagnitude)
          // Errors of all terms of a row add up in C x.
          worst = max(worst, distance == 0 ? 0 : distance / size)
        }
      }
    }
    relativeError = worst
    let allowed = Element.tolerance(terms: inner + (isSmall ? 0 : columns))
    text =
      isSmall
      ? "computed by definition, no element differs by more than \(worst) of its terms' magnitudes"
      : "Freivalds' check with \(Self.vectors) vectors: relative error \(worst); a wrong element would have been "
        + "missed with a probability below 2^-\(Self.vectors)"
    try left.communicator.agree { try Self.require(worst, atMost: allowed) }
  }

  /// Checks a product of a matrix and a vector, every element of it, by computing it again in double precision.
  ///
  /// Collective.
  ///
  /// - Throws: On all ranks, agreed, if the product is wrong.
  public init<Element: MatrixElement>(
    _ matrix: DistributedMatrix<Element>, _ operation: MatrixOperation, _ x: DistributedVector<Element>,
    _ y: DistributedVector<Element>
  ) throws {
    let numbers = try x.gatheredEverywhere().map(\.check)
    let expected = try Self.times(matrix, operation, numbers, numbers.map(\.size), width: 1)
    var worst = 0.0
    for (index, element) in try y.gatheredEverywhere().enumerated() {
      let distance = element.check.distance(to: expected.numbers[index], bytes: MemoryLayout<Element>.size)
      worst = max(worst, distance == 0 ? 0 : distance / max(expected.sizes[index], .leastNormalMagnitude))
    }
    relativeError = worst
    text = "computed again, no element differs by more than \(worst) of its terms' magnitudes"
    try matrix.communicator.agree { try Self.require(worst, atMost: Element.tolerance(terms: x.count)) }
  }

  private static func require(_ worst: Double, atMost allowed: Double) throws {
    guard worst <= allowed else {
      throw ExampleError("Wrong product: it differs by \(worst) of the terms' magnitudes, over \(allowed).")
    }
  }

  /// A matrix, after its operation, times some vectors of which every rank has all.
  ///
  /// - Returns: The products, and those of the magnitudes, on every rank.
  @_specialize(where Element == Double)
  @_specialize(where Element == Float)
  @_specialize(where Element == Complex<Double>)
  @_specialize(where Element == Complex<Float>)
  @_specialize(where Element == Int64)
  @_specialize(where Element == Int32)
  private static func times<Element: MatrixElement>(
    _ matrix: DistributedMatrix<Element>, _ operation: MatrixOperation, _ x: [Element.Check], _ sizes: [Double],
    width: Int
  ) throws -> (numbers: [Element.Check], sizes: [Double]) {
    let count = (operation.isTransposing ? matrix.columns : matrix.rows) * width
    var products = [Element.Check](repeating: .zero, count: count)
    var magnitudes = [Double](repeating: 0, count: count)
    let elements = matrix.localElements
    let columns = matrix.localColumns.range ?? 0..<0
    var next = 0
    for row in matrix.localRows {
      for column in columns {
        let (to, from) = operation.isTransposing ? (column, row) : (row, column)
        let element = elements[next].check
        let size = element.size
        next += 1
        for vector in 0..<width {
          products[to * width + vector].add(element, x[from * width + vector])
          magnitudes[to * width + vector] += size * sizes[from * width + vector]
        }
      }
    }
    try matrix.communicator.allReduce(&products, .sum)
    try matrix.communicator.allReduce(&magnitudes, .sum)
    return (products, magnitudes)
  }

  /// The largest difference from a product computed by its definition, on one rank.
  private static func definition<Element: MatrixElement>(
    _ left: DistributedMatrix<Element>, _ leftOperation: MatrixOperation, _ right: DistributedMatrix<Element>,
    _ rightOperation: MatrixOperation, _ result: DistributedMatrix<Element>, _ inner: Int
  ) throws -> Double {
    let (a, b, c) = (try left.gathered(), try right.gathered(), try result.gathered())
    var worst = 0.0
    if let a, let b, let c {
      for row in 0..<result.rows {
        for column in 0..<result.columns {
          var sum = Element.Check.zero
          var size = 0.0
          for term in 0..<inner {
            let x = a[leftOperation.isTransposing ? term * left.columns + row : row * left.columns + term].check
            let y = b[rightOperation.isTransposing ? column * right.columns + term : term * right.columns + column]
              .check
            sum.add(x, y)
            size += x.size * y.size
          }
          let distance = c[row * result.columns + column].check.distance(to: sum, bytes: MemoryLayout<Element>.size)
          worst = max(worst, distance == 0 ? 0 : distance / max(size, .leastNormalMagnitude))
        }
      }
    }
    return try left.communicator.broadcast(left.communicator.isRoot ? worst : nil, from: 0)
  }
}
