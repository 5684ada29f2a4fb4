/// Where vectors lie beside each other in rows of so many columns: a sequence for loops over ``RowPanel``.
///
/// One begins where the one before it ends, but for the last, which ends where the columns do: it may begin earlier, and
/// what a loop computes there a second time must not depend on what it has stored the first time.
///
/// A margin at either end is left out, in which a loop finds the neighbours of the elements that it computes. Such a
/// sequence is made by ``RowPanel/columns(of:margin:)``. All is local.
public struct VectorColumns<Vector: SIMD>: Sequence, IteratorProtocol, Sendable {
  @usableFromInline var index: Int
  @usableFromInline let columns: Int
  @usableFromInline let margin: Int

  /// Whether a vector fits into so many columns between the margins.
  @inlinable @inline(__always)
  static func fits(in columns: Int, margin: Int) -> Bool {
    margin >= 0 && columns >= Vector.scalarCount && margin <= (columns &- Vector.scalarCount) / 2
  }

  @inlinable @inline(__always)
  init(in columns: Int, margin: Int) {
    precondition(
      Self.fits(in: columns, margin: margin),
      "no vector of \(Vector.scalarCount) elements fits into \(columns) columns with margins of \(margin)")
    index = margin
    self.columns = columns
    self.margin = margin
  }

  /// The next vector's place.
  @inlinable @inline(__always)
  public mutating func next() -> VectorColumn<Vector>? {
    guard index < columns &- margin else { return nil }
    let first = Swift.min(index, columns &- margin &- Vector.scalarCount)
    index &+= Vector.scalarCount
    return VectorColumn(index: first, columns: columns, margin: margin)
  }
}

/// Where a vector lies in rows of so many columns.
///
/// Only ``VectorColumns`` makes one, inside of the columns: so ``RowPanel`` need not look in every step of a loop.
public struct VectorColumn<Vector: SIMD>: Sendable {
  /// The column of the vector's first element.
  public let index: Int

  /// What is known of the index: `margin <= index && index <= columns - margin - Vector.scalarCount`.
  @usableFromInline let columns: Int
  @usableFromInline let margin: Int

  @inlinable @inline(__always)
  init(index: Int, columns: Int, margin: Int) {
    self.index = index
    self.columns = columns
    self.margin = margin
  }

  /// The same so many columns further, which is inside of panels of this width up to the margin.
  @inlinable @inline(__always)
  func index(inPanelOf width: Int, offset: Int) -> Int {
    precondition(columns == width, "a column of rows of \(columns) elements is not one of rows of \(width)")
    precondition(
      offset >= 0 &- margin && offset <= margin, "a vector \(offset) columns further with a margin of \(margin)")
    return index &+ offset
  }
}
