internal import CMPI

extension Communicator {
  /// Prepares a barrier that is started any number of times (`MPI_Barrier_init`).
  ///
  /// Collective, as all of these are: every rank makes it, in the same order. New in MPI 4.0; also in
  /// Open MPI 4. Where MPI has none that work, each round starts the nonblocking collective.
  @_lifetime(immortal)
  public final func makeBarrier() throws(MPIError) -> PersistentRequest<UInt8> {
    try made("MPI_Barrier_init", MutableSpan<UInt8>()) { (_, request) in
      cmpi_barrier_init(handle, request)
    } twin: { _ throws(MPIError) in
      try self.startBarrier().parts()
    }
  }

  /// Prepares to overwrite a span on all ranks with the root's (`MPI_Bcast_init`). Collective.
  @_lifetime(copy values)
  public final func makeBroadcast<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, from root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wireRoot = try root.root("MPI_Bcast_init", self)
    let wire = try WireCount(values.count, of: Element.self)
    return try made("MPI_Bcast_init", values) {
      cmpi_bcast_init($0, wire.count, wire.type, wireRoot, handle, $1)
    } twin: { values throws(MPIError) in
      try self.startBroadcast(UnsafeMutableRawPointer(values.baseAddress), values.count, Element.self, root).parts()
    }
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
    let wireRoot = try root.root("MPI_Gather_init", self)
    return try made("MPI_Gather_init", buffer) {
      cmpi_gather_init($0, wire.count, wire.type, isRoot, wireRoot, handle, $1)
    } twin: { values throws(MPIError) in
      var span = MutableSpan(_unsafeElements: values)
      return try self.startGather(inPlace: &span, to: root).parts()
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
    let wireRoot = try root.root("MPI_Scatter_init", self)
    return try made("MPI_Scatter_init", buffer) {
      cmpi_scatter_init($0, wire.count, wire.type, isRoot, wireRoot, handle, $1)
    } twin: { values throws(MPIError) in
      var span = MutableSpan(_unsafeElements: values)
      return try self.startScatter(inPlace: &span, from: root).parts()
    }
  }

  /// Prepares to complete a buffer in which each rank's own values lie in place (`MPI_Allgather_init`). Collective.
  @_lifetime(copy buffer)
  public final func makeAllGather<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try self.wire(ofPart: true, buffer.count, Element.self, "MPI_Allgather_init")
    return try made("MPI_Allgather_init", buffer) {
      cmpi_allgather_init($0, wire.count, wire.type, handle, $1)
    } twin: { values throws(MPIError) in
      var span = MutableSpan(_unsafeElements: values)
      return try self.startAllGather(inPlace: &span).parts()
    }
  }

  /// Prepares to replace what every rank gives by what it gets (`MPI_Alltoall_init`). Collective.
  @_lifetime(copy buffer)
  public final func makeAllToAll<Element: Datatype>(
    inPlace buffer: consuming MutableSpan<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try self.wire(ofPart: true, buffer.count, Element.self, "MPI_Alltoall_init")
    return try made("MPI_Alltoall_init", buffer) {
      cmpi_alltoall_init($0, wire.count, wire.type, handle, $1)
    } twin: { values throws(MPIError) in
      var span = MutableSpan(_unsafeElements: values)
      return try self.startAllToAll(inPlace: &span).parts()
    }
  }

  /// Prepares to combine spans element by element in the root's (`MPI_Reduce_init`); the others stay. Collective.
  @_lifetime(copy values)
  public final func makeReduce<Element: Datatype>(
    inPlace values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> PersistentRequest<Element> {
    let isRoot = rank == root
    let wireRoot = try root.root("MPI_Reduce_init", self)
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Reduce_init")
    return try made("MPI_Reduce_init", values, reduction) {
      cmpi_reduce_init($0, wire.count, wire.type, operation, isRoot, wireRoot, handle, $1)
    } twin: { values throws(MPIError) in
      try self.startReduce(isRoot ? nil : UnsafeBufferPointer(values), into: values, reduction, root).parts()
    }
  }

  /// Prepares to combine spans element by element, in place, on all ranks (`MPI_Allreduce_init`). Collective.
  @_lifetime(copy values)
  public final func makeAllReduce<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Allreduce_init")
    return try made("MPI_Allreduce_init", values, reduction) {
      cmpi_allreduce_init($0, wire.count, wire.type, operation, handle, $1)
    } twin: { values throws(MPIError) in
      try self.startAllReduce(nil, into: values, reduction).parts()
    }
  }

  /// Prepares to combine spans of the ranks up to this one, in place (`MPI_Scan_init`). Collective.
  @_lifetime(copy values)
  public final func makeScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Scan_init")
    return try made("MPI_Scan_init", values, reduction) {
      cmpi_scan_init($0, wire.count, wire.type, operation, handle, $1)
    } twin: { values throws(MPIError) in
      try self.startScan(nil, into: values, reduction).parts()
    }
  }

  /// Prepares to combine spans of the ranks before this one, in place (`MPI_Exscan_init`). Collective.
  @_lifetime(copy values)
  public final func makeExclusiveScan<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>
  ) throws(MPIError) -> PersistentRequest<Element> {
    let (wire, operation) = try travelling(values.count, reduction, "MPI_Exscan_init")
    return try made("MPI_Exscan_init", values, reduction) {
      cmpi_exscan_init($0, wire.count, wire.type, operation, handle, $1)
    } twin: { values throws(MPIError) in
      try self.startExclusiveScan(nil, into: values, reduction).parts()
    }
  }
}

extension Communicator {
  /// Makes a persistent collective, or one that starts the nonblocking twin at each round: where this MPI has none, or a
  /// broken one (MPICH 4.0), for counts that it cannot be told, and for closures that may throw.
  @_lifetime(copy values)
  private func made<Element: Datatype>(
    _ procedure: StaticString, _ values: consuming MutableSpan<Element>, _ reduction: Reduction<Element>? = nil,
    _ call: (UnsafeMutableRawPointer?, UnsafeMutablePointer<CMPI_Request>) -> CInt,
    twin: @escaping PersistentRequest<Element>.Twin
  ) throws(MPIError) -> PersistentRequest<Element> {
    try enter(procedure, self)
    var request = cmpi_request_null()
    let mayThrow = reduction?.closure?.mayThrow ?? false
    let code = mayThrow ? cmpi_error_code(Self.unsupportedClass) : call(values.rawPointer, &request)
    if code == 0 { return PersistentRequest(request, RequestPlace(self), values, reduction?.closure) }
    guard code > 0, cmpi_error_class(code) == Self.unsupportedClass else { throw failure(code, procedure, self) }
    return PersistentRequest(cmpi_request_null(), RequestPlace(self), values, twin: twin)
  }

  private static var unsupportedClass: CInt { CInt(CMPI_CLASS_UNSUPPORTED_OPERATION.rawValue) }

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
    if closure.mayThrow { return (plain, reduction.operation) }
    return (WireCount(count, try closure.plainType(procedure)), try closure.operation(procedure))
  }
}
