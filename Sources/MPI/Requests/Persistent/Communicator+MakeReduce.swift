internal import CMPI

// The persistent reductions from one memory into another. All are collective: every rank makes them, in the same order,
// with spans of the same length and the same reduction; the error of a closure is that of each round's wait.

extension Communicator {
  /// Prepares to combine spans element by element in the root's result (`MPI_Reduce_init`). Collective.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - result: At the root where the result goes, as long as the values; elsewhere not looked at, and may be empty.
  ///   - reduction: How two values become one.
  ///   - root: Who gets the result.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root's two spans differ in length.
  @_lifetime(copy values, copy result)
  public final func makeReduce<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into result: consuming MutableSpan<Element>,
    _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Reduce_init"
    let isRoot = rank == root
    if isRoot { try requireSameLength(values.count, result.count, procedure) }
    let wireRoot = try root.root(procedure, self)
    let (out, into) = (values.pointers, result.pointers)
    let parts = try prepared(procedure, out.count, reduction) { count, type, operation, request, kept in
      cmpi_reduce_init(out.raw, isRoot ? into.raw : nil, count, type, operation, wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      try self.startReduce(UnsafeBufferPointer(out), into: into, reduction, root).parts()
    }
    return PersistentExchange(parts, values, result)
  }

  /// Prepares to combine spans element by element into another one on all ranks (`MPI_Allreduce_init`). Collective.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @_lifetime(copy values, copy result)
  public final func makeAllReduce<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into result: consuming MutableSpan<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Allreduce_init"
    try requireSameLength(values.count, result.count, procedure)
    let parts = try prepared(procedure, values.pointers, into: result.pointers, reduction, cmpi_allreduce_init) {
      (given, result) throws(MPIError) in try self.startAllReduce(given, into: result, reduction).parts()
    }
    return PersistentExchange(parts, values, result)
  }

  /// Prepares to combine spans of the ranks up to this one into another one (`MPI_Scan_init`). Collective.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @_lifetime(copy values, copy result)
  public final func makeScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into result: consuming MutableSpan<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Scan_init"
    try requireSameLength(values.count, result.count, procedure)
    let parts = try prepared(procedure, values.pointers, into: result.pointers, reduction, cmpi_scan_init) {
      (given, result) throws(MPIError) in try self.startScan(given, into: result, reduction).parts()
    }
    return PersistentExchange(parts, values, result)
  }

  /// Prepares to combine spans of the ranks before this one into another one (`MPI_Exscan_init`). Rank 0's result stays as
  /// it is. Collective.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the two spans of this rank differ in length.
  @_lifetime(copy values, copy result)
  public final func makeExclusiveScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into result: consuming MutableSpan<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Exscan_init"
    try requireSameLength(values.count, result.count, procedure)
    let parts = try prepared(procedure, values.pointers, into: result.pointers, reduction, cmpi_exscan_init) {
      (given, result) throws(MPIError) in try self.startExclusiveScan(given, into: result, reduction).parts()
    }
    return PersistentExchange(parts, values, result)
  }

  /// Prepares to combine spans and to divide the result into equal parts (`MPI_Reduce_scatter_block_init`). Collective.
  ///
  /// - Parameters:
  ///   - values: Size × count values.
  ///   - result: Where this rank's count results go.
  ///   - reduction: How two values become one.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the values are not size × count. For a reduction that does
  ///   not commute each start on MPICH 4.0, whose own is broken, throws ``MPIError/unsupported``.
  @_lifetime(copy values, copy result)
  public final func makeReduceScatter<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, into result: consuming MutableSpan<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Reduce_scatter_block_init"
    try requireParts(values.count, result.count, procedure)
    let (out, into) = (values.pointers, result.pointers)
    let parts = try prepared(procedure, into.count, reduction) { count, type, operation, request, kept in
      cmpi_reduce_scatter_block_init(out.raw, into.raw, count, type, operation, handle, request, kept)
    } twin: { () throws(MPIError) in
      try self.startReduceScatter(UnsafeBufferPointer(out), into: into, reduction).parts()
    }
    return PersistentExchange(parts, values, result)
  }

  /// Prepares to combine spans and to divide the result by given counts (`MPI_Reduce_scatter_init`). Collective.
  ///
  /// All ranks give the same counts, one for each rank, whose sum is the length of the values.
  ///
  /// - Parameters:
  ///   - values: As many values as the counts have together.
  ///   - counts: How many results each rank gets.
  ///   - result: Where this rank's results go, as many as its count.
  ///   - reduction: How two values become one.
  /// - Throws: As ``makeReduceScatter(_:into:_:)``.
  @_lifetime(copy values, copy result)
  public final func makeReduceScatter<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, counts: [Int], into result: consuming MutableSpan<Element>,
    _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentExchange<Element> {
    let procedure: StaticString = "MPI_Reduce_scatter_init"
    let wire = try scattered(values.count, counts: counts, into: result.count, of: Element.self, procedure)
    let (out, into) = (values.pointers, result.pointers)
    let hasUnits = reduction.closure == nil
    let parts = try prepared(procedure, out.count, reduction) { _, type, operation, request, kept in
      let wire = hasUnits ? wire : Blocks.Wire(counts, units: 1)
      return wire.lend { counts, _ in
        cmpi_reduce_scatter_init(out.raw, into.raw, counts, type, operation, handle, request, kept)
      }
    } twin: { () throws(MPIError) in
      try self.startReduceScatter(UnsafeBufferPointer(out), counts, wire, into: into, reduction).parts()
    }
    return PersistentExchange(parts, values, result)
  }
}
