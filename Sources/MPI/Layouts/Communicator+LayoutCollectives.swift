public import CMPI

extension Communicator {
  /// Collects one item of a layout from every rank at the root (`MPI_Gather` with derived datatypes).
  ///
  /// Collective; all ranks name the same root and give as many values, each in its own layout.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values.
  ///   - buffer: At the root where the values go; elsewhere not looked at.
  ///   - incoming: At the root where those of one rank go, as many as it gives, rank r's at r × ``Layout/extent``;
  ///     elsewhere not looked at.
  ///   - root: Who gets them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when a layout reaches out of its buffer, or the root's two
  ///   layouts differ in their number of values; of class ``MPIError/argument`` when the incoming one names a place twice.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, to root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Gather"
    guard _fastPath(arePlain(outgoing, in: values.count, incoming, in: buffer.count, at: root)) else {
      return try gatherExactly(values, as: outgoing, into: &buffer, as: incoming, to: root)
    }
    let code = cmpi_gather_layout(
      values.rawPointer, 1, outgoing.handle, buffer.rawPointer, 1, rank == root ? incoming.handle : outgoing.handle,
      outgoing.mostBytes, storedSize, root.value, handle)
    try check(code, procedure, self)
  }

  /// The same of any layouts, and what is wrong with those that do not fit.
  @usableFromInline @inline(never)
  final func gatherExactly<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, to root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Gather"
    let (out, into, wireRoot) = try gathered(
      values.count, as: outgoing, into: buffer.count, as: incoming, to: root, procedure)
    let code = cmpi_gather_layout(
      values.rawPointer, out.count, out.type, buffer.rawPointer, into.count, into.type, outgoing.mostBytes, storedSize,
      wireRoot, handle)
    try check(code, procedure, self)
  }

  /// Collects one item of a layout from every rank on all ranks (`MPI_Allgather` with derived datatypes).
  ///
  /// Collective; all ranks give as many values, each in its own layout.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - outgoing: Which of its values.
  ///   - buffer: Where the values of all ranks go.
  ///   - incoming: Where those of one rank go, as many as it gives, rank r's at r × ``Layout/extent``.
  /// - Throws: As `gather(_:as:into:as:to:)`.
  @inlinable @inline(__always)
  public final func allGather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Allgather"
    guard
      _fastPath(
        outgoing.fitsPlainly(1, in: values.count) && isSharedPlainly(incoming, outgoing, in: buffer.count))
    else { return try allGatherExactly(values, as: outgoing, into: &buffer, as: incoming) }
    let code = cmpi_allgather(values.rawPointer, 1, outgoing.handle, buffer.rawPointer, 1, incoming.handle, handle)
    try check(code, procedure, self)
  }

  /// The same of any layouts, and what is wrong with those that do not fit.
  @usableFromInline @inline(never)
  final func allGatherExactly<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Allgather"
    let (out, into) = try allGathered(values.count, as: outgoing, into: buffer.count, as: incoming, procedure)
    let code = cmpi_allgather(
      values.rawPointer, out.count, out.type, buffer.rawPointer, into.count, into.type, handle)
    try check(code, procedure, self)
  }

  /// Gives every rank one item of a layout of the root's buffer (`MPI_Scatter` with derived datatypes).
  ///
  /// Collective; all ranks name the same root and get as many values, each in its own layout.
  ///
  /// - Parameters:
  ///   - values: At the root what is divided; elsewhere not looked at.
  ///   - outgoing: At the root which values one rank gets, rank r's at r × ``Layout/extent``; elsewhere not looked at.
  ///   - buffer: Where this rank's values go.
  ///   - incoming: At which places.
  ///   - root: Who gives them.
  /// - Throws: As `gather(_:as:into:as:to:)`.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, from root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Scatter"
    guard _fastPath(arePlain(incoming, in: buffer.count, outgoing, in: values.count, at: root)) else {
      return try scatterExactly(values, as: outgoing, into: &buffer, as: incoming, from: root)
    }
    let code = cmpi_scatter_layout(
      values.rawPointer, 1, rank == root ? outgoing.handle : incoming.handle, buffer.rawPointer, 1, incoming.handle,
      incoming.mostBytes, storedSize, root.value, handle)
    try check(code, procedure, self)
  }

  /// The same of any layouts, and what is wrong with those that do not fit.
  @usableFromInline @inline(never)
  final func scatterExactly<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, from root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Scatter"
    let (out, into, wireRoot) = try scattered(
      values.count, as: outgoing, into: buffer.count, as: incoming, from: root, procedure)
    let code = cmpi_scatter_layout(
      values.rawPointer, out.count, out.type, buffer.rawPointer, into.count, into.type, incoming.mostBytes, storedSize,
      wireRoot, handle)
    try check(code, procedure, self)
  }
}

