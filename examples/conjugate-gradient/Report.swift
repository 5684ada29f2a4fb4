import ExampleSupport

/// What there is to say at the end.
struct Report {
  let rows: Int
  let nonzeros: Int
  let ranks: Int
  let usesJacobi: Bool
  let solution: Solver.Solution
  let trueResidual: Double?
  let seconds: Double
  let showsHistory: Bool
  let output: String?

  private var residual: Double { solution.history.last ?? 0 }

  var json: JSONValue {
    .object([
      "rows": .integer(Int128(rows)), "nonzeros": .integer(Int128(nonzeros)), "ranks": .integer(Int128(ranks)),
      "preconditioner": .string(usesJacobi ? "jacobi" : "none"),
      "iterations": .integer(Int128(solution.iterations)), "residual": .number(residual),
      "trueResidual": trueResidual.map { .number($0) } ?? .null, "seconds": .number(seconds),
      "history": showsHistory ? .array(solution.history.map { .number($0) }) : .null,
    ])
  }

  var text: String {
    let method = usesJacobi ? "with Jacobi's preconditioner" : "without a preconditioner"
    var lines = ["\(rows) equations, \(nonzeros) entries, on \(ranks) \(ranks == 1 ? "rank" : "ranks")"]
    let count = "\(solution.iterations) \(solution.iterations == 1 ? "iteration" : "iterations")"
    lines.append("  \(count) \(method); the relative residual is \(residual)")
    lines.append("  \((seconds * 1e6).rounded() / 1e6) s")
    if let trueResidual { lines.append("  checked: computed from x, the relative residual is \(trueResidual)") }
    if let output { lines.append("  written: \(output)") }
    return lines.joined(separator: "\n")
  }
}
