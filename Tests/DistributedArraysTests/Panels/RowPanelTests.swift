import DistributedArrays
import MPITesting
import Testing

/// Panels against subscripts of the arrays that they lie in.
@Suite struct RowPanelTests {
  @Test(.ranks(1), arguments: 0..<40)
  func vectorsAreLoadedAndStoredInTheirRows(seed: Int) {
    check(SIMD2<Double>.self, seed)
    check(SIMD3<Int16>.self, seed)
    check(SIMD4<Float>.self, seed)
    check(SIMD8<UInt8>.self, seed)
  }

  /// Any rows of any panel: all vectors of all rows and offsets, and where they are stored.
  private func check<Vector: SIMD & BitwiseCopyable>(_ type: Vector.Type, _ seed: Int)
  where Vector.Scalar: Numeric & BitwiseCopyable {
    typealias Element = Vector.Scalar
    var dice = Dice(seed)
    let (rows, margin) = (dice.roll(1...5), dice.roll(0...3))
    let columns = Vector.scalarCount + 2 * margin + dice.roll(0...9)
    let stride = columns + dice.pick([0, dice.roll(1...4)])
    // Nothing after the last row.
    let values = (0..<((rows - 1) * stride + columns)).map { _ in Element(exactly: dice.roll(0...99))! }
    let first = dice.roll(0...rows - 1)
    let kept = first..<dice.roll((first + 1)...rows)

    let panel = RowPanel(values.span, rows: rows, columns: columns, stride: stride).extracting(rows: kept)
    #expect((panel.rows, panel.columns, panel.stride) == (kept.count, columns, stride), "seed \(seed)")
    var changed = values
    var expected = values
    var span = changed.mutableSpan
    var whole = MutableRowPanel(&span, rows: rows, columns: columns, stride: stride)
    var target = whole.extracting(rows: kept)
    var places: [Int] = []
    for column in panel.columns(of: type, margin: margin) {
      places.append(column.index)
      for row in 0..<kept.count {
        let start = (kept.lowerBound + row) * stride + column.index
        for offset in -margin...margin {
          let wanted = Vector(values[(start + offset)..<(start + offset + Vector.scalarCount)])
          #expect(panel.vector(row: row, at: column, offset: offset) == wanted, "seed \(seed)")
        }
        var vector = Vector()
        for lane in 0..<Vector.scalarCount {
          vector[lane] = Element(exactly: 100 + (start + lane) % 27)!
          expected[start + lane] = vector[lane]
        }
        target.store(vector, row: row, at: column)
      }
    }
    #expect(changed == expected, "seed \(seed)")

    let last = columns - margin - Vector.scalarCount
    let regular = Array(Swift.stride(from: margin, to: last, by: Vector.scalarCount))
    #expect(places == regular + [last], "seed \(seed)")
  }

  @Test(.ranks(1))
  func elementsAreReadAndWritten() {
    let values = (0..<11).map(Double.init)
    let panel = RowPanel(values.span, rows: 3, columns: 3, stride: 4)
    var changed = values
    var span = changed.mutableSpan
    var target = MutableRowPanel(&span, rows: 3, columns: 3, stride: 4)
    for row in 0..<3 {
      for column in 0..<3 {
        #expect(panel[row, column] == Double(row * 4 + column))
        target[row, column] = -target[row, column]
      }
    }
    #expect(changed == [0, -1, -2, 3, -4, -5, -6, 7, -8, -9, -10])
  }

  @Test(.ranks(1))
  func aPanelMayBeEmpty() {
    let none: [Double] = []
    #expect(RowPanel(none.span, rows: 0, columns: 5).extracting(rows: 0..<0).rows == 0)
    #expect(RowPanel(none.span, rows: 3, columns: 0).extracting(rows: 1..<3).rows == 2)
    var memory = none
    var span = memory.mutableSpan
    #expect(MutableRowPanel(&span, rows: 0, columns: 5, stride: 9).rows == 0)
  }
}
