import DistributedArrays
import ExampleSupport
import MPI

/// Reads a right-hand side.
enum VectorInput {
  /// Reads a vector, and gives each rank the part that belongs to its rows.
  ///
  /// Collective; a failure is thrown on all ranks, agreed.
  static func read(_ path: String, rows: RowBlocks, on world: Communicator) throws -> [Double] {
    let vector =
      path.lowercased().hasSuffix(".npy") ? try numPy(path, rows, world) : try matrixMarket(path, rows, world)
    try world.agree {
      if let index = vector.firstIndex(where: { !$0.isFinite }) {
        throw ExampleError("\(path): Number \(rows.local.lowerBound + index + 1) is \(vector[index]).")
      }
    }
    return vector
  }

  private static func numPy(_ path: String, _ rows: RowBlocks, _ world: Communicator) throws -> [Double] {
    try world.agree {
      let file = try NumPyFile(path: path)
      let shape = file.header.shape
      guard file.header.kind == .float64 else {
        throw ExampleError(
          "\(path): The numbers are \(file.header.kind). Write them as float64, with b.astype(\"f8\").")
      }
      guard shape == [rows.count] || shape == [rows.count, 1] else {
        throw ExampleError("\(path): The array has the shape \(shape), and the matrix \(rows.count) rows.")
      }
      return try file.read(Double.self, range: rows.local)
    }
  }

  private static func matrixMarket(_ path: String, _ rows: RowBlocks, _ world: Communicator) throws -> [Double] {
    let file = try world.agree {
      let file = try MatrixMarketFile(path: path)
      guard file.header.format == .array, file.header.symmetry == .general else {
        throw ExampleError("\(path): A right-hand side is a general dense (array) matrix of one column.")
      }
      guard file.header.rows == rows.count, file.header.columns == 1 else {
        throw ExampleError(
          "\(path): The right-hand side has \(file.header.rows) rows and \(file.header.columns) columns; the matrix has "
            + "\(rows.count) rows.")
      }
      return file
    }
    var values: [Double] = []
    try world.agree {
      try file.eachLine(of: world.rank.index, among: world.size) { line in
        values.append(try line.number())
        try line.end()
      }
    }
    let total = try world.allReduce(values.count, .sum)
    try world.agree {
      guard total == rows.count else {
        throw ExampleError("\(path): The header announces \(rows.count) numbers, and the file has \(total).")
      }
    }
    // The parts of the file are not those of the rows.
    let first = try world.exclusiveScan(values.count, .sum) ?? 0
    var outgoing = [[Double]](repeating: [], count: world.size)
    for (index, value) in values.enumerated() { outgoing[rows.owner(of: first + index)].append(value) }
    return Array(try world.allToAll(outgoing).joined())
  }
}
