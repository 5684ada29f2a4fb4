import ExampleSupport

/// What there is to say at the end.
struct Report {
  let rows: Int
  let columns: Int
  let steps: Int
  let ranks: Int
  let shape: ProcessGridShape
  let boundary: Boundary
  let seconds: Double
  let before: Summary
  let after: Summary
  let checks: [String]
  let files: [String]
  let peakMemory: Int

  private var updatesPerSecond: Double {
    seconds > 0 ? Double(rows) * Double(columns) * Double(steps) / seconds : 0
  }

  var json: JSONValue {
    .object([
      "rows": .integer(Int128(rows)), "columns": .integer(Int128(columns)), "steps": .integer(Int128(steps)),
      "ranks": .integer(Int128(ranks)),
      "processGrid": .array([.integer(Int128(shape.rows)), .integer(Int128(shape.columns))]),
      "boundary": .string(boundary.rawValue), "seconds": .number(seconds),
      "cellUpdatesPerSecond": .number(updatesPerSecond), "minimum": .number(after.minimum),
      "maximum": .number(after.maximum), "mean": .number(after.mean), "initialMean": .number(before.mean),
    ])
  }

  var text: String {
    let cells = "\(rows) × \(columns) cells"
    var lines = ["\(steps) \(steps == 1 ? "step" : "steps") of a plate of \(cells), \(boundary.rawValue)"]
    lines.append("  on \(ranks) \(ranks == 1 ? "rank" : "ranks") in a grid of \(shape.rows) × \(shape.columns)")
    lines.append(
      "  \(rounded(after.minimum)) to \(rounded(after.maximum)); mean \(after.mean), \(before.mean) at the start")
    let millions = (updatesPerSecond / 1e5).rounded() / 10
    lines.append("  \((seconds * 1e6).rounded() / 1e6) s, \(millions) million cells a second; at most ")
    lines[3] += "\(gigabytes(Double(peakMemory))) of memory on a rank"
    lines += checks.map { "  checked: \($0)" }
    lines += files.map { "  written: \($0)" }
    return lines.joined(separator: "\n")
  }

  private func rounded(_ temperature: Double) -> Double { (temperature * 1e4).rounded() / 1e4 }
}
