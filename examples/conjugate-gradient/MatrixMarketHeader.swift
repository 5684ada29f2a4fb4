import ExampleSupport

/// What the first lines of a Matrix Market file say (R. Boisvert, R. Pozo, K. Remington, "The Matrix Market exchange
/// formats", NISTIR 5935, 1996).
struct MatrixMarketHeader {
  enum Format: String { case coordinate, array }
  enum Field: String { case real, integer, pattern }
  enum Symmetry: String { case general, symmetric }

  let format: Format
  let field: Field
  let symmetry: Symmetry
  let rows: Int
  let columns: Int

  /// Lines after the header.
  let entries: Int

  /// Reads the banner and the line of sizes.
  init(banner: [UInt8], sizes: [UInt8], path: String) throws {
    let words = Self.words(banner).map { $0.lowercased() }
    guard words.count == 5, words[0] == "%%matrixmarket", words[1] == "matrix" else {
      throw ExampleError(
        "\(path): The first line is no header of a Matrix Market file, such as "
          + "\"%%MatrixMarket matrix coordinate real symmetric\".")
    }
    guard let format = Format(rawValue: words[2]) else {
      throw ExampleError("\(path): The format is \"\(words[2])\"; coordinate and array can be read.")
    }
    guard let field = Field(rawValue: words[3]), format == .coordinate || field != .pattern else {
      throw ExampleError("\(path): The entries are \"\(words[3])\"; real, integer and pattern ones can be read.")
    }
    guard let symmetry = Symmetry(rawValue: words[4]) else {
      throw ExampleError("\(path): The matrix is \"\(words[4])\"; general and symmetric ones can be read.")
    }
    let numbers = Self.words(sizes).map { Int($0) ?? -1 }
    guard numbers.count == (format == .coordinate ? 3 : 2), numbers.allSatisfy({ $0 >= 0 }) else {
      throw ExampleError(
        "\(path): The line of sizes is \"\(String(decoding: sizes.prefix(80), as: UTF8.self))\"; it must be rows, "
          + "columns\(format == .coordinate ? " and entries" : ""), numbers of 0 or more.")
    }
    self.format = format
    self.field = field
    self.symmetry = symmetry
    rows = numbers[0]
    columns = numbers[1]
    let (cells, isOverflow) = rows.multipliedReportingOverflow(by: columns)
    entries = format == .coordinate ? numbers[2] : isOverflow ? .max : cells
  }

  private static func words(_ line: [UInt8]) -> [String] {
    line.split { $0 == 32 || $0 == 9 || $0 == 13 }.map { String(decoding: $0, as: UTF8.self) }
  }
}
