internal import MPI

extension ProductExecution {
  /// How many inner terms are multiplied between two looks at the messages.
  private var slice: Int { 512 }

  /// Multiplies the pieces of a segment; with the last one, sends other layers their sums as each is finished.
  @_lifetime(group: copy group)
  mutating func multiply(
    _ segment: ProductSegment, isFirst: Bool, isLast: Bool, _ group: inout RequestGroup
  ) throws(MPIError) {
    let own = rows(ofLayer: part.layer)
    let layers = plan.grid.layers
    if layers > 1 {
      if isLast {
        for step in 1..<layers {
          let layer = (part.layer + step) % layers
          let rows = rows(ofLayer: layer)
          try multiply(segment, rows, into: partialStart(ofRow: rows.lowerBound), isFirst ? 0 : 1, &group)
          try sendSums(toLayer: layer, &group)
        }
      } else {
        for rows in [0..<own.lowerBound, own.upperBound..<part.rows.count] where !rows.isEmpty {
          try multiply(segment, rows, into: partialStart(ofRow: rows.lowerBound), isFirst ? 0 : 1, &group)
        }
      }
    }
    try multiply(segment, own, into: result, isFirst ? beta : 1, &group)
  }

  /// Multiplies some rows of a segment, counted from the rank's first row, a slice of the inner terms at a time.
  @_lifetime(group: copy group)
  private mutating func multiply(
    _ segment: ProductSegment, _ rows: Range<Int>, into start: UnsafeMutablePointer<Element>, _ beta: Element,
    _ group: inout RequestGroup
  ) throws(MPIError) {
    let columns = part.columns.count
    let leftCount = innerCount(segment.leftPiece, of: plan.grid.columns)
    let rightCount = innerCount(segment.rightPiece, of: plan.grid.rows)
    var product = LocalProduct(
      rows: rows.count, inner: 0, columns: columns, leftOperation: left.operation, rightOperation: right.operation)
    product.leftStride = left.operation.isTransposing ? part.rows.count : leftCount
    product.rightStride = right.operation.isTransposing ? rightCount : columns
    product.resultStride = columns
    let leftPiece = Span(_unsafeStart: leftStart(segment.leftPiece), count: part.rows.count * leftCount)
    let rightPiece = Span(_unsafeStart: rightStart(segment.rightPiece), count: rightCount * columns)
    var sums = MutableSpan(_unsafeStart: start, count: rows.count * columns)
    var (done, factor) = (0, beta)
    repeat {
      let rest = segment.inner.count - done
      // One multiplication when there is nothing to look after.
      product.inner = (group.pendingCount > 0 || progress != nil) && rest > 2 * slice ? slice : rest
      let leftOffset = product.leftOffset(rows.lowerBound, segment.leftStart + done)
      let rightOffset = product.rightOffset(segment.rightStart + done, 0)
      Element.multiply(
        product, leftPiece.extracting(min(leftOffset, leftPiece.count)...),
        rightPiece.extracting(min(rightOffset, rightPiece.count)...), alpha: alpha, into: &sums, beta: factor)
      done += product.inner
      factor = 1
      report(rows.count * product.inner)
      if done < segment.inner.count { try moveOn(&group) }
    } while done < segment.inner.count
  }
  /// Tells who wants to know how far the multiplication is.
  private mutating func report(_ work: Int) {
    guard let progress else { return }
    done += work
    let all = part.rows.count * part.inner.count
    progress(all == 0 ? 1 : Double(done) / Double(all))
  }
}
