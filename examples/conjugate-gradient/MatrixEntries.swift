import ExampleSupport
import MPI

/// An entry of a matrix: places are counted from 0.
struct Entry: StructDatatype {
  var row: Int
  var column: Int
  var value: Double
  static let fields = Fields<Entry>(\.row, \.column, \.value)
}

/// The entries of this rank's rows, sorted by row and column, each place once.
struct MatrixEntries {
  let path: String
  let rows: RowBlocks
  let entries: [Entry]

  /// Reads a matrix, each rank a part of the file, and gives each rank its rows.
  ///
  /// Collective; a failure is thrown on all ranks, agreed.
  init(path: String, on world: Communicator) throws {
    let file = try world.agree {
      let file = try MatrixMarketFile(path: path)
      try Self.check(file.header, path)
      return file
    }
    let header = file.header
    let rows = RowBlocks(count: header.rows, on: world)
    (self.path, self.rows) = (path, rows)
    try world.requireMemory(24 * (header.entries / world.size) * (header.symmetry == .symmetric ? 8 : 6))

    // The entries of a part of the file, by the rank that has the row; those of a symmetric matrix also on the other side.
    let (outgoing, read) = try world.agree {
      var outgoing = [[Entry]](repeating: [], count: world.size)
      var read = 0
      try file.eachLine(of: world.rank.index, among: world.size) { line in
        let row = try line.index("row", limit: header.rows)
        let column = try line.index("column", limit: header.columns)
        let value = header.field == .pattern ? 1 : try line.number()
        try line.end()
        read += 1
        outgoing[rows.owner(of: row)].append(Entry(row: row, column: column, value: value))
        guard header.symmetry == .symmetric, row != column else { return }
        guard row > column else {
          throw line.error("an entry above the diagonal is given, although a symmetric file has those below it only")
        }
        outgoing[rows.owner(of: column)].append(Entry(row: column, column: row, value: value))
      }
      return (outgoing, read)
    }
    let total = try world.allReduce(read, .sum)
    try world.agree {
      guard total == header.entries else {
        throw ExampleError("\(path): The header announces \(header.entries) entries, and the file has \(total).")
      }
    }
    let received = Array(try world.allToAll(outgoing).joined())
    entries = Self.sorted(received)
    if header.symmetry == .general { try checkSymmetry(on: world) }
    try checkDiagonal(on: world)
  }

  /// Entries by place; those of the same place are added, in the order of the file.
  private static func sorted(_ entries: [Entry]) -> [Entry] {
    var result: [Entry] = []
    result.reserveCapacity(entries.count)
    let order = entries.indices.sorted {
      (entries[$0].row, entries[$0].column, $0) < (entries[$1].row, entries[$1].column, $1)
    }
    for index in order {
      let entry = entries[index]
      if let last = result.last, last.row == entry.row, last.column == entry.column {
        result[result.count - 1].value += entry.value
      } else {
        result.append(entry)
      }
    }
    return result
  }

  private static func check(_ header: MatrixMarketHeader, _ path: String) throws {
    guard header.format == .coordinate else {
      throw ExampleError("\(path): The matrix is dense (array); a sparse one (coordinate) is needed.")
    }
    guard header.rows == header.columns, header.rows > 0 else {
      throw ExampleError(
        "\(path): The matrix has \(header.rows) rows and \(header.columns) columns; it must be square.")
    }
    guard header.entries >= header.rows else {
      throw ExampleError(
        "\(path): The matrix has \(header.rows) rows and only \(header.entries) entries, so it is not positive definite: "
          + "every diagonal entry would be one.")
    }
  }

  /// Compares each entry with the one on the other side of the diagonal. Collective.
  private func checkSymmetry(on world: Communicator) throws {
    var outgoing = [[Entry]](repeating: [], count: world.size)
    for entry in entries {
      outgoing[rows.owner(of: entry.column)].append(Entry(row: entry.column, column: entry.row, value: entry.value))
    }
    let mirrored = Self.sorted(Array(try world.allToAll(outgoing).joined()))
    try world.agree {
      for index in 0..<max(entries.count, mirrored.count) {
        let (own, other) = (entries.at(index), mirrored.at(index))
        guard let own, let other, own.row == other.row, own.column == other.column else {
          let lonely = [own, other].compactMap(\.self).min { ($0.row, $0.column) < ($1.row, $1.column) }!
          throw ExampleError(
            "\(path): The matrix is not symmetric: of row \(lonely.row + 1), column \(lonely.column + 1) and its opposite "
              + "only one is there.")
        }
        guard own.value == other.value else {
          throw ExampleError(
            "\(path): The matrix is not symmetric: in row \(own.row + 1), column \(own.column + 1) it has \(own.value), "
              + "and \(other.value) on the other side of the diagonal.")
        }
      }
    }
  }

  /// Throws where the diagonal shows that the matrix is not positive definite. Collective.
  private func checkDiagonal(on world: Communicator) throws {
    try world.agree {
      var diagonal = [Double](repeating: 0, count: rows.local.count)
      for entry in entries where entry.row == entry.column { diagonal[entry.row - rows.local.lowerBound] = entry.value }
      if let index = diagonal.firstIndex(where: { !($0 > 0) }) {
        throw ExampleError(
          "\(path): The matrix is not positive definite: the diagonal entry of row \(rows.local.lowerBound + index + 1) "
            + "is \(diagonal[index]).")
      }
    }
  }
}

extension Array {
  fileprivate func at(_ index: Int) -> Element? { index < count ? self[index] : nil }
}
