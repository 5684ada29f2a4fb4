public import CMPI

extension Communicator {
  /// Starts to send values from memory (`MPI_Isend`, `MPI_Issend`, `MPI_Ibsend`, `MPI_Irsend`).
  ///
  /// Local; does not wait. The span's memory is not changed, moved or freed before the request is complete: the compiler
  /// sees to it.
  ///
  /// - Parameters:
  ///   - values: What is sent, any number of values.
  ///   - destination: Who receives it; ``Rank/null`` for nobody.
  ///   - tag: Tells messages apart, from 0 to ``MPIEnvironment/tagUpperBound``.
  ///   - mode: When the send is complete.
  /// - Returns: The send on its way.
  /// - Throws: ``MPIError`` for a rank outside the communicator, a tag out of range, a buffered send without a buffer.
  @inlinable @inline(__always) @_lifetime(copy values)
  public final func startSend<Element: Datatype>(
    _ values: Span<Element>, to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) -> Request {
    let request = try startSend(
      values.rawPointer, try WireCount(values.count, of: Element.self), destination, tag, mode)
    return bound(request, copying: values)
  }

  /// Starts to send the values that a layout picks from a buffer (`MPI_Isend` and its modes, with a derived datatype).
  ///
  /// Local; as ``startSend(_:to:tag:mode:)``.
  ///
  /// - Parameters:
  ///   - values: The buffer.
  ///   - layout: Which of its values are sent.
  ///   - count: How many items of the layout, one behind the other.
  ///   - destination: Who receives it.
  ///   - tag: Tells messages apart.
  ///   - mode: When the send is complete.
  @_lifetime(copy values)
  public final func startSend<Element: Datatype>(
    _ values: Span<Element>, as layout: Layout<Element>, count: Int = 1, to destination: Rank, tag: Int = 0,
    mode: SendMode = .standard
  ) throws(MPIError) -> Request {
    let wire = try layout.wire(count, in: values.count, mode.startProcedure, self)
    return bound(try startSend(values.rawPointer, wire, destination, tag, mode), copying: values)
  }

  /// Starts a send whose memory the caller answers for.
  @inlinable @inline(__always) @_lifetime(immortal)
  final func startSend(
    _ data: UnsafeRawPointer?, _ wire: WireCount, _ destination: Rank, _ tag: Int, _ mode: SendMode
  ) throws(MPIError) -> Request {
    if case .buffered = mode { try SendBuffer.requireAttached(self) }
    let peer = try destination.peer(mode.startProcedure, self)
    let tag = try wireTag(tag, mode.startProcedure)
    var code: CInt = 0
    let handle = cmpi_isend(mode.wire, data, wire.count, wire.type, peer, tag, self.handle, &code)
    try check(code, mode.startProcedure, self)
    return Request(handle, RequestPlace(self))
  }
}

extension SendMode {
  @inlinable @inline(__always)
  var startProcedure: StaticString {
    switch self {
    case .standard: "MPI_Isend"
    case .synchronous: "MPI_Issend"
    case .buffered: "MPI_Ibsend"
    case .ready: "MPI_Irsend"
    }
  }
}
