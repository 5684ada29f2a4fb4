/// One benchmark over the size: the figures above, the ratio with its interval below.
struct SizeChart {
  static let width = 380.0
  static let height = 320.0

  let rows: [Row]
  let corner: (x: Double, y: Double)

  private struct Series {
    let name: String
    let color: String
    let values: [Double]
  }

  private var series: [Series] {
    let names = Set(rows.flatMap(\.others.keys)).sorted()
    let others = names.enumerated().map { number, name in
      Series(
        name: name, color: Palette.others[number % Palette.others.count],
        values: rows.map { row in
          row.others[name].map { row.unit.value(seconds: $0.candidate.median, bytes: row.bytes) } ?? 0
        })
    }
    return [
      Series(name: "C", color: Palette.c, values: rows.map(\.c)),
      Series(name: "Swift", color: Palette.swift, values: rows.map(\.swift)),
    ] + others
  }

  func draw(on picture: inout SVGPicture) {
    let left = corner.x + 58
    let right = corner.x + Self.width - 14
    let series = series
    let sizes = rows.map { Double(max($0.bytes, 1)) }
    let across = Scale(sizes.min()!...sizes.max()!, from: left, to: right, isLogarithmic: true)
    picture.text("\(rows[0].name), \(rows[0].unit.name)", at: (left, corner.y + 16), size: 12)

    // The figures.
    let values = series.flatMap(\.values).filter { $0 > 0 }
    guard let least = values.min(), let most = values.max() else { return }
    let powers = Scale.powers(of: 10, around: least...most)
    let up = Scale(
      min(powers[0], least)...max(powers[powers.count - 1], most), from: corner.y + 190, to: corner.y + 28,
      isLogarithmic: true)
    for power in powers {
      let y = up.place(power)
      picture.line(from: (left, y), to: (right, y), color: Palette.grid)
      let label = power >= 1 ? decimal(power, 0) : decimal(power, power >= 0.1 ? 1 : power >= 0.01 ? 2 : 3)
      picture.text(label, at: (left - 5, y + 4), anchor: .end, size: 10)
    }
    for (number, one) in series.enumerated() {
      // C is drawn larger, and lies below what it equals.
      let points = zip(sizes, one.values).filter { $0.1 > 0 }.map { (x: across.place($0.0), y: up.place($0.1)) }
      picture.path(points, color: one.color)
      for point in points { picture.dot(point, radius: number == 0 ? 4 : 2.5, color: one.color) }
      picture.dot((left + 8 + Double(number) * 62, corner.y + 37), color: one.color)
      picture.text(one.name, at: (left + 14 + Double(number) * 62, corner.y + 41), size: 10, color: one.color)
    }

    drawRatios(on: &picture, across, sizes, left, right)
  }

  private func drawRatios(
    on picture: inout SVGPicture, _ across: Scale, _ sizes: [Double], _ left: Double, _ right: Double
  ) {
    let reach = rows.flatMap { [1 - $0.times.interval.lowerBound, $0.times.interval.upperBound - 1] }.max() ?? 0
    let step = reach <= 0.045 ? 0.05 : reach <= 0.09 ? 0.1 : reach <= 0.45 ? 0.5 : 1
    let ratio = Scale(1 - step...1 + step, from: corner.y + 284, to: corner.y + 210)
    for value in [1 - step, 1, 1 + step] {
      let y = ratio.place(value)
      picture.line(from: (left, y), to: (right, y), color: value == 1 ? Palette.axis : Palette.grid)
      picture.text(decimal(value, 2), at: (left - 5, y + 4), anchor: .end, size: 10)
    }
    picture.text("Swift time / C", at: (left + 4, corner.y + 206), size: 9, color: Palette.axis)
    for (size, row) in zip(sizes, rows) {
      let x = across.place(size)
      let interval = row.times.interval
      picture.line(
        from: (x, ratio.place(interval.lowerBound)), to: (x, ratio.place(interval.upperBound)), color: Palette.swift,
        width: 1.5)
      picture.dot((x, ratio.place(row.times.ratio)), color: Palette.swift)
    }
    let labelled = stride(from: 0, to: rows.count, by: max(1, (rows.count + 6) / 7))
    for index in labelled {
      picture.text(
        bytesLabel(sizes[index]), at: (across.place(sizes[index]), corner.y + 298), anchor: .middle, size: 10)
    }
    picture.text("bytes", at: (right, corner.y + 311), anchor: .end, size: 9, color: Palette.axis)
  }
}
