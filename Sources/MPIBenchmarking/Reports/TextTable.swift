/// Cells in columns, for people: each column as wide as its widest cell, all but the first right-aligned.
public struct TextTable: Sendable {
  private var rows: [[String]]

  /// A table with a line of titles.
  public init(titles: [String]) { rows = [titles] }

  /// Adds a line; what it has less than the titles stays empty.
  public mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines, without a line feed at the end.
  public var text: String {
    let columns = rows[0].count
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for column in 0..<columns {
        let cell = column < row.count ? row[column] : ""
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + padding : "  " + padding + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

/// A number with so many decimals, with a point in any locale.
public func decimal(_ value: Double, _ places: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return value.description }
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 1e18 else { return value.description }
  let digits = String(UInt64(scaled))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard places > 0 else { return sign + padded }
  return sign + padded.dropLast(places) + "." + padded.suffix(places)
}

/// A number with about so many digits that mean something, for tables.
public func brief(_ value: Double) -> String {
  switch abs(value) {
  case 1000...: decimal(value, 0)
  case 100...: decimal(value, 1)
  case 10...: decimal(value, 2)
  default: decimal(value, 3)
  }
}
