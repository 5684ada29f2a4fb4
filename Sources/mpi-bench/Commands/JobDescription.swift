import ExampleSupport
import MPI
import MPIBenchmarking

/// What was measured where.
struct JobDescription {
  let ranks: Int
  let element: String
  let batches: Int

  private var host: String { (try? processorName()) ?? "unknown" }

  var title: String { "\(MPIEnvironment.builtAgainst), \(ranks) ranks, \(element)" }

  func json(_ rows: [Row]) -> JSONValue {
    .object([
      "mpi": .string(MPIEnvironment.builtAgainst), "ranks": .integer(Int128(ranks)), "host": .string(host),
      "element": .string(element), "batches": .integer(Int128(batches)), "rows": .array(rows.map(\.json)),
    ])
  }
}

extension Row {
  var json: JSONValue {
    let (c, swift) = (times.reference, times.candidate)
    return .object([
      "benchmark": .string(benchmark), "door": .string(door), "bytes": .integer(Int128(bytes)),
      "calls": .integer(Int128(calls)), "unit": .string(unit.name), "c": .number(self.c),
      "swift": .number(self.swift), "ratio": .number(times.ratio), "ratioLow": .number(times.interval.lowerBound),
      "ratioHigh": .number(times.interval.upperBound), "cSeconds": .number(c.median),
      "swiftSeconds": .number(swift.median), "cSpread": .number(c.spread), "swiftSpread": .number(swift.spread),
      "cP99": .number(c.quantile(0.99)), "swiftP99": .number(swift.quantile(0.99)),
      "allocations": pair(allocations), "overlap": pair(overlap),
      "mpi4py": others["mpi4py"].map {
        .object(["seconds": .number($0.candidate.median), "ratio": .number($0.ratio)])
      } ?? .null,
    ])
  }

  private func pair(_ values: (c: Double, swift: Double)?) -> JSONValue {
    values.map { .object(["c": .number($0.c), "swift": .number($0.swift)]) } ?? .null
  }
}
