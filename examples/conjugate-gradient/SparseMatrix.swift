import MPI

/// This rank's rows of a sparse matrix, in two parts: what meets its own numbers, and what meets those of other ranks.
final class SparseMatrix {
  let world: Communicator

  /// Entries of the whole matrix.
  let nonzeros: Int

  /// The diagonal entries of the rows.
  let diagonal: [Double]

  private let own: CompressedRows
  private let foreign: CompressedRows
  private let plan: ExchangePlan
  private var outgoing: [Double]
  private var incoming: [Double]

  /// Divides the rows and makes the plan. Collective.
  init(_ matrix: MatrixEntries, on world: Communicator) throws {
    self.world = world
    let local = matrix.rows.local
    nonzeros = try world.allReduce(matrix.entries.count, .sum)
    var diagonal = [Double](repeating: 0, count: local.count)
    for entry in matrix.entries where entry.row == entry.column { diagonal[entry.row - local.lowerBound] = entry.value }
    self.diagonal = diagonal

    let needed = Set(matrix.entries.lazy.map(\.column).filter { !local.contains($0) }).sorted()
    var places: [Int: Int32] = [:]
    for (place, row) in needed.enumerated() { places[row] = Int32(place) }
    own = CompressedRows(matrix.entries, rows: local) { local.contains($0) ? Int32($0 - local.lowerBound) : nil }
    foreign = CompressedRows(matrix.entries, rows: local) { places[$0] }
    plan = try ExchangePlan(needed: needed, rows: matrix.rows, on: world)
    outgoing = [Double](repeating: 0, count: plan.sentCount)
    incoming = [Double](repeating: 0, count: plan.receivedCount)
  }

  /// The product with a vector. Collective: a message from and to each rank that shares an equation.
  func times(_ x: [Double]) throws -> [Double] {
    var product = [Double](repeating: 0, count: x.count)
    try multiply(x, into: &product)
    return product
  }

  /// The product with a vector, in an array that is there.
  func multiply(_ x: [Double], into product: inout [Double]) throws {
    try plan.exchange(x, through: &outgoing, into: &incoming) { own.multiply(x, into: &product) }
    foreign.add(incoming, to: &product)
  }
}

/// Entries row by row, as places in a vector and what they are multiplied with (compressed sparse rows).
struct CompressedRows {
  /// Where each row begins, and where the last ends.
  private var starts: [Int]
  private var places: [Int32] = []
  private var values: [Double] = []

  /// Rows that have an entry.
  private var used: [Int] = []

  /// Takes those entries that have a place.
  ///
  /// - Parameters:
  ///   - entries: Sorted by row.
  ///   - rows: Which rows, counted in the whole matrix.
  ///   - place: Where the number that a column is multiplied with lies; `nil` for columns that are not taken.
  init(_ entries: [Entry], rows: Range<Int>, place: (_ column: Int) -> Int32?) {
    starts = [0]
    starts.reserveCapacity(rows.count + 1)
    for entry in entries {
      guard let place = place(entry.column) else { continue }
      let row = entry.row - rows.lowerBound
      while starts.count <= row { starts.append(places.count) }
      if used.last != row { used.append(row) }
      places.append(place)
      values.append(entry.value)
    }
    while starts.count <= rows.count { starts.append(places.count) }
  }

  /// The product of all rows with a vector.
  func multiply(_ x: [Double], into product: inout [Double]) {
    let (x, places, values, starts) = (x.span, places.span, values.span, starts.span)
    var product = product.mutableSpan
    var start = starts[0]
    for row in 0..<product.count {
      let end = starts[row + 1]
      product[row] = Self.sum(start..<end, places, values, x)
      start = end
    }
  }

  /// Adds the product with another vector, in the rows that have an entry.
  func add(_ x: [Double], to product: inout [Double]) {
    let (x, places, values) = (x.span, places.span, values.span)
    for row in used { product[row] += Self.sum(starts[row]..<starts[row + 1], places, values, x) }
  }

  @inline(__always)
  private static func sum(
    _ range: Range<Int>, _ places: Span<Int32>, _ values: Span<Double>, _ x: Span<Double>
  ) -> Double {
    let (places, values) = (places.extracting(range), values.extracting(range))
    var sum = 0.0
    for index in 0..<values.count { sum += values[index] * x[Int(places[index])] }
    return sum
  }
}
