extension [Row] {
  /// The rows as a picture: a chart over the size for each benchmark that has several sizes, and one of the ratios of
  /// all others. File format: SVG.
  ///
  /// - Parameter title: What was measured where, over the charts.
  public func svg(title: String) -> String {
    var groups: [[Row]] = []
    for row in self {
      if groups.last?.last?.name == row.name { groups[groups.count - 1].append(row) } else { groups.append([row]) }
    }
    let charts = groups.filter { $0.count > 1 }
    let single = groups.filter { $0.count == 1 }.flatMap { $0 }
    let columns = Swift.max(1, Swift.min(3, charts.count))
    let lines = (charts.count + columns - 1) / columns
    let width = Double(columns) * SizeChart.width
    let ratiosHeight = single.isEmpty ? 0 : RatioChart.height(single.count)
    var picture = SVGPicture(
      width: Swift.max(width, 620), height: 34 + Double(lines) * SizeChart.height + ratiosHeight)
    picture.text(title, at: (12, 21), size: 13)
    for (number, rows) in charts.enumerated() {
      let corner = (x: Double(number % columns) * SizeChart.width, y: 34 + Double(number / columns) * SizeChart.height)
      SizeChart(rows: rows, corner: corner).draw(on: &picture)
    }
    if !single.isEmpty {
      RatioChart(rows: single, corner: (0, 34 + Double(lines) * SizeChart.height)).draw(on: &picture)
    }
    return picture.text
  }
}

/// The colours of the languages, which the colour-blind can tell apart (Okabe and Ito).
enum Palette {
  static let c = "#000000"
  static let swift = "#d55e00"
  static let others = ["#0072b2", "#009e73"]
  static let grid = "#dddddd"
  static let axis = "#888888"
}
