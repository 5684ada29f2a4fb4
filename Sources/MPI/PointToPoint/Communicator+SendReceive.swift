public import CMPI

extension Communicator {
  /// Sends and receives at once, which cannot deadlock, between two buffers (`MPI_Sendrecv`). Local.
  ///
  /// - Parameters:
  ///   - values: What is sent.
  ///   - destination: Who receives it.
  ///   - sendTag: Its tag.
  ///   - buffer: Where what arrives goes.
  ///   - source: Who sends that, or `.any`.
  ///   - receiveTag: Its tag, or `.any`.
  /// - Returns: Where the received message came from and how long it is.
  @inlinable @discardableResult
  public final func sendReceive<Outgoing: Datatype, Incoming: Datatype>(
    _ values: Span<Outgoing>, to destination: Rank, tag sendTag: Int = 0, into buffer: inout MutableSpan<Incoming>,
    from source: some SourceSelector, receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    let outgoing = try WireCount(values.count, of: Outgoing.self)
    let incoming = try WireCount(buffer.count, of: Incoming.self)
    return try exchange(
      values.rawPointer, outgoing, destination, sendTag, buffer.rawPointer, incoming, source, receiveTag)
  }

  /// Sends one array and receives into another at once (`MPI_Sendrecv`). Local.
  @inlinable @discardableResult
  public final func sendReceive<Outgoing: Datatype, Incoming: Datatype>(
    _ values: [Outgoing], to destination: Rank, tag sendTag: Int = 0, into buffer: inout [Incoming],
    from source: some SourceSelector, receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    try values.withUnsafeBufferPointer { (elements) throws(MPIError) in
      let outgoing = try WireCount(elements.count, of: Outgoing.self)
      return try buffer.lend { (data, count) throws(MPIError) in
        let incoming = try WireCount(count, of: Incoming.self)
        return try exchange(elements.baseAddress, outgoing, destination, sendTag, data, incoming, source, receiveTag)
      }
    }
  }

  /// Sends a value and receives one of the same type at once (`MPI_Sendrecv`). Local.
  @inlinable
  public final func sendReceive<Element: Datatype>(
    _ value: Element, to destination: Rank, tag sendTag: Int = 0, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Element {
    let wire = try WireCount(1, of: Element.self)
    var result = value
    let status = try withUnsafePointer(to: value) { (outgoing) throws(MPIError) in
      try withUnsafeMutablePointer(to: &result) { (incoming) throws(MPIError) in
        try exchange(outgoing, wire, destination, sendTag, incoming, wire, source, receiveTag)
      }
    }
    try requireOne(Element.self, status)
    return result
  }

  /// Sends an array and receives one of whatever length arrives, at once.
  ///
  /// Local; the two lengths are exchanged first (`MPI_Sendrecv` twice), so both sides must use this method.
  @inlinable
  public final func sendReceive<Element: Datatype>(
    _ values: [Element], to destination: Rank, from source: Rank, tag: Int = 0
  ) throws(MPIError) -> [Element] {
    var count = 0
    let countWire = try WireCount(1, of: Int.self)
    let length = values.count
    _ = try withUnsafePointer(to: length) { (outgoing) throws(MPIError) in
      try withUnsafeMutablePointer(to: &count) { (incoming) throws(MPIError) in
        try exchange(outgoing, countWire, destination, tag, incoming, countWire, source, tag)
      }
    }
    let incoming = try WireCount(count, of: Element.self)
    let outgoing = try WireCount(length, of: Element.self)
    var failure: MPIError?
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(MPIError) {
        _ = try values.withUnsafeBufferPointer { (values) throws(MPIError) in
          try exchange(values.baseAddress, outgoing, destination, tag, buffer.baseAddress, incoming, source, tag)
        }
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }

  /// Sends values and receives as many in their place, at once (`MPI_Sendrecv_replace`). Local.
  @inlinable @discardableResult
  public final func sendReceiveReplace<Element: Datatype>(
    _ values: inout MutableSpan<Element>, to destination: Rank, tag sendTag: Int = 0, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    let procedure: StaticString = "MPI_Sendrecv_replace"
    try enter(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let to = try destination.peer(procedure, self)
    let from = try wireSource(source, procedure)
    let outTag = try wireTag(sendTag, procedure)
    let inTag = try wireTag(receiveTag, procedure)
    var status = Status()
    let code = cmpi_sendrecv_replace(
      values.rawPointer, wire.count, wire.type, to, outTag, from, inTag, handle, &status.raw)
    try check(code, procedure, self)
    return status
  }

  /// Sends an array and receives as many values in its place, at once (`MPI_Sendrecv_replace`). Local.
  @inlinable @discardableResult
  public final func sendReceiveReplace<Element: Datatype>(
    _ values: inout [Element], to destination: Rank, tag sendTag: Int = 0, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Status {
    var span = values.mutableSpan
    return try sendReceiveReplace(&span, to: destination, tag: sendTag, from: source, receiveTag: receiveTag)
  }

  @inlinable @inline(__always)
  final func exchange(
    _ out: UnsafeRawPointer?, _ outgoing: WireCount, _ destination: Rank, _ sendTag: Int,
    _ `in`: UnsafeMutableRawPointer?, _ incoming: WireCount, _ source: some SourceSelector,
    _ receiveTag: some TagSelector
  ) throws(MPIError) -> Status {
    let procedure: StaticString = "MPI_Sendrecv"
    guard _fastPath(isPlain(destination)), let from = plainSource(source) else {
      return try exchangeExactly(
        out, outgoing, destination, sendTag, `in`, incoming, source.source, receiveTag.tag)
    }
    return try exchange(
      out, outgoing, destination.value, try wireTag(sendTag, procedure), `in`, incoming, from,
      wireTag: try wireTag(receiveTag, procedure))
  }

  /// The same with what may be no process, or no rank at all.
  @usableFromInline @inline(never)
  final func exchangeExactly(
    _ out: UnsafeRawPointer?, _ outgoing: WireCount, _ destination: Rank, _ sendTag: Int,
    _ `in`: UnsafeMutableRawPointer?, _ incoming: WireCount, _ source: Rank?, _ receiveTag: Int?
  ) throws(MPIError) -> Status {
    let procedure: StaticString = "MPI_Sendrecv"
    let to = try destination.peer(procedure, self)
    let from = try source?.peer(procedure, self) ?? cmpi_any_source()
    let outTag = try wireTag(sendTag, procedure)
    let inTag = try receiveTag.map { (tag) throws(MPIError) in try wireTag(tag, procedure) } ?? cmpi_any_tag()
    return try exchange(out, outgoing, to, outTag, `in`, incoming, from, wireTag: inTag)
  }

  @inlinable @inline(__always)
  final func exchange(
    _ out: UnsafeRawPointer?, _ outgoing: WireCount, _ to: CInt, _ outTag: CInt,
    _ `in`: UnsafeMutableRawPointer?, _ incoming: WireCount, _ from: CInt, wireTag inTag: CInt
  ) throws(MPIError) -> Status {
    let procedure: StaticString = "MPI_Sendrecv"
    var code: CInt = 0
    let status = cmpi_exchanged(
      out, outgoing.count, outgoing.type, to, outTag, `in`, incoming.count, incoming.type, from, inTag, handle, &code)
    try check(code, procedure, self)
    return Status(status)
  }
}
