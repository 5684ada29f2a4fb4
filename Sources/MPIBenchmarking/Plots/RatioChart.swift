/// Benchmarks of one size, below each other: the ratio of each with its interval.
struct RatioChart {
  static func height(_ rows: Int) -> Double { 44 + Double(rows) * 17 }

  let rows: [Row]
  let corner: (x: Double, y: Double)

  func draw(on picture: inout SVGPicture) {
    let left = corner.x + 290
    let right = corner.x + 490
    let top = corner.y + 26
    let reach = rows.flatMap { [1 - $0.times.interval.lowerBound, $0.times.interval.upperBound - 1] }.max() ?? 0
    let step = reach <= 0.095 ? 0.1 : reach <= 0.45 ? 0.5 : 1
    let across = Scale(1 - step...1 + step, from: left, to: right)
    let bottom = top + Double(rows.count) * 17
    picture.text("Swift time / C", at: (left - 12, corner.y + 15), anchor: .end, size: 10, color: Palette.axis)
    picture.text("C", at: (right + 58, corner.y + 15), anchor: .end, size: 10)
    picture.text("Swift", at: (right + 116, corner.y + 15), anchor: .end, size: 10, color: Palette.swift)
    for value in [1 - step, 1, 1 + step] {
      let x = across.place(value)
      picture.line(from: (x, top - 6), to: (x, bottom), color: value == 1 ? Palette.axis : Palette.grid)
      picture.text(decimal(value, 1), at: (x, corner.y + 15), anchor: .middle, size: 10)
    }
    for (number, row) in rows.enumerated() {
      let y = top + Double(number) * 17 + 6
      let interval = row.times.interval
      picture.text("\(row.name), \(row.bytes) bytes", at: (left - 12, y + 4), anchor: .end, size: 10)
      picture.line(
        from: (across.place(interval.lowerBound), y), to: (across.place(interval.upperBound), y), color: Palette.swift,
        width: 2)
      picture.dot((across.place(row.times.ratio), y), color: Palette.swift)
      picture.text(brief(row.c), at: (right + 58, y + 4), anchor: .end, size: 10)
      picture.text("\(brief(row.swift)) \(row.unit.name)", at: (right + 116, y + 4), anchor: .end, size: 10)
    }
  }
}
