public import CMPI

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
  @inlinable @inline(__always)
  public final func send<Element: Datatype>(
    _ values: Span<Element>, as layout: Layout<Element>, count: Int = 1, to destination: Rank, tag: Int = 0,
    mode: SendMode = .standard
  ) throws(MPIError) {
    let wire = try layout.wire(count, in: values.count, mode.procedure, self)
    let code = try sendCode(values.rawPointer, wire, destination, tag, mode)
    try check(code, mode.procedure, self)
  }

  /// Sends the values that a layout picks from an array; as `send(_:as:count:to:tag:mode:)`.
  @inlinable @inline(__always)
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
  @inlinable @inline(__always) @discardableResult
  public final func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1,
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Recv", self, isReceiving: true)
    return try receive(wire, into: buffer.rawPointer, source, tag)
  }

  /// Receives values into an array; as `receive(into:as:count:from:tag:)`.
  @inlinable @inline(__always) @discardableResult
  public final func receive<Element: Datatype>(
    into buffer: inout [Element], as layout: Layout<Element>, count: Int = 1, from source: some SourceSelector,
    tag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    var span = buffer.mutableSpan
    return try receive(into: &span, as: layout, count: count, from: source, tag: tag)
  }

  /// Sends from one layout and receives into another at once (`MPI_Sendrecv` with derived datatypes). Local.
  @inlinable @inline(__always) @discardableResult
  public final func sendReceive<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, to destination: Rank, tag sendTag: Int = 0,
    into buffer: inout MutableSpan<Element>, as incoming: Layout<Element>, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    guard _fastPath(outgoing.fitsPlainly(1, in: values.count) && incoming.fitsPlainly(1, in: buffer.count)) else {
      return try sendReceiveExactly(
        values, as: outgoing, to: destination, sendTag, into: &buffer, as: incoming, source.source, receiveTag.tag)
    }
    return try exchange(
      values.rawPointer, WireCount(1, outgoing.handle), destination, sendTag, buffer.rawPointer,
      WireCount(1, incoming.handle), source, receiveTag)
  }

  /// The same of any layouts, and what is wrong with those that do not fit.
  @usableFromInline @inline(never)
  final func sendReceiveExactly<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, to destination: Rank, _ sendTag: Int,
    into buffer: inout MutableSpan<Element>, as incoming: Layout<Element>, _ source: Rank?, _ receiveTag: Int?
  ) throws(MPIError) -> Status {
    let out = try outgoing.wire(1, in: values.count, "MPI_Sendrecv", self)
    let into = try incoming.wire(1, in: buffer.count, "MPI_Sendrecv", self, isReceiving: true)
    return try exchangeExactly(
      values.rawPointer, out, destination, sendTag, buffer.rawPointer, into, source, receiveTag)
  }

  /// Overwrites the places that a layout picks with the root's values (`MPI_Bcast` with a derived datatype).
  ///
  /// Collective; all ranks name the same root and as many values, each in its own layout.
  @inlinable @inline(__always)
  public final func broadcast<Element: Datatype>(
    _ buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1, from root: Rank
  ) throws(MPIError) {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Bcast", self, isReceiving: rank != root)
    let root = try root.root("MPI_Bcast", self)
    let code = cmpi_bcast_layout(buffer.rawPointer, wire.count, wire.type, layout.mostBytes, root, handle)
    try check(code, "MPI_Bcast", self)
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
  @inlinable @inline(__always)
  public final func allToAll<Element: Datatype>(
    _ values: Span<Element>, _ outgoing: [LayoutBlock<Element>], into buffer: inout MutableSpan<Element>,
    _ incoming: [LayoutBlock<Element>]
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Alltoallw"
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let near = try lendSides(outgoing, in: values.count, incoming, in: buffer.count) { sides, handle in
      cmpi_alltoallw_classic(
        out, sides.outCounts, sides.outOffsets, sides.outTypes, into, sides.inCounts, sides.inOffsets, sides.inTypes,
        handle)
    }
    if let near { return try check(near, procedure, self) }
    try allToAllFar(values, outgoing, into: &buffer, incoming)
  }

  /// The same of layouts that the classic procedure does not take, and what is wrong with others.
  @usableFromInline
  final func allToAllFar<Element: Datatype>(
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
}
