internal import CMPI

extension Communicator {
  /// Sends a value and receives one of the same type at once, suspended until both are done (`MPI_Irecv`, `MPI_Isend`). Local.
  public nonisolated(nonsending) final func sendReceive<Element: Datatype>(
    _ value: Element, to destination: Rank, tag sendTag: Int = 0, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) async throws(MPIError) -> Element {
    var received = [value]
    let status = try await sendReceive(
      [value], to: destination, tag: sendTag, into: &received, from: source, receiveTag: receiveTag)
    try requireOne(Element.self, status)
    return received[0]
  }

  /// Sends one array and receives into another at once, suspended until both are done (`MPI_Irecv`, `MPI_Isend`). Local.
  @discardableResult
  public nonisolated(nonsending) final func sendReceive<Outgoing: Datatype, Incoming: Datatype>(
    _ values: [Outgoing], to destination: Rank, tag sendTag: Int = 0, into buffer: inout [Incoming],
    from source: some SourceSelector, receiveTag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let out = OwnedArray(values)
    let into = OwnedArray(taking: &buffer)
    defer { buffer = into.take() }
    let outgoing = try WireCount(out.count, of: Outgoing.self)
    let incoming = try WireCount(into.count, of: Incoming.self)
    let status = try await exchangeAwaited(
      out.readAddress, outgoing, destination, sendTag, into.writeAddress, incoming, source, receiveTag)
    withExtendedLifetime(out) {}
    return status
  }

  /// Sends values and receives into other memory at once, suspended until both are done (`MPI_Irecv`, `MPI_Isend`). Local.
  ///
  /// When the task is cancelled, the receive is called off unless its message is here; the send goes on to its end.
  ///
  /// - Parameters:
  ///   - values: What is sent.
  ///   - destination: Who receives it.
  ///   - sendTag: Its tag.
  ///   - buffer: Where the received values go, from its start.
  ///   - source: Who sends them, or `.any`.
  ///   - receiveTag: Their tag, or `.any`.
  /// - Returns: Where the received message came from and how long it is.
  @discardableResult
  public nonisolated(nonsending) final func sendReceive<Outgoing: Datatype, Incoming: Datatype>(
    _ values: Span<Outgoing>, to destination: Rank, tag sendTag: Int = 0, into buffer: inout MutableSpan<Incoming>,
    from source: some SourceSelector, receiveTag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let outgoing = try WireCount(values.count, of: Outgoing.self)
    let incoming = try WireCount(buffer.count, of: Incoming.self)
    return try await exchangeAwaited(
      values.rawPointer, outgoing, destination, sendTag, buffer.rawPointer, incoming, source, receiveTag)
  }

  /// Sends an array and receives one of whatever length arrives, at once, suspended until both are done. Local.
  ///
  /// The two lengths are exchanged first, so both sides use this method or its blocking twin. An exchange that has begun
  /// goes on to its end when its task is cancelled, as the other side counts on it.
  public nonisolated(nonsending) final func sendReceive<Element: Datatype>(
    _ values: [Element], to destination: Rank, from source: Rank, tag: Int = 0
  ) async throws(MPIError) -> [Element] {
    let (ours, theirs) = (OwnedArray([values.count]), OwnedArray([0]))
    let one = try WireCount(1, of: Int.self)
    try await exchangeAwaited(
      ours.readAddress, one, destination, tag, theirs.writeAddress, one, source, tag, isCancellable: false)
    withExtendedLifetime(ours) {}
    let out = OwnedArray(values)
    let into = OwnedArray<Element>(count: theirs.take()[0])
    let outgoing = try WireCount(out.count, of: Element.self)
    let incoming = try WireCount(into.count, of: Element.self)
    try await exchangeAwaited(
      out.readAddress, outgoing, destination, tag, into.writeAddress, incoming, source, tag, isCancellable: false)
    withExtendedLifetime(out) {}
    return into.take()
  }

  /// Sends an array and receives as many values in its place, at once, suspended until both are done
  /// (`MPI_Irecv`, `MPI_Isend`, with a copy of what is sent). Local.
  @discardableResult
  public nonisolated(nonsending) final func sendReceiveReplace<Element: Datatype>(
    _ values: inout [Element], to destination: Rank, tag sendTag: Int = 0, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    try await sendReceive(values, to: destination, tag: sendTag, into: &values, from: source, receiveTag: receiveTag)
  }

  /// Sends values and receives as many in their place, at once, suspended until both are done (`MPI_Irecv`, `MPI_Isend`, with
  /// a copy of what is sent). Local.
  @discardableResult
  public nonisolated(nonsending) final func sendReceiveReplace<Element: Datatype>(
    _ values: inout MutableSpan<Element>, to destination: Rank, tag sendTag: Int = 0, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let out = OwnedArray(Array(values.pointers))
    let wire = try WireCount(values.count, of: Element.self)
    let status = try await exchangeAwaited(
      out.readAddress, wire, destination, sendTag, values.rawPointer, wire, source, receiveTag)
    withExtendedLifetime(out) {}
    return status
  }

  /// Sends from one layout and receives into another at once, suspended until both are done (`MPI_Irecv`, `MPI_Isend` with
  /// derived datatypes). Local.
  @discardableResult
  public nonisolated(nonsending) final func sendReceive<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, to destination: Rank, tag sendTag: Int = 0,
    into buffer: inout MutableSpan<Element>, as incoming: Layout<Element>, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let out = try outgoing.wire(1, in: values.count, "MPI_Isend", self)
    let into = try incoming.wire(1, in: buffer.count, "MPI_Irecv", self, isReceiving: true)
    return try await exchangeAwaited(
      values.rawPointer, out, destination, sendTag, buffer.rawPointer, into, source, receiveTag)
  }

  /// Starts the receive and the send, and waits for both; who calls keeps the memory.
  @discardableResult
  private nonisolated(nonsending) final func exchangeAwaited(
    _ out: UnsafeRawPointer?, _ outgoing: WireCount, _ destination: Rank, _ sendTag: Int,
    _ into: UnsafeMutableRawPointer?, _ incoming: WireCount, _ source: some SourceSelector,
    _ receiveTag: some TagSelector, isCancellable: Bool = true
  ) async throws(MPIError) -> Status {
    // Found before anything is posted: a receive must not be left behind.
    _ = try destination.peer("MPI_Isend", self)
    _ = try wireTag(sendTag, "MPI_Isend")
    var receiving = try startReceive(incoming, into: into, source, receiveTag)
    if !isCancellable { receiving = receiving.uncancellable() }
    let sending = try startSend(out, outgoing, destination, sendTag, .standard)
    try await sending.wait()
    return try await receiving.wait()
  }
}
