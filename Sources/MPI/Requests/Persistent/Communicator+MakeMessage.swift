internal import CMPI

extension Communicator {
  /// Prepares a send that is started any number of times (`MPI_Send_init` and its modes).
  ///
  /// Local; sends nothing yet. The memory is filled through ``PersistentRequest/withValues(_:)``.
  ///
  /// - Parameters:
  ///   - values: What is sent at each start.
  ///   - destination: Who receives it.
  ///   - tag: Tells messages apart.
  ///   - mode: When a round is complete.
  @_lifetime(copy values)
  public final func makeSend<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try WireCount(values.count, of: Element.self)
    let parts = try preparedSend(values.pointers.raw, wire, destination, tag, mode)
    return PersistentRequest(parts, values)
  }

  /// Prepares a receive that is started any number of times (`MPI_Recv_init`).
  ///
  /// Local. The memory is read through ``PersistentRequest/withValues(_:)``.
  ///
  /// - Parameters:
  ///   - buffer: Where the values of each message go.
  ///   - source: Who sends, or `.any`.
  ///   - tag: The messages' tag, or `.any`.
  @_lifetime(copy buffer)
  public final func makeReceive<Element: Datatype>(
    into buffer: consuming MutableSpan<Element>, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> PersistentRequest<Element> {
    let wire = try WireCount(buffer.count, of: Element.self)
    let parts = try preparedReceive(buffer.pointers.raw, wire, source, tag)
    return PersistentRequest(parts, buffer)
  }

  final func preparedSend(
    _ data: UnsafeMutableRawPointer?, _ wire: WireCount, _ destination: Rank, _ tag: Int, _ mode: SendMode,
    keeping layout: AnyObject? = nil
  ) throws(MPIError) -> PersistentParts {
    let procedure: StaticString = "MPI_Send_init"
    try enter(procedure, self)
    if case .buffered = mode { try SendBuffer.requireAttached(self) }
    let peer = try destination.peer(procedure, self)
    let tag = try wireTag(tag, procedure)
    var request = cmpi_request_null()
    let code = cmpi_send_init(mode.wire, data, wire.count, wire.type, peer, tag, handle, &request)
    try check(code, procedure, self)
    return PersistentParts(request, RequestPlace(self), keeping: layout.map { RequestKeeper($0) })
  }

  final func preparedReceive(
    _ data: UnsafeMutableRawPointer?, _ wire: WireCount, _ source: some SourceSelector, _ tag: some TagSelector,
    keeping layout: AnyObject? = nil
  ) throws(MPIError) -> PersistentParts {
    let procedure: StaticString = "MPI_Recv_init"
    try enter(procedure, self)
    let peer = try wireSource(source, procedure)
    let tag = try wireTag(tag, procedure)
    var request = cmpi_request_null()
    try check(cmpi_recv_init(data, wire.count, wire.type, peer, tag, handle, &request), procedure, self)
    return PersistentParts(
      request, RequestPlace(self, isReceive: true), keeping: layout.map { RequestKeeper($0) })
  }
}
