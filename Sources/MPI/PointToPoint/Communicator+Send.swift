public import CMPI

extension Communicator {
  /// Sends values from memory, without a copy (`MPI_Send`, `MPI_Ssend`, `MPI_Bsend`, `MPI_Rsend`).
  ///
  /// Local; waits as its mode says. Any number of values, none included.
  ///
  /// - Parameters:
  ///   - values: What is sent.
  ///   - destination: Who receives it; ``Rank/null`` for nobody.
  ///   - tag: Tells messages apart, from 0 to ``MPIEnvironment/tagUpperBound``.
  ///   - mode: When the send is complete.
  /// - Throws: ``MPIError`` for a rank outside the communicator, a tag out of range, a buffered send without a buffer.
  @inlinable
  public final func send<Element: Datatype>(
    _ values: Span<Element>, to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) {
    let wire = try WireCount(values.count, of: Element.self)
    let code = try sendCode(values.rawPointer, wire, destination, tag, mode)
    try check(code, mode.procedure, self)
  }

  /// Sends an array, of any length (`MPI_Send` and its modes); as `send(_:to:tag:mode:)`.
  @inlinable
  public final func send<Element: Datatype>(
    _ values: [Element], to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) {
    let code = try values.withUnsafeBufferPointer { (elements) throws(MPIError) in
      let wire = try WireCount(elements.count, of: Element.self)
      return try sendCode(elements.baseAddress, wire, destination, tag, mode)
    }
    try check(code, mode.procedure, self)
  }

  /// Sends one value (`MPI_Send` and its modes); as `send(_:to:tag:mode:)`.
  @inlinable
  public final func send<Element: Datatype>(
    _ value: Element, to destination: Rank, tag: Int = 0, mode: SendMode = .standard
  ) throws(MPIError) {
    let wire = try WireCount(1, of: Element.self)
    let code = try withUnsafePointer(to: value) { (pointer) throws(MPIError) in
      try sendCode(pointer, wire, destination, tag, mode)
    }
    try check(code, mode.procedure, self)
  }

  @inlinable @inline(__always)
  final func sendCode(
    _ data: UnsafeRawPointer?, _ wire: WireCount, _ destination: Rank, _ tag: Int, _ mode: SendMode
  ) throws(MPIError) -> CInt {
    if case .buffered = mode { try SendBuffer.requireAttached(self) }
    let peer = try destination.peer(mode.procedure, self)
    let tag = try wireTag(tag, mode.procedure)
    return cmpi_send(mode.wire, data, wire.count, wire.type, peer, tag, handle)
  }
}

extension Span where Element: Datatype {
  /// Where the values begin, for the length of one call that keeps the span.
  @inlinable @inline(__always)
  var rawPointer: UnsafeRawPointer? { withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } }
}

extension MutableSpan where Element: Datatype {
  /// Where the values begin, for the length of one call that keeps the span.
  @inlinable @inline(__always)
  var rawPointer: UnsafeMutableRawPointer? {
    mutating get { withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) } }
  }
}
