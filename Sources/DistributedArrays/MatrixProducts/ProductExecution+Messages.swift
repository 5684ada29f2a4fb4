internal import MPI

extension ProductExecution {
  private var columnsHere: Int { part.columns.count }
  private var rightMemory: UnsafeMutablePointer<Element> { memory + scratch.leftPiece * scratch.leftPieces }
  private var partialMemory: UnsafeMutablePointer<Element> { rightMemory + scratch.rightPiece * scratch.rightPieces }
  private var incomingMemory: UnsafeMutablePointer<Element> { partialMemory + scratch.partial }

  /// The length of a piece of the inner terms.
  func innerCount(_ piece: Int, of count: Int) -> Int { part.inner.evenPart(piece, of: count).count }

  /// The rows of the result, counted from the rank's first one, that a layer adds up.
  func rows(ofLayer layer: Int) -> Range<Int> { (0..<part.rows.count).evenPart(layer, of: plan.grid.layers) }

  /// Where sums for another layer's row of the result, counted from the rank's first, are made.
  func partialStart(ofRow row: Int) -> UnsafeMutablePointer<Element> {
    let own = rows(ofLayer: part.layer)
    return partialMemory + (row < own.lowerBound ? row : row - own.count) * columnsHere
  }

  /// Where a piece of the left matrix is.
  func leftStart(_ piece: Int) -> UnsafePointer<Element> {
    piece == part.column ? left.start : UnsafePointer(memory + leftPieces.buffer[piece] * scratch.leftPiece)
  }

  /// Where a piece of the right matrix is.
  func rightStart(_ piece: Int) -> UnsafePointer<Element> {
    piece == part.row ? right.start : UnsafePointer(rightMemory + rightPieces.buffer[piece] * scratch.rightPiece)
  }

  /// Starts to receive what there is room for.
  @_lifetime(group: copy group)
  mutating func startReceives(_ group: inout RequestGroup) throws(MPIError) {
    while leftPieces.canStart {
      let (piece, buffer) = leftPieces.start()
      leftPieces.request[piece] = try receive(
        part.rows.count * innerCount(piece, of: plan.grid.columns), memory + buffer * scratch.leftPiece,
        from: plan.rank(row: part.row, column: piece, layer: part.layer), Tag.left, &group)
    }
    while rightPieces.canStart {
      let (piece, buffer) = rightPieces.start()
      rightPieces.request[piece] = try receive(
        innerCount(piece, of: plan.grid.rows) * columnsHere, rightMemory + buffer * scratch.rightPiece,
        from: plan.rank(row: piece, column: part.column, layer: part.layer), Tag.right, &group)
    }
    while layerPieces.canStart {
      let (piece, buffer) = layerPieces.start()
      layerPieces.request[piece] = try receive(
        scratch.incoming, incomingMemory + buffer * scratch.incoming,
        from: plan.rank(row: part.row, column: part.column, layer: piece), Tag.result, &group)
    }
  }

  /// Starts to send the rank's own pieces to all who need them, the next ones in the grid first.
  @_lifetime(group: copy group)
  mutating func startSends(_ group: inout RequestGroup) throws(MPIError) {
    let grid = plan.grid
    for step in 1..<max(grid.columns, 1) {
      try send(
        part.rows.count * part.leftColumns.count, left.start,
        to: plan.rank(row: part.row, column: (part.column + step) % grid.columns, layer: part.layer), Tag.left, &group)
    }
    for step in 1..<max(grid.rows, 1) {
      try send(
        part.rightRows.count * columnsHere, right.start,
        to: plan.rank(row: (part.row + step) % grid.rows, column: part.column, layer: part.layer), Tag.right, &group)
    }
  }

  /// Starts to send sums to the layer that adds them up.
  @_lifetime(group: copy group)
  mutating func sendSums(toLayer layer: Int, _ group: inout RequestGroup) throws(MPIError) {
    let rows = rows(ofLayer: layer)
    try send(
      rows.count * columnsHere, UnsafePointer(partialStart(ofRow: rows.lowerBound)),
      to: plan.rank(row: part.row, column: part.column, layer: layer), Tag.result, &group)
  }

  /// Adds what other layers have summed to the rank's own rows of the result, in the order of the layers.
  @_lifetime(group: copy group)
  mutating func addLayers(_ group: inout RequestGroup) throws(MPIError) {
    var own = immortal(UnsafeMutableBufferPointer(start: result, count: scratch.incoming))
    for layer in 0..<plan.grid.layers where layer != part.layer {
      try wait(for: layerPieces.request[layer], &group)
      let start = incomingMemory + layerPieces.buffer[layer] * scratch.incoming
      Element.add(Span(_unsafeStart: start, count: scratch.incoming), to: &own, beta: 1)
      if layerPieces.finish(at: layer) { try startReceives(&group) }
    }
  }

  /// Starts a receive.
  ///
  /// - Returns: Its number in the group; -1 for one of nothing, which is no message.
  @_lifetime(group: copy group)
  private mutating func receive(
    _ count: Int, _ start: UnsafeMutablePointer<Element>, from source: Rank, _ tag: Int, _ group: inout RequestGroup
  ) throws(MPIError) -> Int {
    guard count > 0 else { return -1 }
    statistics.bytesReceived += count * MemoryLayout<Element>.stride
    isComplete.append(false)
    let buffer = immortal(UnsafeMutableBufferPointer(start: start, count: count))
    return group.add(try communicator.startReceive(into: buffer, from: source, tag: tag))
  }

  /// Starts a send, unless it is one of nothing.
  @_lifetime(group: copy group)
  private mutating func send(
    _ count: Int, _ start: UnsafePointer<Element>, to destination: Rank, _ tag: Int, _ group: inout RequestGroup
  ) throws(MPIError) {
    guard count > 0 else { return }
    statistics.bytesSent += count * MemoryLayout<Element>.stride
    statistics.messagesSent += 1
    isComplete.append(false)
    let values = immortal(UnsafeBufferPointer(start: start, count: count))
    group.add(try communicator.startSend(values, to: destination, tag: tag))
  }

  /// Waits for one request; those that are completed meanwhile are noted.
  @_lifetime(group: copy group)
  mutating func wait(for request: Int, _ group: inout RequestGroup) throws(MPIError) {
    guard request >= 0, !isComplete[request] else { return }
    let start = try MPIEnvironment.wallTime
    while !isComplete[request], let completion = try group.waitAny() {
      _ = try completion.status
      isComplete[completion.index] = true
    }
    statistics.secondsWaiting += try MPIEnvironment.wallTime - start
  }

  /// Lets MPI move messages on.
  @_lifetime(group: copy group)
  mutating func moveOn(_ group: inout RequestGroup) throws(MPIError) {
    for completion in try group.testSome() {
      _ = try completion.status
      isComplete[completion.index] = true
    }
  }
}
