public import CMPI

extension Communicator {
  /// Starts to receive values into memory (`MPI_Irecv`).
  ///
  /// Local; does not wait. Nobody uses the memory before the request is complete: the compiler sees to it.
  ///
  /// - Parameters:
  ///   - buffer: Where the values go, from its start. The message may be shorter: ask the status for its count.
  ///   - source: Who sends, or `.any`.
  ///   - tag: The message's tag, or `.any`.
  /// - Returns: The receive on its way.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startReceive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let wire = try WireCount(buffer.count, of: Element.self)
    return bound(try startReceive(wire, into: buffer.rawPointer, source, tag), mutating: &buffer)
  }

  /// Starts to receive values into memory that the request takes over, such as a piece of a span (`MPI_Irecv`).
  ///
  /// As `startReceive(into:from:tag:)`, for requests that outlive the variable which holds the
  /// span: in a loop over ``MutableChunks`` they are collected in a ``RequestGroup``.
  @inlinable @inline(__always) @_lifetime(copy buffer)
  public final func startReceive<Element: Datatype>(
    into buffer: consuming MutableSpan<Element>, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let wire = try WireCount(buffer.count, of: Element.self)
    let request = try startReceive(wire, into: buffer.rawPointer, source, tag)
    return bound(request, copying: buffer)
  }

  /// Starts to receive values into an array, which keeps its length (`MPI_Irecv`).
  ///
  /// Nobody uses the array before the request is complete. As
  /// `startReceive(into:from:tag:)`.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startReceive<Element: Datatype>(
    into buffer: inout [Element], from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    // The storage is this array's alone from here on, and stays where it is: the array is not touched.
    let (data, count) = buffer.lend { ($0, $1) }
    let request = try startReceive(try WireCount(count, of: Element.self), into: data, source, tag)
    return bound(request, mutating: &buffer)
  }

  /// Starts to receive values into the places that a layout picks in a buffer (`MPI_Irecv` with a derived datatype).
  ///
  /// Local. As `startReceive(into:from:tag:)`.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the layout reaches out of the buffer, of class
  ///   ``MPIError/argument`` when it names a place twice.
  @_lifetime(&buffer)
  public final func startReceive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1,
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Irecv", self, isReceiving: true)
    return bound(try startReceive(wire, into: buffer.rawPointer, source, tag), mutating: &buffer)
  }

  /// Starts a receive whose memory the caller answers for.
  @inlinable @inline(__always) @_lifetime(immortal)
  final func startReceive(
    _ wire: WireCount, into data: UnsafeMutableRawPointer?, _ source: some SourceSelector, _ tag: some TagSelector
  ) throws(MPIError) -> Request {
    let peer = try wireSource(source, "MPI_Irecv")
    let tag = try wireTag(tag, "MPI_Irecv")
    var code: CInt = 0
    let handle = cmpi_irecv(data, wire.count, wire.type, peer, tag, self.handle, &code)
    try check(code, "MPI_Irecv", self)
    return Request(handle, RequestPlace(self, isReceive: true))
  }
}

extension MatchedMessage {
  /// Starts to receive it into memory (`MPI_Imrecv`). Local; does not wait.
  ///
  /// - Throws: ``MPIError`` when MPI cannot start; that the message is longer than the buffer is the request's error.
  @inlinable @_lifetime(&buffer)
  public consuming func startReceive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Request {
    let wire = try WireCount(buffer.count, of: Element.self)
    return bound(try start(into: buffer.rawPointer, wire), mutating: &buffer)
  }

  /// Starts to receive it into an array; as ``startReceive(into:)-(MutableSpan<Element>)``.
  @inlinable @_lifetime(&buffer)
  public consuming func startReceive<Element: Datatype>(
    into buffer: inout [Element]
  ) throws(MPIError) -> Request {
    let (data, count) = buffer.lend { ($0, $1) }
    return bound(try start(into: data, try WireCount(count, of: Element.self)), mutating: &buffer)
  }

  @inlinable @_lifetime(immortal)
  consuming func start(into data: UnsafeMutableRawPointer?, _ wire: WireCount) throws(MPIError) -> Request {
    try enter("MPI_Imrecv", communicator)
    isTaken = true
    var request = cmpi_request_null()
    try check(cmpi_imrecv(data, wire.count, wire.type, &message, &request), "MPI_Imrecv", communicator)
    return Request(request, RequestPlace(communicator))
  }
}
