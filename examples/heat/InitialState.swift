import DistributedArrays
import ExampleSupport
import MPI

/// How the plate begins.
protocol InitialState {
  var rows: Int { get }
  var columns: Int { get }

  /// The temperatures of a part of the plate, row by row. Local.
  func temperatures(rows: Range<Int>, columns: Range<Int>) throws -> [Double]
}

/// Round hot spots of random size and temperature on a cold plate.
struct HotSpots: InitialState {
  let rows: Int
  let columns: Int
  private let spots: [Spot]

  private struct Spot {
    var row: Double
    var column: Double
    var squaredRadius: Double
    var temperature: Double
  }

  init(rows: Int, columns: Int, seed: UInt64) {
    self.rows = rows
    self.columns = columns
    let random = IndexedRandom(seed: seed, stream: 0)
    spots = (0..<12).map { spot in
      func number(_ index: Int) -> Double { random.uniform(at: 4 * spot + index) }
      let radius = (0.03 + 0.12 * number(2)) * Double(max(rows, columns))
      return Spot(
        row: number(0) * Double(rows), column: number(1) * Double(columns), squaredRadius: radius * radius,
        temperature: 20 + 80 * number(3))
    }
  }

  func temperatures(rows: Range<Int>, columns: Range<Int>) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns {
        var temperature = 0.0
        for spot in spots {
          let (y, x) = (Double(row) - spot.row, Double(column) - spot.column)
          if y * y + x * x <= spot.squaredRadius { temperature = max(temperature, spot.temperature) }
        }
        result.append(temperature)
      }
    }
    return result
  }
}

/// What a NumPy file says.
struct FileState: InitialState {
  let path: String
  let rows: Int
  let columns: Int

  init(path: String) throws {
    let header = try NumPyFile(path: path).header
    guard header.kind == .float64 else {
      throw ExampleError("\(path): The temperatures are \(header.kind). Write them as float64, with a.astype(\"f8\").")
    }
    guard header.shape.count == 2, header.count > 0, !header.isFortranOrder || header.shape.contains(1) else {
      throw ExampleError(
        "\(path): A plate is an array of rows and columns in row-major order, with at least one cell; this one has the "
          + "shape \(header.shape)\(header.isFortranOrder ? " in column-major order" : "").")
    }
    self.path = path
    rows = header.shape[0]
    columns = header.shape[1]
  }

  func temperatures(rows: Range<Int>, columns: Range<Int>) throws -> [Double] {
    var result = [Double](repeating: 0, count: rows.count * columns.count)
    var span = result.mutableSpan
    try NumPyFile(path: path).read(
      into: &span,
      runs: NumPyRuns(
        start: rows.lowerBound * self.columns + columns.lowerBound, length: columns.count, stride: self.columns,
        count: rows.count))
    if let index = result.firstIndex(where: { !$0.isFinite }) {
      throw ExampleError(
        "\(path): The temperature of row \(rows.lowerBound + index / columns.count), column "
          + "\(columns.lowerBound + index % columns.count) is \(result[index]), which is no number to compute with.")
    }
    return result
  }
}
