/// Rows of elements at equal distances in memory, which a loop writes several at a time; see ``RowPanel``.
public struct MutableRowPanel<Element: BitwiseCopyable>: ~Copyable, ~Escapable {
  /// How many rows.
  public let rows: Int

  /// How many elements a row has.
  public let columns: Int

  /// How many elements lie between the beginnings of two rows.
  public let stride: Int

  @usableFromInline let start: UnsafeMutablePointer<Element>?

  /// The first elements of a span as rows. Nobody else uses the span as long as the panel is used.
  ///
  /// - Parameters:
  ///   - elements: The memory.
  ///   - rows: How many rows.
  ///   - columns: How many elements a row has.
  ///   - stride: How many elements lie between the beginnings of two rows, at least `columns`; `nil` means these.
  @inlinable @inline(__always) @_lifetime(&elements)
  public init(_ elements: inout MutableSpan<Element>, rows: Int, columns: Int, stride: Int? = nil) {
    let stride = stride ?? columns
    checkPanel(in: elements.count, rows, columns, stride)
    self.rows = rows
    self.columns = columns
    self.stride = stride
    start = elements.withUnsafeMutableBufferPointer { $0.baseAddress }
  }

  @inlinable @inline(__always) @_lifetime(&whole)
  init(_ range: Range<Int>, of whole: inout Self) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.rows, "rows \(range) of a panel of \(whole.rows)")
    rows = range.upperBound &- range.lowerBound
    columns = whole.columns
    stride = whole.stride
    start = unsafe whole.start?.advanced(by: range.lowerBound &* whole.stride)
  }

  /// Some of the rows, of which the first is row 0 of the result. Nobody else uses this panel as long as it is used.
  @inlinable @inline(__always) @_lifetime(&self)
  public mutating func extracting(rows range: Range<Int>) -> Self { Self(range, of: &self) }

  /// One element.
  @inlinable @inline(__always)
  public subscript(row: Int, column: Int) -> Element {
    get { unsafe place(row, column).pointee }
    @_lifetime(self: copy self)
    set { unsafe place(row, column).pointee = newValue }
  }

  @inlinable @inline(__always)
  func place(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Element> {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element (\(row), \(column)) of a panel of \(rows) × \(columns)")
    return unsafe start.unsafelyUnwrapped + (row &* stride &+ column)
  }

  /// Puts a vector's elements beside each other into a row, stored at once.
  ///
  /// - Parameters:
  ///   - vector: The elements.
  ///   - row: The row.
  ///   - column: Where they begin: a column of a ``RowPanel`` of as many columns.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func store<Vector: SIMD & BitwiseCopyable>(
    _ vector: Vector, row: Int, at column: VectorColumn<Vector>
  )
  where Vector.Scalar == Element {
    precondition(row >= 0 && row < rows, "row \(row) of a panel of \(rows)")
    let place = unsafe start.unsafelyUnwrapped + (row &* stride &+ column.index(inPanelOf: columns, offset: 0))
    guard MemoryLayout<Vector>.size == Vector.scalarCount &* MemoryLayout<Element>.stride else {
      for lane in 0..<Vector.scalarCount { unsafe place[lane] = vector[lane] }
      return
    }
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: vector, as: Vector.self)
  }
}
