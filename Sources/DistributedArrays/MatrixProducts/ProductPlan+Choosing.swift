extension ProductPlan {
  /// What a machine can do, as far as the choice of a grid depends on it.
  public struct Machine: Hashable, Sendable {
    /// Products of two `Double`, each added to a sum, that a rank does in a second.
    public var multiplicationsPerSecond: Double
    /// Bytes that a rank can receive in a second while all others receive too.
    public var bytesPerSecond: Double
    /// What a message costs beside its bytes.
    public var secondsPerMessage: Double

    /// A machine; without numbers, a core of today with its share of a network of today.
    public init(
      multiplicationsPerSecond: Double = 25e9, bytesPerSecond: Double = 1e9, secondsPerMessage: Double = 5e-6
    ) {
      self.multiplicationsPerSecond = multiplicationsPerSecond
      self.bytesPerSecond = bytesPerSecond
      self.secondsPerMessage = secondsPerMessage
    }
  }

  /// The plan with the grid that takes the least time: it moves little and gives all ranks as much to do.
  ///
  /// Tries every grid of at most as many ranks as there are, so that for a prime number some may have no work, as in
  /// CA3DMM (Huang and Chow, SC 2022, §3.1). Of those that are as good it takes the one with fewer layers, then the one
  /// with more rows. Takes time O(p log² p).
  ///
  /// - Parameters:
  ///   - rows: Rows of the result.
  ///   - inner: Terms of each element.
  ///   - columns: Columns of the result.
  ///   - ranks: How many ranks there are, at least 1.
  ///   - elementSize: Bytes of one element.
  ///   - multiplicationCost: See ``ProductElement/multiplicationCost``.
  ///   - memoryLimit: How many bytes the three matrices and the product may take on each rank; `nil` for any number.
  ///   - machine: What computing and moving costs.
  /// - Throws: ``DistributedArrayError`` of code ``DistributedArrayError/Code/memory`` if no grid does with so little.
  public init(
    rows: Int, inner: Int, columns: Int, ranks: Int, elementSize: Int, multiplicationCost: Double? = nil,
    memoryLimit: Int? = nil, machine: Machine = Machine()
  ) throws(DistributedArrayError) {
    precondition(ranks > 0 && elementSize > 0, "\(ranks) ranks, elements of \(elementSize) bytes")
    var best: (time: Double, plan: ProductPlan)?
    var least = Int.max
    let cost = multiplicationCost ?? Double(elementSize) / 8
    Self.forEachGrid(rows, inner, columns, ranks) { grid in
      let plan = ProductPlan(
        rows: rows, inner: inner, columns: columns, ranks: ranks, elementSize: elementSize, grid: grid)
      let time = plan.seconds(on: machine, cost)
      if let best, !plan.isBetter(time, than: best.plan, best.time) { return }
      guard let memoryLimit else {
        best = (time, plan)
        return
      }
      for isStreaming in [false, true] {
        let fitted = ProductPlan(
          rows: rows, inner: inner, columns: columns, ranks: ranks, elementSize: elementSize, grid: grid,
          isStreaming: isStreaming)
        let needed = fitted.memoryPerRank
        least = min(least, needed)
        if needed <= memoryLimit {
          best = (time, fitted)
          return
        }
      }
    }
    guard let best else {
      throw DistributedArrayError(
        .memory,
        "A product of \(rows) × \(inner) by \(inner) × \(columns) on \(ranks) ranks needs at least \(least) bytes on "
          + "each, and \(memoryLimit ?? 0) are allowed. Use more ranks, or allow more.")
    }
    self = best.plan
  }

  /// All grids worth a look: with no more parts of a side than it has elements, and as many layers as ranks are left for.
  private static func forEachGrid(_ rows: Int, _ inner: Int, _ columns: Int, _ ranks: Int, _ body: (Grid) -> Void) {
    for rowParts in 1...max(1, min(rows, ranks)) {
      for columnParts in 1...max(1, min(columns, ranks / rowParts)) {
        let most = max(1, min(inner, ranks / rowParts / columnParts))
        for layers in ranks <= 1024 ? Array(1...most) : Array(Set([1, most])).sorted() {
          body(Grid(rows: rowParts, columns: columnParts, layers: layers))
        }
      }
    }
  }

  /// What the busiest rank needs: its multiplications, and what is moved to it that cannot be meanwhile.
  func seconds(on machine: Machine, _ multiplicationCost: Double) -> Double {
    // The first rank has the largest parts.
    let part = part(row: 0, column: 0, layer: 0)
    let products = Double(part.rows.count) * Double(part.inner.count) * Double(part.columns.count)
    let last = self.part(row: grid.rows - 1, column: grid.columns - 1, layer: grid.layers - 1)
    let left = Double(part.rows.count) * Double(part.inner.count - last.leftColumns.count)
    let right = Double(part.inner.count - last.rightRows.count) * Double(part.columns.count)
    let result = Double(part.resultRows.count) * Double(part.columns.count) * Double(grid.layers - 1)
    let messages = Double(grid.rows + grid.columns + grid.layers - 3)
    return products * multiplicationCost / machine.multiplicationsPerSecond
      + (left + right + result) * Double(elementSize) / machine.bytesPerSecond + messages * machine.secondsPerMessage
  }

  private func isBetter(_ time: Double, than other: ProductPlan, _ otherTime: Double) -> Bool {
    if abs(time - otherTime) > 1e-9 * otherTime { return time < otherTime }
    if grid.layers != other.grid.layers { return grid.layers < other.grid.layers }
    return grid.rows > other.grid.rows
  }
}
