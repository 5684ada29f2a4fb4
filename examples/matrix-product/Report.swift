import DistributedArrays
import ExampleSupport
import MatrixExampleSupport

/// What there is to say at the end.
struct Report {
  let plan: ProductPlan
  let kind: NumPyElementKind
  let seconds: Double
  let operations: Double
  let peak: Double
  let bytesSent: Int
  let check: ProductCheck?
  let output: String?
  let peakMemory: Int

  private var gigaflops: Double { seconds > 0 ? operations / seconds / 1e9 : 0 }
  private var fraction: Double { gigaflops * 1e9 / peak }

  var json: JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("rows", .integer(Int128(plan.rows))), ("inner", .integer(Int128(plan.inner))),
      ("columns", .integer(Int128(plan.columns))), ("ranks", .integer(Int128(plan.ranks))),
      ("element", .string(kind.name)), ("grid", .array(plan.grid.extents.map { .integer(Int128($0)) })),
      ("seconds", .number(seconds)), ("gigaflopsPerSecond", .number(gigaflops)), ("fractionOfPeak", .number(fraction)),
      ("bytesSentPerRank", .integer(Int128(bytesSent))),
      ("lowerBoundBytesPerRank", .integer(Int128(plan.lowerBoundBytesPerRank))),
    ]
    if let check { members.append(("relativeError", .number(check.relativeError))) }
    return .members(members)
  }

  var text: String {
    let extents = plan.grid.extents.map(String.init).joined(separator: " × ")
    var lines = ["\(plan.rows) × \(plan.columns), of \(plan.inner) terms each, of \(kind)"]
    lines.append("  on \(plan.ranks) \(plan.ranks == 1 ? "rank" : "ranks"), as \(extents)")
    lines.append(
      "  \((seconds * 1e6).rounded() / 1e6) s, \((gigaflops * 10).rounded() / 10) GFLOP/s, "
        + "\((fraction * 1000).rounded() / 10) % of what the cores do without messages")
    lines.append(
      "  each rank sent at most \(bytesSent) bytes (by any method \(plan.lowerBoundBytesPerRank)) and used at most "
        + "\(gigabytes(Double(peakMemory))) of memory")
    if let output { lines.append("  product written to \(output)") }
    if let check { lines.append("  checked: \(check.text)") }
    return lines.joined(separator: "\n")
  }
}
