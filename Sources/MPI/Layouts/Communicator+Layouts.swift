internal import CMPI

extension Communicator {
  /// Sends the values that a layout picks from a buffer (`MPI_Send` and its modes, with a derived datatype).
  ///
  /// Local. They may be received in any layout, or none, with as many values.
  ///
  /// - Parameters:
  ///   - values: The buffer.
  ///   - layout: Which of its values are sent.
  ///   - count: How many items of the layout, one behind the other.
  ///   - destination: Who receives it.
  ///   - tag: Tells messages apart.
  ///   - mode: When the send is complete.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the layout reaches out of the buffer.
  public final func send<Element: Datatype>(
    _ values: Span<Element>, as layout: Layout<Element>, count: Int = 1, to destination: Rank, tag: Int = 0,
    mode: SendMode = .standard
  ) throws(MPIError) {
    let wire = try layout.wire(count, in: values.count, mode.procedure, self)
    let code = try sendCode(values.rawPointer, wire, destination, tag, mode)
    try check(code, mode.procedure, self)
  }

  /// Sends the values that a layout picks from an array; as `send(_:as:count:to:tag:mode:)`.
  public final func send<Element: Datatype>(
    _ values: [Element], as layout: Layout<Element>, count: Int = 1, to destination: Rank, tag: Int = 0,
    mode: SendMode = .standard
  ) throws(MPIError) {
    try values.withSpan { (span) throws(MPIError) in
      try send(span, as: layout, count: count, to: destination, tag: tag, mode: mode)
    }
  }

  /// Receives values into the places that a layout picks in a buffer (`MPI_Recv` with a derived datatype). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the layout reaches out of the buffer, of class
  ///   ``MPIError/argument`` when it names a place twice.
  @discardableResult
  public final func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1,
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Recv", self, isReceiving: true)
    return try receive(wire, into: buffer.rawPointer, source, tag)
  }

  /// Receives values into an array; as `receive(into:as:count:from:tag:)`.
  @discardableResult
  public final func receive<Element: Datatype>(
    into buffer: inout [Element], as layout: Layout<Element>, count: Int = 1, from source: some SourceSelector,
    tag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    var span = buffer.mutableSpan
    return try receive(into: &span, as: layout, count: count, from: source, tag: tag)
  }

  /// Sends from one layout and receives into another at once (`MPI_Sendrecv` with derived datatypes). Local.
  @discardableResult
  public final func sendReceive<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, to destination: Rank, tag sendTag: Int = 0,
    into buffer: inout MutableSpan<Element>, as incoming: Layout<Element>, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    let out = try outgoing.wire(1, in: values.count, "MPI_Sendrecv", self)
    let into = try incoming.wire(1, in: buffer.count, "MPI_Sendrecv", self, isReceiving: true)
    return try exchange(values.rawPointer, out, destination, sendTag, buffer.rawPointer, into, source, receiveTag)
  }

  /// Overwrites the places that a layout picks with the root's values (`MPI_Bcast` with a derived datatype).
  ///
  /// Collective; all ranks name the same root and as many values, each in its own layout.
  public final func broadcast<Element: Datatype>(
    _ buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1, from root: Rank
  ) throws(MPIError) {
    try enter("MPI_Bcast", self)
    let wire = try layout.wire(count, in: buffer.count, "MPI_Bcast", self, isReceiving: rank != root)
    let root = try root.root("MPI_Bcast", self)
    try check(cmpi_bcast(buffer.rawPointer, wire.count, wire.type, root, handle), "MPI_Bcast", self)
  }

  /// Exchanges blocks among all ranks, each in a layout of its own (`MPI_Alltoallw`).
  ///
  /// Collective; what rank a sends to b has as many values as what b expects from a. Redistributes arrays in one call.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values go to each rank.
  ///   - buffer: Where what it gets goes.
  ///   - incoming: Where each rank's values go.
  public final func allToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Alltoallw"
    try enter(procedure, self)
    let out = try wires(outgoing, in: values.count, procedure)
    let into = try wires(incoming, in: buffer.count, procedure, isReceiving: true)
    let code = withExtendedLifetime((outgoing, incoming)) {
      cmpi_alltoallw(
        values.rawPointer, out.counts, out.offsets, out.types, buffer.rawPointer, into.counts, into.offsets,
        into.types, handle)
    }
    try check(code, procedure, self)
  }

  final func wires<Element: Datatype>(
    _ blocks: [LayoutBlock<Element>], in capacity: Int, _ procedure: StaticString, isReceiving: Bool = false
  ) throws(MPIError) -> (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) {
    guard blocks.count == size else {
      throw lengthError(procedure, "\(blocks.count) blocks were given, in a communicator of \(size)")
    }
    return try wires(ofAny: blocks, in: capacity, procedure, isReceiving: isReceiving)
  }

  /// The blocks as MPI reads them, however many there are.
  final func wires<Element: Datatype>(
    ofAny blocks: [LayoutBlock<Element>], in capacity: Int, _ procedure: StaticString, isReceiving: Bool
  ) throws(MPIError) -> (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) {
    var result: (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) = ([], [], [])
    result.counts.reserveCapacity(blocks.count)
    result.offsets.reserveCapacity(blocks.count)
    result.types.reserveCapacity(blocks.count)
    for block in blocks {
      let isPlaced = block.offset >= 0 && block.offset <= capacity
      let wire = try block.layout.wire(
        block.count, in: isPlaced ? capacity - block.offset : -1, procedure, self, isReceiving: isReceiving)
      result.counts.append(wire.count)
      result.offsets.append(isPlaced ? Int64(block.offset * MemoryLayout<Element>.stride) : 0)
      result.types.append(wire.type)
    }
    return result
  }
}

