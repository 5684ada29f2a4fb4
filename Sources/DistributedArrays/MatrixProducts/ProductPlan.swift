public import MPI

/// How a product of two matrices is divided among ranks: which part each computes, and what it has to be sent for that.
///
/// A pure value: the same on every rank that makes it from the same numbers, without communication. The ranks are seen as
/// a grid of rows × columns × layers. Rank (i, j, l) multiplies block row i of the left matrix by block column j of the
/// right one, over part l of the inner terms; the layers' sums are added up. So one grid is multiplication by rows
/// (p × 1 × 1), another is SUMMA or Cannon's algorithm (q × q × 1), another is 2.5-D or 3-D multiplication; which one moves
/// the least for a shape is found by trying all (see <doc:MatrixProducts>).
///
/// ```swift
/// let plan = try ProductPlan(rows: 4096, inner: 4096, columns: 4096, ranks: 16, elementSize: 8)
/// print(plan)        // 4 × 2 × 2 ranks multiply 4096 × 4096 by 4096 × 4096; each sends at most …
/// ```
public struct ProductPlan: Hashable, Sendable {
  /// How many ranks there are along each side of the product.
  public struct Grid: Hashable, Sendable {
    /// Parts of the result's rows.
    public let rows: Int
    /// Parts of the result's columns.
    public let columns: Int
    /// Parts of the inner terms.
    public let layers: Int

    /// A grid of so many parts, each at least 1.
    public init(rows: Int, columns: Int, layers: Int = 1) {
      precondition(rows > 0 && columns > 0 && layers > 0, "a grid of \(rows) × \(columns) × \(layers) ranks")
      self.rows = rows
      self.columns = columns
      self.layers = layers
    }

    /// How many ranks have work.
    public var count: Int { rows * columns * layers }

    /// Rows, columns and layers: the extents of a process grid.
    public var extents: [Int] { [rows, columns, layers] }
  }

  /// Rows of the result.
  public let rows: Int
  /// Terms of each element of the result: columns of the left matrix, rows of the right one.
  public let inner: Int
  /// Columns of the result.
  public let columns: Int
  /// How many ranks there are; those beyond the grid have no work.
  public let ranks: Int
  /// Bytes of one element.
  public let elementSize: Int
  /// How the ranks are arranged.
  public let grid: Grid
  /// Whether two pieces of each operand are in memory at a time, instead of all that a rank needs.
  public let isStreaming: Bool

  /// A plan with a given grid.
  ///
  /// - Parameters:
  ///   - rows: Rows of the result, at least 0.
  ///   - inner: Terms of each element, at least 0.
  ///   - columns: Columns of the result, at least 0.
  ///   - ranks: How many ranks there are, at least as many as the grid has.
  ///   - elementSize: Bytes of one element.
  ///   - grid: How the ranks are arranged.
  ///   - isStreaming: Whether to keep only two pieces of each operand at a time, to save memory.
  public init(
    rows: Int, inner: Int, columns: Int, ranks: Int, elementSize: Int, grid: Grid, isStreaming: Bool = false
  ) {
    precondition(rows >= 0 && inner >= 0 && columns >= 0, "a product of \(rows) × \(inner) × \(columns)")
    precondition(grid.count <= ranks, "a grid of \(grid.count) ranks, of which there are \(ranks)")
    self.rows = rows
    self.inner = inner
    self.columns = columns
    self.ranks = ranks
    self.elementSize = elementSize
    self.grid = grid
    self.isStreaming = isStreaming
  }
}

extension ProductPlan {
  /// What one rank has and computes, in indices of the whole matrices.
  public struct Part: Hashable, Sendable {
    /// Its place in the grid.
    public let row: Int
    /// Its place in the grid.
    public let column: Int
    /// Its place in the grid.
    public let layer: Int
    /// Rows of the left matrix and of the result that it multiplies.
    public let rows: Range<Int>
    /// Columns of the right matrix and of the result that it multiplies.
    public let columns: Range<Int>
    /// Inner terms that it adds up.
    public let inner: Range<Int>
    /// Columns of the left matrix that it has from the start, in its rows.
    public let leftColumns: Range<Int>
    /// Rows of the right matrix that it has from the start, in its columns.
    public let rightRows: Range<Int>
    /// Rows of the result that it has at the end, in its columns.
    public let resultRows: Range<Int>
  }

  /// What a rank has and computes; `nil` for a rank without work.
  public func part(of rank: Rank) -> Part? {
    guard rank.index >= 0, rank.index < grid.count else { return nil }
    let layer = rank.index % grid.layers
    let column = rank.index / grid.layers % grid.columns
    return part(row: rank.index / grid.layers / grid.columns, column: column, layer: layer)
  }

  /// What the rank at a place in the grid has and computes.
  func part(row: Int, column: Int, layer: Int) -> Part {
    let rows = Blocks.evenRange(of: self.rows, rank: row, among: grid.rows)
    let inner = Blocks.evenRange(of: self.inner, rank: layer, among: grid.layers)
    return Part(
      row: row, column: column, layer: layer, rows: rows,
      columns: Blocks.evenRange(of: columns, rank: column, among: grid.columns), inner: inner,
      leftColumns: inner.evenPart(column, of: grid.columns), rightRows: inner.evenPart(row, of: grid.rows),
      resultRows: rows.evenPart(layer, of: grid.layers))
  }

  /// The rank at a place in the grid.
  func rank(row: Int, column: Int, layer: Int) -> Rank {
    Rank((row * grid.columns + column) * grid.layers + layer)
  }
}

extension Range<Int> {
  /// One of several parts as even as possible.
  func evenPart(_ index: Int, of count: Int) -> Range<Int> {
    let part = Blocks.evenRange(of: self.count, rank: index, among: count)
    return lowerBound + part.lowerBound..<lowerBound + part.upperBound
  }
}
