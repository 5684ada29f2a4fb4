public import CMPI

extension Communicator {
  /// Receives values into memory, without a copy (`MPI_Recv`).
  ///
  /// Local; waits for the message. It may be shorter than the buffer: ask the status for its count.
  ///
  /// - Parameters:
  ///   - buffer: Where the values go, from its start.
  ///   - source: Who sends, or `.any`.
  ///   - tag: The message's tag, or `.any`.
  /// - Returns: Where the message came from and how long it is.
  /// - Throws: ``MPIError`` of class ``MPIError/truncate`` for a message that is longer than the buffer.
  @inlinable @inline(__always) @discardableResult
  public final func receive<Element: Datatype>(
    into buffer: inout MutableSpan<Element>, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    try receive(try WireCount(buffer.count, of: Element.self), into: buffer.rawPointer, source, tag)
  }

  /// Receives values into an array, which keeps its length (`MPI_Recv`).
  ///
  /// As `receive(into:from:tag:)`.
  @inlinable @inline(__always) @discardableResult
  public final func receive<Element: Datatype>(
    into buffer: inout [Element], from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    try buffer.lend { (data, count) throws(MPIError) in
      try receive(try WireCount(count, of: Element.self), into: data, source, tag)
    }
  }

  /// Receives one value (`MPI_Recv`).
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the message has none.
  @inlinable
  public final func receive<Element: Datatype>(
    _ type: Element.Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> Element {
    try receiveMessage(type, from: source, tag: tag).value
  }

  /// Receives one value and tells where it came from (`MPI_Recv`).
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the message has none.
  @inlinable
  public final func receiveMessage<Element: Datatype>(
    _ type: Element.Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> ReceivedMessage<Element> {
    let wire = try WireCount(1, of: Element.self)
    let outcome = withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { memory in
      Result { () throws(MPIError) in
        let status = try receive(wire, into: memory.baseAddress, source, tag)
        // No type has more bytes in a message than in memory.
        let isWhole = withUnsafePointer(to: status.raw) { cmpi_status_has($0, MemoryLayout<Element>.size) }
        if _slowPath(!isWhole) { try requireOne(Element.self, status) }
        return ReceivedMessage(memory[0], status)
      }
    }
    return try outcome.get()
  }

  /// Receives an array of whatever length the message has (`MPI_Mprobe`, then `MPI_Mrecv`).
  @inlinable
  public final func receive<Element: Datatype>(
    _ type: [Element].Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> [Element] {
    try receiveMessage(type, from: source, tag: tag).value
  }

  /// Receives an array of whatever length the message has, and tells where it came from (`MPI_Mprobe`, `MPI_Mrecv`).
  @inlinable
  public final func receiveMessage<Element: Datatype>(
    _ type: [Element].Type, from source: some SourceSelector, tag: some TagSelector = 0
  ) throws(MPIError) -> ReceivedMessage<[Element]> {
    try probeMatched(from: source, tag: tag).receive(type)
  }

  @inlinable @inline(__always)
  final func receive(
    _ wire: WireCount, into data: UnsafeMutableRawPointer?, _ source: some SourceSelector, _ tag: some TagSelector
  ) throws(MPIError) -> Status {
    guard let peer = plainSource(source) else { return try receiveExactly(wire, into: data, source.source, tag.tag) }
    return try receive(wire, into: data, peer, wireTag: try wireTag(tag, "MPI_Recv"))
  }

  /// The same from what may be no process, or no rank at all.
  @usableFromInline @inline(never)
  final func receiveExactly(
    _ wire: WireCount, into data: UnsafeMutableRawPointer?, _ source: Rank?, _ tag: Int?
  ) throws(MPIError) -> Status {
    let peer = try source?.peer("MPI_Recv", self) ?? cmpi_any_source()
    let tag = try tag.map { (tag) throws(MPIError) in try wireTag(tag, "MPI_Recv") } ?? cmpi_any_tag()
    return try receive(wire, into: data, peer, wireTag: tag)
  }

  @inlinable @inline(__always)
  final func receive(
    _ wire: WireCount, into data: UnsafeMutableRawPointer?, _ peer: CInt, wireTag tag: CInt
  ) throws(MPIError) -> Status {
    var code: CInt = 0
    let status = cmpi_received(data, wire.count, wire.type, peer, tag, handle, &code)
    try check(code, "MPI_Recv", self)
    return Status(status)
  }

  /// Makes sure that a message brought the one value that was asked for.
  @usableFromInline
  final func requireOne<Element: Datatype>(_ type: Element.Type, _ status: Status) throws(MPIError) {
    if status.source != .null, try status.count(of: type) == 1 { return }
    throw MPIError(
      MPIError.length, "MPI_Recv", self,
      message: status.source == .null
        ? "one value was expected from no process (`Rank.null`)"
        : "one value was expected, and the message from rank \(status.source) with tag \(status.tag) has none")
  }
}