// What the blocking, the started and the prepared collectives check, and how MPI is told their layouts.

extension Communicator {
  @inlinable @inline(__always)
  final func gathered<Element: Datatype>(
    _ given: Int, as outgoing: Layout<Element>, into room: Int, as incoming: Layout<Element>, to root: Rank,
    _ procedure: StaticString
  ) throws(MPIError) -> (out: WireCount, into: WireCount, root: CInt) {
    let wireRoot = try root.root(procedure, self)
    let out = try outgoing.wire(1, in: given, procedure, self)
    let into = rank == root ? try shared(incoming, outgoing, in: room, procedure, isReceiving: true) : out
    return (out, into, wireRoot)
  }

  @inlinable @inline(__always)
  final func allGathered<Element: Datatype>(
    _ given: Int, as outgoing: Layout<Element>, into room: Int, as incoming: Layout<Element>,
    _ procedure: StaticString
  ) throws(MPIError) -> (out: WireCount, into: WireCount) {
    let out = try outgoing.wire(1, in: given, procedure, self)
    return (out, try shared(incoming, outgoing, in: room, procedure, isReceiving: true))
  }

  @inlinable @inline(__always)
  final func scattered<Element: Datatype>(
    _ given: Int, as outgoing: Layout<Element>, into room: Int, as incoming: Layout<Element>, from root: Rank,
    _ procedure: StaticString
  ) throws(MPIError) -> (out: WireCount, into: WireCount, root: CInt) {
    let wireRoot = try root.root(procedure, self)
    let into = try incoming.wire(1, in: room, procedure, self, isReceiving: true)
    let out = rank == root ? try shared(outgoing, incoming, in: given, procedure, isReceiving: false) : into
    return (out, into, wireRoot)
  }

  /// Whether a rank's own item certainly lies in its buffer, and at the root one for each rank in the shared one.
  @inlinable @inline(__always)
  final func arePlain<Element>(
    _ own: Layout<Element>, in room: Int, _ shared: Layout<Element>, in capacity: Int, at root: Rank
  ) -> Bool {
    isPlain(root) && own.fitsPlainly(1, in: room)
      && (rank != root || isSharedPlainly(shared, own, in: capacity))
  }

  /// Whether one item for each rank certainly lies in the buffer, with as many values as a rank's own one.
  @inlinable @inline(__always)
  final func isSharedPlainly<Element>(
    _ layout: Layout<Element>, _ own: Layout<Element>, in capacity: Int
  ) -> Bool {
    own.count == layout.count && layout.fitsPlainly(size, in: capacity)
  }

  /// One item for each rank, which lie in the buffer and have as many values as a rank's own one.
  @inlinable @inline(__always)
  final func shared<Element>(
    _ layout: Layout<Element>, _ own: Layout<Element>, in capacity: Int, _ procedure: StaticString, isReceiving: Bool
  ) throws(MPIError) -> WireCount {
    if _fastPath(isSharedPlainly(layout, own, in: capacity)) { return WireCount(1, layout.handle) }
    return try sharedExactly(layout, own, in: capacity, procedure, isReceiving: isReceiving)
  }

  /// The same of any layout, and what is wrong with those that do not fit.
  @usableFromInline @inline(never)
  final func sharedExactly<Element>(
    _ layout: Layout<Element>, _ own: Layout<Element>, in capacity: Int, _ procedure: StaticString, isReceiving: Bool
  ) throws(MPIError) -> WireCount {
    let all = try layout.wire(size, in: capacity, procedure, self, isReceiving: isReceiving)
    guard own.count == layout.count else {
      throw lengthError(
        procedure, "a layout of \(own.count) values meets one that has \(layout.count) values for each rank")
    }
    return layout.count == 0 ? all : WireCount(1, layout.handle)
  }
}
