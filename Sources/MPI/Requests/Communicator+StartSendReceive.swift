internal import CMPI

extension Communicator {
  /// Starts to send and to receive as one request (`MPI_Isendrecv`, new in MPI 4.0).
  ///
  /// Local; does not wait. Where MPI has no such procedure, start the two by themselves.
  ///
  /// - Parameters:
  ///   - values: What is sent.
  ///   - destination: Who receives it.
  ///   - sendTag: Its tag.
  ///   - buffer: Where what arrives goes.
  ///   - source: Who sends that, or `.any`.
  ///   - receiveTag: Its tag, or `.any`.
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` on an MPI older than 4.0.
  @_lifetime(copy values, &buffer)
  public final func startSendReceive<Outgoing: Datatype, Incoming: Datatype>(
    _ values: Span<Outgoing>, to destination: Rank, tag sendTag: Int = 0, into buffer: inout MutableSpan<Incoming>,
    from source: some SourceSelector, receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let outgoing = try WireCount(values.count, of: Outgoing.self)
    let incoming = try WireCount(buffer.count, of: Incoming.self)
    let request = try startSendReceive(
      values.rawPointer, outgoing, destination, sendTag, buffer.rawPointer, incoming, source, receiveTag)
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to send values and to receive as many in their place, as one request (`MPI_Isendrecv_replace`, new in MPI 4.0).
  ///
  /// Local; does not wait. Where MPI has no such procedure, start a send of a copy and a receive.
  ///
  /// - Parameters:
  ///   - values: What is sent, and where what arrives goes.
  ///   - destination: Who receives it.
  ///   - sendTag: Its tag.
  ///   - source: Who sends what arrives, or `.any`.
  ///   - receiveTag: Its tag, or `.any`.
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` on an MPI older than 4.0.
  @_lifetime(&values)
  public final func startSendReceiveReplace<Element: Datatype>(
    _ values: inout MutableSpan<Element>, to destination: Rank, tag sendTag: Int = 0,
    from source: some SourceSelector, receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Isendrecv_replace"
    try enter(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let to = try destination.peer(procedure, self)
    let from = try wireSource(source, procedure)
    let outTag = try wireTag(sendTag, procedure)
    let inTag = try wireTag(receiveTag, procedure)
    var request = cmpi_request_null()
    let code = cmpi_isendrecv_replace(
      values.rawPointer, wire.count, wire.type, to, outTag, from, inTag, handle, &request)
    try checkExchange(code, procedure)
    return bound(Request(request, RequestPlace(self)), mutating: &values)
  }

  /// Starts an exchange whose memory the caller answers for.
  @_lifetime(immortal)
  final func startSendReceive(
    _ out: UnsafeRawPointer?, _ outgoing: WireCount, _ destination: Rank, _ sendTag: Int,
    _ into: UnsafeMutableRawPointer?, _ incoming: WireCount, _ source: some SourceSelector,
    _ receiveTag: some TagSelector
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Isendrecv"
    try enter(procedure, self)
    let to = try destination.peer(procedure, self)
    let from = try wireSource(source, procedure)
    let outTag = try wireTag(sendTag, procedure)
    let inTag = try wireTag(receiveTag, procedure)
    var code: CInt = 0
    let request = cmpi_isendrecv(
      out, outgoing.count, outgoing.type, to, outTag, into, incoming.count, incoming.type, from, inTag, handle, &code)
    try checkExchange(code, procedure)
    return Request(request, RequestPlace(self))
  }

  private func checkExchange(_ code: CInt, _ procedure: StaticString) throws(MPIError) {
    guard code != 0 else { return }
    let error = failure(code, procedure, self)
    guard error.errorClass == MPIError.unsupported else { throw error }
    throw MPIError(
      MPIError.unsupported, procedure, self, message: "this MPI has no such procedure; start a send and a receive")
  }
}
