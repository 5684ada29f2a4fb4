import DistributedArrays
import ExampleSupport
import MatrixExampleSupport

/// What there is to say at the end.
struct Report {
  let rows: Int
  let columns: Int
  let ranks: Int
  let kind: NumPyElementKind
  let seconds: Double
  let operations: Double
  let check: ProductCheck?
  let output: String?
  let peakMemory: Int

  private var gigabytesPerSecond: Double {
    seconds > 0 ? Double(rows) * Double(columns) * Double(kind.itemSize) / seconds / 1e9 : 0
  }

  var json: JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("rows", .integer(Int128(rows))), ("columns", .integer(Int128(columns))), ("ranks", .integer(Int128(ranks))),
      ("element", .string(kind.name)), ("seconds", .number(seconds)),
      ("gigabytesPerSecond", .number(gigabytesPerSecond)),
      ("gigaflopsPerSecond", .number(seconds > 0 ? operations / seconds / 1e9 : 0)),
    ]
    if let check { members.append(("relativeError", .number(check.relativeError))) }
    return .members(members)
  }

  var text: String {
    var lines = ["\(rows) elements, of \(columns) terms each, of \(kind) on \(ranks) \(ranks == 1 ? "rank" : "ranks")"]
    lines.append(
      "  \((seconds * 1e6).rounded() / 1e6) s, \((gigabytesPerSecond * 10).rounded() / 10) GB/s of the matrix; at most "
        + "\(gigabytes(Double(peakMemory))) of memory on a rank")
    if let output { lines.append("  product written to \(output)") }
    if let check { lines.append("  checked: \(check.text)") }
    return lines.joined(separator: "\n")
  }
}
