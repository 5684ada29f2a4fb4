extension [Row] {
  /// The rows as tables for people, one for each benchmark and form.
  ///
  /// Columns: the size, C and Swift from the medians, the median of the ratios of the times, its confidence interval,
  /// what one measurement is usually off, and the slowest hundredth in Swift over its median.
  public var text: String {
    var tables: [String] = []
    var rest = self[...]
    while let first = rest.first {
      let same = rest.prefix { $0.name == first.name }
      tables.append("\(first.name), \(first.unit.name)\n\(Self.table(Array(same)))")
      rest = rest.dropFirst(same.count)
    }
    return tables.joined(separator: "\n\n")
  }

  private static func table(_ rows: [Row]) -> String {
    let others = rows[0].others.keys.sorted()
    var titles = ["bytes", "C", "Swift", "ratio", "95 % interval", "spread", "p99"]
    for name in others { titles += [name, "× C"] }
    if rows[0].overlap != nil { titles += ["C hidden", "Swift hidden"] }
    if rows[0].allocations != nil { titles += ["C allocations", "Swift"] }
    var table = TextTable(titles: titles)
    for row in rows {
      let interval = row.times.interval
      var cells = [
        "\(row.bytes)", brief(row.c), brief(row.swift), decimal(row.times.ratio, 3),
        "\(decimal(interval.lowerBound, 3))–\(decimal(interval.upperBound, 3))",
        "\(decimal(row.times.candidate.spread * 100, 1)) %",
        decimal(row.times.candidate.quantile(0.99) / row.times.candidate.median, 2),
      ]
      for name in others {
        guard let other = row.others[name] else { continue }
        cells += [
          brief(row.unit.value(seconds: other.candidate.median, bytes: row.bytes)), decimal(other.ratio, 2),
        ]
      }
      if let overlap = row.overlap { cells += [overlap.c, overlap.swift].map { "\(decimal($0 * 100, 0)) %" } }
      if let allocations = row.allocations { cells += [allocations.c, allocations.swift].map { decimal($0, 2) } }
      table.add(cells)
    }
    return table.text
  }

  /// The rows as comma-separated values with a line of titles; times are seconds of one call.
  public var csv: String {
    let others = Set(flatMap(\.others.keys)).sorted()
    var titles = [
      "benchmark", "door", "bytes", "calls", "unit", "c", "swift", "ratio", "ratioLow", "ratioHigh", "cMedian",
      "swiftMedian", "cSpread", "swiftSpread", "cP99", "swiftP99", "cAllocations", "swiftAllocations", "cOverlap",
      "swiftOverlap",
    ]
    for name in others { titles += ["\(name)Median", "\(name)Ratio"] }
    let lines = map { row in
      var cells = [row.benchmark, row.door, "\(row.bytes)", "\(row.calls)", row.unit.name]
      let times = row.times
      cells += [
        row.c, row.swift, times.ratio, times.interval.lowerBound, times.interval.upperBound, times.reference.median,
        times.candidate.median, times.reference.spread, times.candidate.spread, times.reference.quantile(0.99),
        times.candidate.quantile(0.99),
      ].map { "\($0)" }
      cells += row.allocations.map { ["\($0.c)", "\($0.swift)"] } ?? ["", ""]
      cells += row.overlap.map { ["\($0.c)", "\($0.swift)"] } ?? ["", ""]
      for name in others {
        cells += row.others[name].map { ["\($0.candidate.median)", "\($0.ratio)"] } ?? ["", ""]
      }
      return cells.joined(separator: ",")
    }
    return ([titles.joined(separator: ",")] + lines).joined(separator: "\n")
  }
}