/// Items of a layout somewhere in a buffer: what one rank sends to another in an exchange of layouts.
public struct LayoutBlock<Element: Datatype>: Sendable {
  /// Which values of an item travel.
  public var layout: Layout<Element>
  /// How many items, one behind the other.
  public var count: Int
  /// Where the first begins, in values from the start of the buffer.
  public var offset: Int

  /// Items of a layout somewhere in a buffer.
  public init(_ layout: Layout<Element>, count: Int = 1, offset: Int = 0) {
    self.layout = layout
    self.count = count
    self.offset = offset
  }
}

extension Layout {
  /// Items of this layout as MPI counts them, when they lie inside a buffer.
  func wire(
    _ items: Int, in capacity: Int, _ procedure: StaticString, _ communicator: Communicator, isReceiving: Bool = false
  ) throws(MPIError) -> WireCount {
    guard items >= 0 else {
      throw MPIError(MPIError.count, procedure, communicator, message: "\(items) items of a layout were asked for")
    }
    // Items of no values are nothing, wherever they would lie.
    let items = count == 0 ? 0 : items
    let (between, isOverflow) = max(items - 1, 0).multipliedReportingOverflow(by: extent)
    guard items == 0 || (!isOverflow && between <= capacity && reach <= capacity - between) else {
      throw communicator.lengthError(
        procedure, "\(items) items of a layout that reaches over \(reach) values do not fit a buffer of \(capacity)")
    }
    guard !isReceiving || items == 0 || !(hasOverlap || collide(items, over: between + reach)) else {
      throw MPIError(
        MPIError.argument, procedure, communicator, message: "a layout that names a value twice cannot be received")
    }
    // Without values all layouts are the same; in checked mode they are seen to be.
    return items == 0 ? try WireCount(0, of: Element.self) : WireCount(items, handle)
  }

  /// Whether so many items certainly share places: all begin at the same one, or they have more values than places.
  private func collide(_ items: Int, over places: Int) -> Bool {
    let (values, isOverflow) = count.multipliedReportingOverflow(by: items)
    return items > 1 && (extent == 0 || isOverflow || values > places)
  }
}

extension WireCount {
  init(_ items: Int, _ type: CMPI_Datatype) {
    self.type = type
    count = Int64(items)
  }
}
