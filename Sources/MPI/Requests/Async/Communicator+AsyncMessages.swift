internal import CMPI

extension Communicator {
  /// Sends values from memory, suspended until the memory may be used again (`MPI_Isend` and its modes).
  ///
  /// Local. A send that has begun goes on when its task is cancelled.
  ///
  /// - Parameters:
  ///   - values: What is sent.
  ///   - destination: Who receives it; ``Rank/null`` for nobody.
  ///   - tag: Tells messages apart.
  ///   - mode: When the send is complete.
  public nonisolated(nonsending) final func send<Element: Datatype>(
    _ values: Span<Element>, to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) async throws(MPIError) {
    let request = try startSend(values, to: destination, tag: tag, mode: mode)
    try await request.wait()
  }

  /// Sends an array, of any length, suspended until it is sent (`MPI_Isend` and its modes). Local.
  public nonisolated(nonsending) final func send<Element: Datatype>(
    _ values: [Element], to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) async throws(MPIError) {
    let owned = OwnedArray(values)
    let request = try startSend(owned.span, to: destination, tag: tag, mode: mode)
    try await request.wait()
    withExtendedLifetime(owned) {}
  }

  /// Sends one value, suspended until it is sent (`MPI_Isend` and its modes). Local.
  public nonisolated(nonsending) final func send<Element: Datatype>(
    _ value: Element, to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) async throws(MPIError) {
    try await send([value], to: destination, tag: tag, mode: mode)
  }

