public import DistributedArrays
internal import ExampleSupport
internal import Foundation
public import MPI

/// A `.npy` file with a matrix, in either order.
///
/// One in column-major (Fortran) order is the transpose of a row-major one, and is read as that: whoever multiplies it
/// says so to the multiplication, at no cost.
public struct MatrixFile: Sendable {
  /// Its name.
  public let path: String
  /// What its header says.
  public let header: NumPyHeader

  /// Looks at a file. Local.
  ///
  /// - Throws: ``NumPyError``, or an `ExampleError` if there is no matrix in it.
  public init(path: String) throws {
    self.path = path
    header = try NumPyFile(path: path).header
    guard header.shape.count == 2 else {
      throw ExampleError(
        "\(path) has the shape \(shapeText(header.shape)): a matrix has two dimensions. Use a.reshape(…) in NumPy.")
    }
    guard matrixElementType(header.kind) != nil else {
      throw ExampleError("\(path): Elements of type \(header.kind) are not multiplied here. Convert the array.")
    }
  }

  /// Rows of the matrix.
  public var rows: Int { header.shape[0] }
  /// Columns of the matrix.
  public var columns: Int { header.shape[1] }

  /// Reads the matrix, each rank its own part: as it lies in the file, so the transpose for column-major order.
  ///
  /// Collective; a failure is thrown on all ranks, agreed.
  ///
  /// - Parameters:
  ///   - distribution: Who gets what of the matrix as it lies in the file, rows and columns in ranges.
  ///   - world: The processes.
  public func read<Element: MatrixElement>(
    _: Element.Type, as distribution: Distribution, on world: Communicator
  ) throws -> DistributedMatrix<Element> {
    var matrix = try DistributedMatrix<Element>(repeating: .zero, as: distribution, on: world)
    let runs = Self.runs(of: matrix)
    var elements = matrix.mutableLocalElements
    let file = path
    try world.agree { try NumPyFile(path: file).read(into: &elements, runs: runs) }
    return matrix
  }

  /// Where this rank's part of a matrix lies in a row-major file.
  static func runs<Element>(of matrix: DistributedMatrix<Element>) -> NumPyRuns {
    let (rows, columns) = (matrix.localRows.range ?? 0..<0, matrix.localColumns.range ?? 0..<0)
    return NumPyRuns(
      start: rows.lowerBound * matrix.columns + columns.lowerBound, length: columns.count, stride: matrix.columns,
      count: rows.count)
  }

  /// Writes a matrix in row-major order, each rank its own part; the file appears when it is complete.
  ///
  /// Collective; a failure is thrown on all ranks, agreed, and leaves no file behind.
  public static func write<Element: MatrixElement>(_ matrix: DistributedMatrix<Element>, to path: String) throws {
    let runs = runs(of: matrix)
    try NumPyFile.write(
      to: path, kind: Element.numPyKind, shape: matrix.shape, on: matrix.communicator,
      part: { try $0.write(matrix.localElements, runs: runs) })
  }

  /// Whether two names are of the same file.
  public static func isSame(_ path: String, _ other: String) -> Bool {
    let paths = [path, other].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    return paths[0] == paths[1]
  }
}

/// A shape as NumPy prints it.
public func shapeText(_ shape: [Int]) -> String {
  "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
}
