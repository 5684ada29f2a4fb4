/// Rows of elements at equal distances in memory, for loops that compute several elements at a time.
///
/// That all of them lie in the span is looked at once, when the panel is made; that a vector lies in its row, when
/// ``columns(of:margin:)`` begins. So a loop over these columns compares nothing but for its own end, where the compiler
/// knows the rows that it names: take the rows of a step out of a panel with ``extracting(rows:)``.
///
/// ```swift
/// let old = RowPanel(before, rows: 3, columns: width)
/// var new = MutableRowPanel(&after, rows: 1, columns: width)
/// for column in old.columns(of: SIMD4<Double>.self, margin: 1) {
///   let vertical = old.vector(row: 0, at: column) + old.vector(row: 2, at: column)
///   let horizontal = old.vector(row: 1, at: column, offset: -1) + old.vector(row: 1, at: column, offset: 1)
///   new.store((vertical + horizontal) / 4, row: 0, at: column)
/// }
/// ```
///
/// All is local. A row or column that is not there is an error that ends the process, as with the subscript of a span.
public struct RowPanel<Element: BitwiseCopyable>: ~Escapable {
  /// How many rows.
  public let rows: Int

  /// How many elements a row has.
  public let columns: Int

  /// How many elements lie between the beginnings of two rows.
  public let stride: Int

  @usableFromInline let start: UnsafePointer<Element>?

  /// The first elements of a span as rows.
  ///
  /// - Parameters:
  ///   - elements: The memory.
  ///   - rows: How many rows.
  ///   - columns: How many elements a row has.
  ///   - stride: How many elements lie between the beginnings of two rows, at least `columns`; `nil` means these.
  @inlinable @inline(__always) @_lifetime(copy elements)
  public init(_ elements: Span<Element>, rows: Int, columns: Int, stride: Int? = nil) {
    let stride = stride ?? columns
    checkPanel(in: elements.count, rows, columns, stride)
    self.rows = rows
    self.columns = columns
    self.stride = stride
    start = elements.withUnsafeBufferPointer { $0.baseAddress }
  }

  @inlinable @inline(__always) @_lifetime(copy whole)
  init(_ range: Range<Int>, of whole: Self) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.rows, "rows \(range) of a panel of \(whole.rows)")
    rows = range.upperBound &- range.lowerBound
    columns = whole.columns
    stride = whole.stride
    start = unsafe whole.start?.advanced(by: range.lowerBound &* whole.stride)
  }

  /// Some of the rows, of which the first is row 0 of the result.
  @inlinable @inline(__always) @_lifetime(copy self)
  public func extracting(rows range: Range<Int>) -> Self { Self(range, of: self) }

  /// Where vectors lie beside each other in the rows, the first `margin` columns after their beginning and none in the
  /// last `margin` columns.
  ///
  /// - Parameters:
  ///   - type: The vector, which says how many elements are loaded at once: `SIMD4<Double>.self`, for example.
  ///   - margin: How far `offset` may go from such a column. A row must have room for two margins and one vector.
  @inlinable @inline(__always)
  public func columns<Vector: SIMD>(of type: Vector.Type, margin: Int = 0) -> VectorColumns<Vector>
  where Vector.Scalar == Element {
    VectorColumns(in: columns, margin: margin)
  }

  /// One element.
  @inlinable @inline(__always)
  public subscript(row: Int, column: Int) -> Element {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element (\(row), \(column)) of a panel of \(rows) × \(columns)")
    return unsafe start.unsafelyUnwrapped[row &* stride &+ column]
  }

  /// Neighbouring elements of a row as one vector, loaded at once.
  ///
  /// - Parameters:
  ///   - row: The row.
  ///   - column: Where they begin: a column of this panel or another one of as many columns.
  ///   - offset: How many columns further, up to the margin of `column` in either direction.
  @inlinable @inline(__always)
  public func vector<Vector: SIMD & BitwiseCopyable>(
    row: Int, at column: VectorColumn<Vector>, offset: Int = 0
  ) -> Vector where Vector.Scalar == Element {
    precondition(row >= 0 && row < rows, "row \(row) of a panel of \(rows)")
    let first = row &* stride &+ column.index(inPanelOf: columns, offset: offset)
    let place = unsafe start.unsafelyUnwrapped + first
    guard MemoryLayout<Vector>.size == Vector.scalarCount &* MemoryLayout<Element>.stride else {
      // Three elements are a vector of four, and the fourth may not be there.
      var vector = Vector()
      for lane in 0..<Vector.scalarCount { vector[lane] = unsafe place[lane] }
      return vector
    }
    return unsafe UnsafeRawPointer(place).loadUnaligned(as: Vector.self)
  }
}

/// Ends the process if rows do not lie in so many elements.
@inlinable @inline(__always)
func checkPanel(in count: Int, _ rows: Int, _ columns: Int, _ stride: Int) {
  precondition(rows >= 0 && columns >= 0 && stride >= columns, "\(rows) rows of \(columns), \(stride) apart")
  guard rows > 0, columns > 0 else { return }
  let (reach, isBeyond) = stride.multipliedReportingOverflow(by: rows &- 1)
  precondition(
    !isBeyond && columns <= count && reach <= count &- columns,
    "\(rows) rows of \(columns), \(stride) apart, are not in a span of \(count) elements")
}
