internal import CMPI

extension Communicator {
  /// Starts to send an array, which the request owns until then (`MPI_Isend` and its modes).
  ///
  /// Local; does not wait, and does not copy.
  ///
  /// - Parameters:
  ///   - values: What is sent.
  ///   - destination: Who receives it; ``Rank/null`` for nobody.
  ///   - tag: Tells messages apart.
  ///   - mode: When the send is complete.
  /// - Returns: The send on its way, which gives the array back.
  public final func startSend<Element: Datatype>(
    owning values: consuming [Element], to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) -> OwnedRequest<[Element]> {
    let wire = try WireCount(values.count, of: Element.self)
    let owned = OwnedArray(values)
    let request = try startSend(owned.readAddress, wire, destination, tag, mode).parts()
    return OwnedRequest(OwnedOperation(request.0, request.2) { (_) throws(MPIError) in owned.take() })
  }

  /// Starts to receive an array of a length that is known, or known to suffice (`MPI_Irecv`).
  ///
  /// Local; does not wait.
  ///
  /// - Parameters:
  ///   - type: The type of the array.
  ///   - count: How many values there is room for; the array has as many as the message.
  ///   - source: Who sends, or `.any`.
  ///   - tag: The message's tag, or `.any`.
  /// - Returns: The receive on its way, which gives the array and where it came from.
  public final func startReceive<Element: Datatype>(
    _ type: [Element].Type, count: Int, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> OwnedRequest<ReceivedMessage<[Element]>> {
    guard count >= 0 else {
      throw MPIError(MPIError.count, "MPI_Irecv", self, message: "a receive of \(count) values was asked for")
    }
    let wire = try WireCount(count, of: Element.self)
    let owned = OwnedArray<Element>(count: count)
    let request = try startReceive(wire, into: owned.writeAddress, source, tag).parts()
    let operation = OwnedOperation(request.0, request.2) { (status) throws(MPIError) in
      let status = Status(status)
      return ReceivedMessage(owned.take(first: try status.count(of: Element.self)), status)
    }
    return OwnedRequest(operation)
  }

  /// Starts to receive an array of whatever length the message has (`MPI_Improbe`, then `MPI_Imrecv`).
  ///
  /// Local; does not wait. The message is looked for when the request is tested or waited for: until then another receive
  /// may take it.
  ///
  /// - Parameters:
  ///   - type: The type of the array.
  ///   - source: Who sends, or `.any`.
  ///   - tag: The message's tag, or `.any`.
  /// - Returns: The receive on its way, which gives the array and where it came from.
  public final func startReceive<Element: Datatype>(
    _ type: [Element].Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> OwnedRequest<ReceivedMessage<[Element]>> {
    OwnedRequest(try searching(source, tag) { (values: [Element], _) throws(MPIError) in values })
  }

  /// Starts to send any `Codable` value, of any size (`MPI_Isend`).
  ///
  /// Local; does not wait. The value is encoded at once, and may be changed afterwards.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/encoding`` when the value cannot be encoded.
  public final func startSend<Value: Encodable>(
    object value: Value, to destination: Rank, tag: Int = 0, mode: SendMode = .standard,
    coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> OwnedRequest<Void> {
    let bytes = OwnedArray(try encoded(value, coder, mode.startProcedure))
    let wire = try WireCount(bytes.count, of: UInt8.self)
    let request = try startSend(bytes.readAddress, wire, destination, tag, mode).parts()
    return OwnedRequest(OwnedOperation(request.0, request.2) { (_) throws(MPIError) in _ = bytes.take() })
  }

  /// Starts to receive a `Codable` value, of any size (`MPI_Improbe`, then `MPI_Imrecv`).
  ///
  /// Local; does not wait. As ``startReceive(_:from:tag:)``, the message is looked for when the request is tested or
  /// waited for.
  ///
  /// - Returns: The receive on its way, whose wait throws ``MPIError/decoding`` for a message that is no encoding of it.
  public final func startReceive<Value: Decodable>(
    object type: Value.Type, from source: some SourceSelector, tag: some TagSelector = 0,
    coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> OwnedRequest<ReceivedMessage<Value>> {
    let operation = try searching(source, tag) { (bytes: [UInt8], status: Status) throws(MPIError) in
      try self.decoded(type, bytes, coder, "MPI_Imrecv", from: status.source)
    }
    return OwnedRequest(operation)
  }

  /// A receive of unknown length, and what to make of what it brings.
  private func searching<Element: Datatype, Value>(
    _ source: some SourceSelector, _ tag: some TagSelector,
    _ finish: @escaping ([Element], Status) throws(MPIError) -> Value
  ) throws(MPIError) -> OwnedOperation<ReceivedMessage<Value>> {
    try enter("MPI_Improbe", self)
    // Also says whether the element may travel.
    _ = try WireCount(1, of: Element.self)
    let peer = try wireSource(source, "MPI_Improbe")
    let tag = try wireTag(tag, "MPI_Improbe")
    var owned: OwnedArray<Element>?
    let search = OwnedOperation<ReceivedMessage<Value>>.Search(communicator: self, source: peer, tag: tag) {
      (message: consuming MatchedMessage) throws(MPIError) in
      try self.take(message, &owned)
    }
    return OwnedOperation(searching: search, RequestPlace(self, isReceive: true)) { (status) throws(MPIError) in
      let status = Status(status)
      return ReceivedMessage(try finish(owned?.take() ?? [], status), status)
    }
  }

  /// The message that is there now, or that the wait brings.
  final func found(_ source: CInt, _ tag: CInt, isWaiting: Bool) throws(MPIError) -> MatchedMessage? {
    let procedure: StaticString = isWaiting ? "MPI_Mprobe" : "MPI_Improbe"
    var status = CMPI_Status()
    var message = cmpi_message_null()
    var flag: CInt = 1
    var code: CInt = 0
    if isWaiting {
      code = cmpi_mprobe(source, tag, handle, &message, &status)
    } else {
      code = cmpi_improbe(source, tag, handle, &flag, &message, &status)
    }
    try check(code, procedure, self)
    return flag != 0 ? MatchedMessage(message, Status(status), on: self) : nil
  }

  /// Starts to receive a message that was found, into an array of its length.
  private func take<Element: Datatype>(
    _ message: consuming MatchedMessage, _ owned: inout OwnedArray<Element>?
  ) throws(MPIError) -> CMPI_Request {
    let count = try message.status.count(of: Element.self)
    let room = OwnedArray<Element>(count: count)
    let wire = try WireCount(count, of: Element.self)
    owned = room
    return try message.start(into: room.writeAddress, wire).parts().0
  }
}
