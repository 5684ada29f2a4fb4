import ArgumentParser
import ExampleSupport

/// How many rows and columns of ranks divide the plate.
struct ProcessGridShape: Hashable, ExpressibleByArgument {
  var rows: Int
  var columns: Int

  var count: Int { rows * columns }

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// `2x3`, two rows of three ranks.
  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let rows = parts[0], let columns = parts[1], rows > 0, columns > 0,
      !rows.multipliedReportingOverflow(by: columns).overflow
    else { return nil }
    self.init(rows: rows, columns: columns)
  }

  /// The shape that uses as many ranks as have a cell to compute, and sends least in each step.
  ///
  /// - Parameters:
  ///   - ranks: How many there are.
  ///   - rows: Of the plate, at least 1.
  ///   - columns: Of the plate, at least 1.
  static func best(for ranks: Int, rows: Int, columns: Int) -> ProcessGridShape {
    for count in stride(from: ranks, to: 1, by: -1) {
      let shapes = (1...count).lazy.filter { count.isMultiple(of: $0) && $0 <= rows && count / $0 <= columns }
        .map { ProcessGridShape(rows: $0, columns: count / $0) }
      let best = shapes.min { $0.cost(rows: rows, columns: columns) < $1.cost(rows: rows, columns: columns) }
      if let best { return best }
    }
    return ProcessGridShape(rows: 1, columns: 1)
  }

  /// Values that a rank sends; those of a column lie apart from each other and count twice.
  private func cost(rows: Int, columns: Int) -> Int {
    let along = self.rows > 1 ? (columns - 1) / self.columns + 1 : 0
    let across = self.columns > 1 ? (rows - 1) / self.rows + 1 : 0
    return along + 2 * across
  }

  /// Throws unless every rank of the grid gets a cell.
  func check(ranks: Int, rows: Int, columns: Int) throws {
    guard count <= ranks else {
      throw ExampleError("A process grid of \(self) needs \(count) ranks, and the job has \(ranks).")
    }
    guard self.rows <= rows, self.columns <= columns else {
      throw ExampleError(
        "A plate of \(rows) × \(columns) cells cannot be divided over a process grid of \(self): some ranks would have none."
      )
    }
  }
}

extension ProcessGridShape: CustomStringConvertible {
  var description: String { "\(rows)x\(columns)" }
}
