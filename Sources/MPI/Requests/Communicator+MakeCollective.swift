internal import CMPI

extension Communicator {
  /// Prepares a barrier that is started any number of times (`MPI_Barrier_init`).
  ///
  /// Collective, as all of these are: every rank makes it, in the same order. New in MPI 4.0; also in Open MPI 4.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` on an MPI that has no persistent collectives.
  @_lifetime(immortal)
  public final func makeBarrier() throws(MPIError) -> PersistentRequest<UInt8> {
    try made("MPI_Barrier_init", MutableSpan<UInt8>()) { (_, request) in cmpi_barrier_init(handle, request) }
  }

  /// Prepares to overwrite a span on all ranks with the root's (`MPI_Bcast_init`). Collective.
  @_lifetime(copy values)
  public final func makeBroadcast<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let root = try root.root("MPI_Bcast_init", self)
    let wire = try WireCount(values.count, of: Element.self)
    return try made("MPI_Bcast_init", values) { cmpi_bcast_init($0, wire.count, wire.type, root, handle, $1) }
  }

  /// Prepares to collect the ranks' values in the root's buffer, where its own lie (`MPI_Gather_init`). Collective.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values with its own at rank × count; elsewhere the count values to give.
  ///   - root: Who gets them.
  @_lifetime(copy buffer)
  public final func makeGather<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>, to root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let isRoot = rank == root
    let wire = try self.wire(ofPart: isRoot, buffer.count, Element.self, "MPI_Gather_init")
    let root = try root.root("MPI_Gather_init", self)
    return try made("MPI_Gather_init", buffer) {
      cmpi_gather_init($0, wire.count, wire.type, isRoot, root, handle, $1)
    }
  }

  /// Prepares to divide the root's buffer, whose own part stays where it is (`MPI_Scatter_init`). Collective.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values; elsewhere where the count values of this rank go.
  ///   - root: Who gives them.
  @_lifetime(copy buffer)
  public final func makeScatter<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let isRoot = rank == root
    let wire = try self.wire(ofPart: isRoot, buffer.count, Element.self, "MPI_Scatter_init")
    let root = try root.root("MPI_Scatter_init", self)
    return try made("MPI_Scatter_init", buffer) {
      cmpi_scatter_init($0, wire.count, wire.type, isRoot, root, handle, $1)
    }
  }

  /// Prepares to complete a buffer in which each rank's own values lie in place (`MPI_Allgather_init`). Collective.
  @_lifetime(copy buffer)
  public final func makeAllGather<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try self.wire(ofPart: true, buffer.count, Element.self, "MPI_Allgather_init")
    return try made("MPI_Allgather_init", buffer) { cmpi_allgather_init($0, wire.count, wire.type, handle, $1) }
  }

  /// Prepares to replace what every rank gives by what it gets (`MPI_Alltoall_init`). Collective.
  @_lifetime(copy buffer)
  public final func makeAllToAll<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try self.wire(ofPart: true, buffer.count, Element.self, "MPI_Alltoall_init")
    return try made("MPI_Alltoall_init", buffer) { cmpi_alltoall_init($0, wire.count, wire.type, handle, $1) }
  }

  /// Prepares to combine spans element by element in the root's (`MPI_Reduce_init`); the others stay. Collective.
  @_lifetime(copy values)
  public final func makeReduce<Element: Datatype>(
    inPlace values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let isRoot = rank == root
    let root = try root.root("MPI_Reduce_init", self)
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Reduce_init")
    return try made("MPI_Reduce_init", values, reduction.closure) {
      cmpi_reduce_init($0, wire.count, wire.type, operation, isRoot, root, handle, $1)
    }
  }

  /// Prepares to combine spans element by element, in place, on all ranks (`MPI_Allreduce_init`). Collective.
  @_lifetime(copy values)
  public final func makeAllReduce<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Allreduce_init")
    return try made("MPI_Allreduce_init", values, reduction.closure) {
      cmpi_allreduce_init($0, wire.count, wire.type, operation, handle, $1)
    }
  }

  /// Prepares to combine spans of the ranks up to this one, in place (`MPI_Scan_init`). Collective.
  @_lifetime(copy values)
  public final func makeScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Scan_init")
    return try made("MPI_Scan_init", values, reduction.closure) {
      cmpi_scan_init($0, wire.count, wire.type, operation, handle, $1)
    }
  }

  /// Prepares to combine spans of the ranks before this one, in place (`MPI_Exscan_init`). Collective.
  @_lifetime(copy values)
  public final func makeExclusiveScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Exscan_init")
    return try made("MPI_Exscan_init", values, reduction.closure) {
      cmpi_exscan_init($0, wire.count, wire.type, operation, handle, $1)
    }
  }
}

extension Communicator {
  @_lifetime(copy values)
  private func made<Element: Datatype>(
    _ procedure: StaticString, _ values: consuming MutableSpan<Element>, _ kept: AnyObject? = nil,
    _ call: (UnsafeMutableRawPointer?, UnsafeMutablePointer<CMPI_Request>) -> CInt
  ) throws(MPIError) -> PersistentRequest<Element> {
    try enter(procedure, self)
    var request = cmpi_request_null()
    let code = call(values.rawPointer, &request)
    if code != 0 {
      let error = failure(code, procedure, self)
      guard error.errorClass == MPIError.unsupported else { throw error }
      throw MPIError(MPIError.unsupported, procedure, self, message: "this MPI cannot prepare this operation")
    }
    return PersistentRequest(request, RequestPlace(self), values, kept)
  }

  /// The count of a buffer, or of one rank's part of it.
  private func wire<Element: Datatype>(
    ofPart isPart: Bool, _ count: Int, _: Element.Type, _ procedure: StaticString
  ) throws(MPIError) -> WireCount {
    try WireCount(isPart ? try part(of: count, procedure) : count, of: Element.self)
  }

  /// The datatype and operation of a reduction whose values travel as they are.
  private func travelling<Element: Datatype>(
    _ count: Int, _ reduction: Reduction<Element>, _ procedure: StaticString
  ) throws(MPIError) -> (WireCount, CMPI_Op) {
    try enter(procedure, self)
    let plain = try WireCount(count, of: Element.self)
    guard let closure = reduction.closure else { return (plain, reduction.operation) }
    guard !closure.mayThrow else {
      throw MPIError(
        MPIError.unsupported, procedure, self, message: "a closure that may throw cannot be part of what is prepared")
    }
    return (WireCount(count, try closure.plainType(procedure)), try closure.operation(procedure))
  }
}
