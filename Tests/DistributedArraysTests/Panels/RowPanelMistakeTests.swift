import DistributedArrays
import Testing

/// What is not in a panel ends the process, here one of its own.
@Suite struct RowPanelMistakeTests {
  private static let values = [Double](repeating: 1, count: 60)

  @Test func rowsThatAreNotInTheSpan() async {
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: 7, columns: 10).rows }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: 2, columns: 10, stride: 51).rows }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: .max, columns: 2, stride: 4).rows }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: 2, columns: 10, stride: 9).rows }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: -1, columns: 10).rows }
    await #expect(processExitsWith: .failure) {
      var values = Self.values
      var span = values.mutableSpan
      _ = MutableRowPanel(&span, rows: 7, columns: 10).rows
    }
  }

  @Test func rowsThatAreNotInThePanel() async {
    await #expect(processExitsWith: .failure) {
      _ = RowPanel(Self.values.span, rows: 6, columns: 10).extracting(rows: 2..<7).rows
    }
    await #expect(processExitsWith: .failure) {
      _ = RowPanel(Self.values.span, rows: 6, columns: 10).extracting(rows: -1..<2).rows
    }
    await #expect(processExitsWith: .failure) { Self.load(row: 6) }
    await #expect(processExitsWith: .failure) { Self.load(row: -1) }
    await #expect(processExitsWith: .failure) { Self.store(row: 6, columns: 10) }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: 6, columns: 10)[6, 0] }
  }

  @Test func columnsThatAreNotInThePanel() async {
    await #expect(processExitsWith: .failure) {
      _ = RowPanel(Self.values.span, rows: 6, columns: 10).columns(of: SIMD4<Double>.self, margin: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = RowPanel(Self.values.span, rows: 6, columns: 10).columns(of: SIMD4<Double>.self, margin: -1)
    }
    await #expect(processExitsWith: .failure) {
      _ = RowPanel(Self.values.span, rows: 6, columns: 10).columns(of: SIMD16<Double>.self)
    }
    await #expect(processExitsWith: .failure) { Self.load(row: 0, offset: 2) }
    await #expect(processExitsWith: .failure) { Self.load(row: 0, offset: -2) }
    await #expect(processExitsWith: .failure) { Self.load(row: 0, columns: 9) }
    await #expect(processExitsWith: .failure) { Self.store(row: 0, columns: 9) }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: 6, columns: 10)[0, 10] }
    await #expect(processExitsWith: .failure) { _ = RowPanel(Self.values.span, rows: 6, columns: 10)[0, -1] }
  }

  @Test func theSameWithinThePanel() async {
    await #expect(processExitsWith: .success) {
      Self.load(row: 5, offset: 1)
      Self.load(row: 0, offset: -1)
      Self.store(row: 5, columns: 10)
    }
  }

  /// Loads the vectors of a row, at the columns of a panel that is so wide.
  private static func load(row: Int, offset: Int = 0, columns: Int = 10) {
    let wide = RowPanel(values.span, rows: 1, columns: columns)
    for column in wide.columns(of: SIMD4<Double>.self, margin: 1) {
      _ = RowPanel(values.span, rows: 6, columns: 10).vector(row: row, at: column, offset: offset)
    }
  }

  private static func store(row: Int, columns: Int) {
    var values = values
    let wide = RowPanel(Self.values.span, rows: 1, columns: columns)
    var span = values.mutableSpan
    var panel = MutableRowPanel(&span, rows: 6, columns: 10)
    for column in wide.columns(of: SIMD4<Double>.self, margin: 1) {
      panel.store(SIMD4(repeating: 2), row: row, at: column)
    }
  }
}
