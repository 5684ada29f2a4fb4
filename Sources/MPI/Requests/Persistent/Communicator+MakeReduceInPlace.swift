internal import CMPI

// The persistent reductions within one memory. All are collective: every rank makes them, in the same order, with spans of
// the same length and the same reduction; the error of a closure is that of each round's wait.

extension Communicator {
  /// Prepares to combine spans element by element in the root's (`MPI_Reduce_init`); the others stay. Collective.
  @_lifetime(copy values)
  public final func makeReduce<Element: Datatype>(
    inPlace values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let isRoot = rank == root
    let wireRoot = try root.root("MPI_Reduce_init", self)
    let data = values.pointers
    let parts = try prepared("MPI_Reduce_init", data.count, reduction) { count, type, operation, request, kept in
      cmpi_reduce_init(
        isRoot ? cmpi_in_place() : UnsafeRawPointer(data.raw), isRoot ? data.raw : nil, count, type, operation,
        wireRoot, handle, request, kept)
    } twin: { () throws(MPIError) in
      try self.startReduce(isRoot ? nil : UnsafeBufferPointer(data), into: data, reduction, root).parts()
    }
    return PersistentRequest(parts, values)
  }

  /// Prepares to combine spans element by element, in place, on all ranks (`MPI_Allreduce_init`). Collective.
  @_lifetime(copy values)
  public final func makeAllReduce<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let parts = try prepared("MPI_Allreduce_init", nil, into: values.pointers, reduction, cmpi_allreduce_init) {
      (given, result) throws(MPIError) in try self.startAllReduce(given, into: result, reduction).parts()
    }
    return PersistentRequest(parts, values)
  }

  /// Prepares to combine spans of the ranks up to this one, in place (`MPI_Scan_init`). Collective.
  @_lifetime(copy values)
  public final func makeScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let parts = try prepared("MPI_Scan_init", nil, into: values.pointers, reduction, cmpi_scan_init) {
      (given, result) throws(MPIError) in try self.startScan(given, into: result, reduction).parts()
    }
    return PersistentRequest(parts, values)
  }

  /// Prepares to combine spans of the ranks before this one, in place (`MPI_Exscan_init`). Rank 0's stays as it is.
  /// Collective.
  @_lifetime(copy values)
  public final func makeExclusiveScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let parts = try prepared("MPI_Exscan_init", nil, into: values.pointers, reduction, cmpi_exscan_init) {
      (given, result) throws(MPIError) in try self.startExclusiveScan(given, into: result, reduction).parts()
    }
    return PersistentRequest(parts, values)
  }
}
