import DistributedArrays
import ExampleSupport
import MPI
import MatrixExampleSupport

/// Where the matrix and the vector come from.
enum Input {
  case random(rows: Int, columns: Int, seed: UInt64)
  case files(matrix: MatrixFile, vector: String)

  /// Checks that two files hold a matrix and a vector that can be multiplied, and that the output is neither of them.
  ///
  /// Collective: a mistake is thrown on all ranks, agreed.
  init(_ a: String, _ x: String, _ transposes: Bool, output: String?, on world: Communicator) throws {
    self = try world.agree {
      let matrix = try MatrixFile(path: a)
      let vector = try NumPyFile(path: x).header
      guard vector.shape.count == 1 else {
        throw ExampleError("\(x) has the shape \(shapeText(vector.shape)): a vector has one dimension.")
      }
      if matrix.header.kind != vector.kind {
        throw ExampleError(
          "The elements of \(a) are \(matrix.header.kind), those of \(x) are \(vector.kind). "
            + "Convert one of them, with a.astype(…) in NumPy.")
      }
      let columns = transposes ? matrix.rows : matrix.columns
      if columns != vector.count {
        throw ExampleError(
          "\(a)\(transposes ? ", transposed," : "") has \(columns) columns and \(x) has \(vector.count) elements: "
            + "they must be as many. The shapes are \(shapeText(matrix.header.shape)) and \(shapeText(vector.shape)).")
      }
      if let output, MatrixFile.isSame(output, a) || MatrixFile.isSame(output, x) {
        throw ExampleError("\(output) is one of the inputs. Choose another name for the output.")
      }
      return .files(matrix: matrix, vector: x)
    }
  }

  /// Rows and columns of the matrix as it lies in memory: the transpose of one in column-major order.
  var shape: [Int] {
    switch self {
    case .random(let rows, let columns, _): [rows, columns]
    case .files(let matrix, _):
      matrix.header.isFortranOrder ? [matrix.columns, matrix.rows] : [matrix.rows, matrix.columns]
    }
  }

  /// Whether the matrix lies in memory as its transpose.
  var isTransposed: Bool {
    if case .files(let matrix, _) = self { matrix.header.isFortranOrder } else { false }
  }

  /// The type of the elements in files.
  var elementType: (any MatrixElement.Type)? {
    if case .files(let matrix, _) = self { matrixElementType(matrix.header.kind) } else { nil }
  }

  /// The matrix as it lies in memory, in blocks of rows. Collective.
  func matrix<Element: MatrixElement>(_: Element.Type, on world: Communicator) throws -> DistributedMatrix<Element> {
    let distribution = try Distribution.rows(shape, among: world.size)
    switch self {
    case .files(let matrix, _): return try matrix.read(Element.self, as: distribution, on: world)
    case .random(_, let columns, let seed):
      let random = IndexedRandom(seed: seed, stream: 0)
      return try DistributedMatrix(as: distribution, on: world) { Element.random(random, at: $0 * columns + $1) }
    }
  }

  /// The vector, of so many elements. Collective.
  func vector<Element: MatrixElement>(
    _: Element.Type, count: Int, on world: Communicator
  ) throws -> DistributedVector<Element> {
    switch self {
    case .files(_, let vector): return try DistributedVector(contentsOf: vector, on: world)
    case .random(_, _, let seed):
      let random = IndexedRandom(seed: seed, stream: 1)
      return DistributedVector(count: count, on: world) { Element.random(random, at: $0) }
    }
  }
}