  /// Receives values into memory, suspended until they are there (`MPI_Improbe`, `MPI_Imrecv`).
  ///
  /// Local. The cancellation of the task calls the receive off; a message that comes later is left for another one.
  ///
  /// - Parameters:
  ///   - buffer: Where the values go, from its start.
  ///   - source: Who sends, or `.any`.
  ///   - tag: The message's tag, or `.any`.
  /// - Returns: Where the message came from and how long it is.
  /// - Throws: ``MPIError`` of class ``MPIError/truncate`` for a message longer than the buffer, of class
  ///   ``MPIError/cancelled`` when the task was cancelled first.
  @discardableResult
  public nonisolated(nonsending) final func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    try await receive(try WireCount(buffer.count, of: Element.self), into: buffer.rawPointer, source, tag)
  }

  /// Receives values into an array, which keeps its length, suspended until they are there (`MPI_Improbe`,
  /// `MPI_Imrecv`). Local.
  @discardableResult
  public nonisolated(nonsending) final func receive<Element: Datatype>(
    into buffer: inout [Element], from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    return try await receive(try WireCount(owned.count, of: Element.self), into: owned.writeAddress, source, tag)
  }

  /// Receives one value, suspended until it is there (`MPI_Improbe`, `MPI_Imrecv`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the message has none.
  public nonisolated(nonsending) final func receive<Element: Datatype>(
    _ type: Element.Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> Element {
    try await receiveMessage(type, from: source, tag: tag).value
  }

  /// Receives one value and tells where it came from, suspended until it is there (`MPI_Improbe`, `MPI_Imrecv`).
  /// Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the message has none.
  public nonisolated(nonsending) final func receiveMessage<Element: Datatype>(
    _ type: Element.Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> ReceivedMessage<Element> {
    let owned = OwnedArray<Element>(count: 1)
    let status = try await receive(try WireCount(1, of: Element.self), into: owned.writeAddress, source, tag)
    try requireOne(type, status)
    return ReceivedMessage(owned.take()[0], status)
  }

  /// Receives an array of whatever length the message has, suspended until it is there (`MPI_Improbe`, `MPI_Imrecv`). Local.
  public nonisolated(nonsending) final func receive<Element: Datatype>(
    _ type: [Element].Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> [Element] {
    try await receiveMessage(type, from: source, tag: tag).value
  }

  /// Receives an array of whatever length the message has, and tells where it came from, suspended until it is there
  /// (`MPI_Improbe`, `MPI_Imrecv`). Local.
  public nonisolated(nonsending) final func receiveMessage<Element: Datatype>(
    _ type: [Element].Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> ReceivedMessage<[Element]> {
    let message = try await probeMatched(from: source, tag: tag)
    return try await message.receive(type)
  }

  /// Sets a message aside for its receiver, suspended until there is one (`MPI_Improbe`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/cancelled`` when the task was cancelled first; no message is taken then.
  public nonisolated(nonsending) final func probeMatched(
    from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> MatchedMessage {
    let procedure: StaticString = "MPI_Improbe"
    try enter(procedure, self)
    return try await found(try wireSource(source, procedure), try wireTag(tag, procedure), isCancellable: true)
  }

  /// Waits, suspended, until a message could be received, and leaves it there (`MPI_Iprobe`). Local.
  ///
  /// Another task may take it: `probeMatched(from:tag:)` cannot lose it.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/cancelled`` when the task was cancelled first.
  public nonisolated(nonsending) final func probe(
    from source: some SourceSelector, tag: some TagSelector = 0
  ) async throws(MPIError) -> Status {
    let procedure: StaticString = "MPI_Iprobe"
    try enter(procedure, self)
    let (peer, tag) = (try wireSource(source, procedure), try wireTag(tag, procedure))
    let search = PendingOperation.Search(communicator: handle, source: peer, tag: tag, takes: false)
    return Status(try await ended(search, procedure).status)
  }

  /// Receives a message into memory once it is found.
  ///
  /// A search can be called off at any moment. A receive under way cannot, where other threads are in MPI: Open MPI
  /// looks whether its message has come before it takes its lock.
  nonisolated(nonsending) final func receive(
    _ wire: WireCount, into data: UnsafeMutableRawPointer?, _ source: some SourceSelector, _ tag: some TagSelector
  ) async throws(MPIError) -> Status {
    let message = try await probeMatched(from: source, tag: tag)
    let request = try message.start(into: data, wire)
    return try await request.wait()
  }

  /// The message that the engine, or this thread, finds.
  nonisolated(nonsending) final func found(
    _ source: CInt, _ tag: CInt, isCancellable: Bool
  ) async throws(MPIError) -> MatchedMessage {
    let search = PendingOperation.Search(communicator: handle, source: source, tag: tag, takes: true)
    let operation = try await ended(search, "MPI_Improbe", isCancellable: isCancellable)
    return MatchedMessage(operation.message, Status(operation.status), on: self)
  }

  private nonisolated(nonsending) final func ended(
    _ search: PendingOperation.Search, _ procedure: StaticString, isCancellable: Bool = true
  ) async throws(MPIError) -> PendingOperation {
    let operation = PendingOperation(searching: search, isCancellable: isCancellable)
    await operation.finished()
    if operation.isCalledOff { throw RequestPlace(self).cancelled }
    try check(operation.code, procedure, self)
    return operation
  }
}

extension MatchedMessage {
  /// Receives it into memory, suspended until it is there (`MPI_Imrecv`).
  ///
  /// Local. The message is this one's: the cancellation of the task does not stop it.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/truncate`` when it is longer than the buffer.
  @discardableResult
  public nonisolated(nonsending) consuming func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>
  ) async throws(MPIError) -> Status {
    let wire = try WireCount(buffer.count, of: Element.self)
    let request = try start(into: buffer.rawPointer, wire)
    return try await request.wait()
  }

  /// Receives it into an array, which keeps its length, suspended until it is there (`MPI_Imrecv`); as
  /// `receive(into:)` of a span.
  @discardableResult
  public nonisolated(nonsending) consuming func receive<Element: Datatype>(
    into buffer: inout [Element]
  ) async throws(MPIError) -> Status {
    let owned = OwnedArray(taking: &buffer)
    defer { buffer = owned.take() }
    var span = owned.buffer.writing
    return try await receive(into: &span)
  }

  /// Receives it as an array of its length, suspended until it is there (`MPI_Imrecv`). Local.
  public nonisolated(nonsending) consuming func receive<Element: Datatype>(
    _ type: [Element].Type
  ) async throws(MPIError) -> ReceivedMessage<[Element]> {
    let status = self.status
    let owned = OwnedArray<Element>(count: try status.count(of: Element.self))
    let wire = try WireCount(owned.count, of: Element.self)
    let request = try start(into: owned.writeAddress, wire)
    try await request.wait()
    return ReceivedMessage(owned.take(), status)
  }
}
