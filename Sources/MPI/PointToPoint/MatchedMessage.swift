public import CMPI

/// A message that was found and set aside for whoever holds this: no other receive can take it (MPI 5.0, §3.8.2).
///
/// It is received once, by one of its methods; one that nobody receives is taken from MPI and dropped at its end of life.
@frozen
public struct MatchedMessage: ~Copyable {
  // No structs of C: Swift 6.3 ends the life of a variable that holds one a second time, after a consuming method whose
  // result is bound to another argument, as `startReceive` is.
  @usableFromInline var storedMessage: StoredWords<CMPI_Message>
  @usableFromInline let storedStatus: StoredWords<CMPI_Status>
  @usableFromInline let communicator: Communicator
  @usableFromInline var isTaken = false

  @inlinable var message: CMPI_Message {
    get { storedMessage.value }
    set { storedMessage = StoredWords(newValue) }
  }

  /// What is known of the message: source, tag and count.
  @inlinable public var status: Status { Status(storedStatus.value) }

  @inlinable
  init(_ message: CMPI_Message, _ status: Status, on communicator: Communicator) {
    storedMessage = StoredWords(message)
    storedStatus = StoredWords(status.raw)
    self.communicator = communicator
  }

  deinit { if !isTaken { Self.drop(message, status) } }

  /// Receives it into memory, without a copy (`MPI_Mrecv`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/truncate`` when it is longer than the buffer.
  @inlinable @discardableResult
  public consuming func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>
  ) throws(MPIError) -> Status {
    let wire = try WireCount(buffer.count, of: Element.self)
    return try take(into: buffer.rawPointer, wire)
  }

  /// Receives it into an array, which keeps its length; as `receive(into:)` of a span.
  @inlinable @discardableResult
  public consuming func receive<Element: Datatype>(into buffer: inout [Element]) throws(MPIError) -> Status {
    var span = buffer.mutableSpan
    return try receive(into: &span)
  }

  /// Receives it as an array of its length (`MPI_Mrecv`). Local.
  @inlinable
  public consuming func receive<Element: Datatype>(
    _ type: [Element].Type
  ) throws(MPIError) -> ReceivedMessage<[Element]> {
    let count = try status.count(of: Element.self)
    let wire = try WireCount(count, of: Element.self)
    try enter("MPI_Mrecv", communicator)
    isTaken = true
    var message = self.message
    var code: CInt = 0
    let values = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      var ignored = Status()
      code = cmpi_mrecv(buffer.baseAddress, wire.count, wire.type, &message, &ignored.raw)
      initialized = code == 0 ? count : 0
    }
    try check(code, "MPI_Mrecv", communicator)
    return ReceivedMessage(values, status)
  }

  @inlinable
  consuming func take(into data: UnsafeMutableRawPointer?, _ wire: WireCount) throws(MPIError) -> Status {
    try enter("MPI_Mrecv", communicator)
    isTaken = true
    var status = Status()
    try check(cmpi_mrecv(data, wire.count, wire.type, &message, &status.raw), "MPI_Mrecv", communicator)
    return status
  }

  /// Receives what nobody wanted, so that MPI does not keep it for ever.
  @usableFromInline
  static func drop(_ message: CMPI_Message, _ status: Status) {
    var message = message
    guard cmpi_gate_ask() == 0, let bytes = try? status.count(of: UInt8.self) else { return }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: 16)
    defer { memory.deallocate() }
    var ignored = Status()
    _ = cmpi_mrecv(memory, Int64(bytes), cmpi_byte(), &message, &ignored.raw)
  }
}

/// A struct of C of up to 32 bytes, as numbers.
@frozen @usableFromInline
struct StoredWords<Value: BitwiseCopyable> {
  @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  @inlinable
  init(_ value: Value) {
    precondition(MemoryLayout<Value>.size <= 32, "a handle of MPI is longer than 32 bytes")
    withUnsafeMutableBytes(of: &words) { $0.storeBytes(of: value, as: Value.self) }
  }

  @inlinable var value: Value { withUnsafeBytes(of: words) { $0.load(as: Value.self) } }
}

extension Communicator {
  /// Waits for a message and sets it aside for its receiver (`MPI_Mprobe`). Local.
  @inlinable
  public final func probeMatched(
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> MatchedMessage {
    let peer = try wireSource(source, "MPI_Mprobe")
    let tag = try wireTag(tag, "MPI_Mprobe")
    var status = Status()
    var message = cmpi_message_null()
    try check(cmpi_mprobe(peer, tag, handle, &message, &status.raw), "MPI_Mprobe", self)
    return MatchedMessage(message, status, on: self)
  }

  /// Sets a message aside for its receiver if there is one now (`MPI_Improbe`). Local; does not wait.
  @inlinable
  public final func probeMatchedIfAvailable(
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> MatchedMessage? {
    let peer = try wireSource(source, "MPI_Improbe")
    let tag = try wireTag(tag, "MPI_Improbe")
    var status = Status()
    var message = cmpi_message_null()
    var flag: CInt = 0
    try check(cmpi_improbe(peer, tag, handle, &flag, &message, &status.raw), "MPI_Improbe", self)
    return flag != 0 ? MatchedMessage(message, status, on: self) : nil
  }

  /// Waits until a message could be received, and leaves it there (`MPI_Probe`). Local.
  ///
  /// With several threads, another one may take it: `probeMatched(from:tag:)` cannot lose it.
  @inlinable
  public final func probe(from source: some SourceSelector, tag: some TagSelector = 0) throws(MPIError) -> Status {
    let peer = try wireSource(source, "MPI_Probe")
    let tag = try wireTag(tag, "MPI_Probe")
    var status = Status()
    try check(cmpi_probe(peer, tag, handle, &status.raw), "MPI_Probe", self)
    return status
  }

  /// Looks whether a message could be received now (`MPI_Iprobe`). Local; does not wait.
  @inlinable
  public final func probeIfAvailable(
    from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Status? {
    let peer = try wireSource(source, "MPI_Iprobe")
    let tag = try wireTag(tag, "MPI_Iprobe")
    var status = Status()
    var flag: CInt = 0
    try check(cmpi_iprobe(peer, tag, handle, &flag, &status.raw), "MPI_Iprobe", self)
    return flag != 0 ? status : nil
  }
}
