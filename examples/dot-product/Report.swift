import DistributedArrays
import ExampleSupport

/// What there is to say at the end.
struct Report {
  let result: JSONValue
  let length: Int
  let ranks: Int
  let kind: NumPyElementKind
  let seconds: Double
  let partials: [JSONValue]
  let checks: [String]
  let output: String?
  let peakMemory: Int

  private var gigabytesPerSecond: Double {
    seconds > 0 ? Double(2 * length * kind.itemSize) / seconds / 1e9 : 0
  }

  var json: JSONValue {
    .object([
      "result": result, "length": .integer(Int128(length)), "ranks": .integer(Int128(ranks)),
      "element": .string(kind.name), "seconds": .number(seconds),
      "gigabytesPerSecond": .number(gigabytesPerSecond), "partials": .array(partials),
    ])
  }

  var text: String {
    var lines = ["\(result)"]
    lines.append("  the dot product of \(length) elements of \(kind) on \(ranks) \(ranks == 1 ? "rank" : "ranks")")
    let microseconds = (seconds * 1e6).rounded() / 1e6
    let speed = (gigabytesPerSecond * 10).rounded() / 10
    lines.append("  \(microseconds) s, \(speed) GB/s; at most \(gigabytes(Double(peakMemory))) of memory on a rank")
    if let output { lines.append("  products written to \(output)") }
    lines += checks.map { "  checked: \($0)" }
    return lines.joined(separator: "\n")
  }
}
