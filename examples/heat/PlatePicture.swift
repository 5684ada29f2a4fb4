import ExampleSupport
import MPI

/// A picture of a plate: a pixel for each cell, or for one of many where the plate is larger than a picture should be.
struct PlatePicture {
  private let rows: Int
  private let columns: Int
  private let step: Int

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    step = (max(rows, columns) - 1) / 4096 + 1
  }

  /// Writes the picture: the coldest cell is black, the hottest white. Collective.
  func write(_ block: Block?, _ summary: Summary, to path: String, on world: Communicator) throws {
    let rows = pixels(in: block?.rows ?? 0..<0)
    let columns = pixels(in: block?.columns ?? 0..<0)
    let corners = try world.gather(
      SIMD4(rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound), to: 0)
    let shades = try world.gather(block.map { self.shades(of: $0, rows, columns, summary) } ?? [], to: 0)
    try world.agree {
      guard let corners, let shades else { return }
      let (height, width) = (pixels(in: 0..<self.rows).count, pixels(in: 0..<self.columns).count)
      var image = [UInt8](repeating: 0, count: height * width)
      var next = 0
      for corner in corners {
        for row in corner[0]..<corner[1] {
          for column in corner[2]..<corner[3] {
            image[row * width + column] = shades[next]
            next += 1
          }
        }
      }
      try PNGImage(width: width, height: height, pixels: image, palette: ColorMap.heat).write(to: path)
    }
  }

  /// Which rows or columns of the picture show some of the plate.
  private func pixels(in cells: Range<Int>) -> Range<Int> {
    (cells.lowerBound + step - 1) / step..<(cells.upperBound + step - 1) / step
  }

  private func shades(of block: Block, _ rows: Range<Int>, _ columns: Range<Int>, _ summary: Summary) -> [UInt8] {
    let span = summary.maximum - summary.minimum
    // Where the difference itself is too large for a number, half of everything is not.
    let scale = span.isFinite ? 1.0 : 0.5
    let width = scale * summary.maximum - scale * summary.minimum
    var result: [UInt8] = []
    result.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns {
        let index =
          (row * step - block.rows.lowerBound) * block.columns.count + column * step - block.columns.lowerBound
        let height = scale * block.current[index] - scale * summary.minimum
        result.append(width > 0 ? UInt8(min(max(height / width * 255, 0), 255).rounded()) : 0)
      }
    }
    return result
  }
}
