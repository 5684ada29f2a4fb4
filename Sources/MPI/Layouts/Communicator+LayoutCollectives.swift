internal import CMPI

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
  public final func gather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, to root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Gather"
    try enter(procedure, self)
    let wireRoot = try root.root(procedure, self)
    let out = try outgoing.wire(1, in: values.count, procedure, self)
    if rank == root { try requireShared(outgoing, buffer.count, incoming, isReceiving: true, procedure) }
    let into = rank == root ? incoming.handle : out.type
    let code = cmpi_gather(
      values.rawPointer, out.count, out.type, buffer.rawPointer, out.count, into, wireRoot, handle)
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
  /// - Throws: As ``gather(_:as:into:as:to:)``.
  public final func allGather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Allgather"
    try enter(procedure, self)
    let out = try outgoing.wire(1, in: values.count, procedure, self)
    try requireShared(outgoing, buffer.count, incoming, isReceiving: true, procedure)
    let code = cmpi_allgather(
      values.rawPointer, out.count, out.type, buffer.rawPointer, out.count, incoming.handle, handle)
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
  /// - Throws: As ``gather(_:as:into:as:to:)``.
  public final func scatter<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, from root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Scatter"
    try enter(procedure, self)
    let wireRoot = try root.root(procedure, self)
    let into = try incoming.wire(1, in: buffer.count, procedure, self, isReceiving: true)
    if rank == root { try requireShared(incoming, values.count, outgoing, isReceiving: false, procedure) }
    let from = rank == root ? outgoing.handle : into.type
    let code = cmpi_scatter(
      values.rawPointer, into.count, from, buffer.rawPointer, into.count, into.type, wireRoot, handle)
    try check(code, procedure, self)
  }

  /// One item for each rank lies in the buffer, and has as many values as a rank's own one.
  private func requireShared<Element>(
    _ own: Layout<Element>, _ capacity: Int, _ shared: Layout<Element>, isReceiving: Bool, _ procedure: StaticString
  ) throws(MPIError) {
    _ = try shared.wire(size, in: capacity, procedure, self, isReceiving: isReceiving)
    guard own.count == shared.count else {
      throw lengthError(
        procedure, "a layout of \(own.count) values meets one that has \(shared.count) values for each rank")
    }
  }
}
