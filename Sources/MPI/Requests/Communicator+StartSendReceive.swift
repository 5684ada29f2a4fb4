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
    let procedure: StaticString = "MPI_Isendrecv"
    try enter(procedure, self)
    let outgoing = try WireCount(values.count, of: Outgoing.self)
    let incoming = try WireCount(buffer.count, of: Incoming.self)
    let to = try destination.peer(procedure, self)
    let from = try wireSource(source, procedure)
    let outTag = try wireTag(sendTag, procedure)
    let inTag = try wireTag(receiveTag, procedure)
    var code: CInt = 0
    let request = cmpi_isendrecv(
      values.rawPointer, outgoing.count, outgoing.type, to, outTag, buffer.rawPointer, incoming.count, incoming.type,
      from, inTag, handle, &code)
    if code != 0 {
      let error = failure(code, procedure, self)
      guard error.errorClass == MPIError.unsupported else { throw error }
      throw MPIError(
        MPIError.unsupported, procedure, self, message: "this MPI has no such procedure; start a send and a receive")
    }
    return bound(bound(Request(request, RequestPlace(self)), copying: values), mutating: &buffer)
  }
}
