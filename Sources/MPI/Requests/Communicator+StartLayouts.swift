internal import CMPI

// What is started with layouts, beside `startSend(_:as:…)`, `startReceive(into:as:…)` and the `startAllToAll` of layouts. MPI
// keeps the datatypes for as long as it needs them: the layouts may end before.

extension Communicator {
  /// Starts to overwrite the places that a layout picks with the root's values (`MPI_Ibcast` with a derived datatype).
  ///
  /// Collective; all ranks name the same root and as many values, each in its own layout.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the layout reaches out of the buffer, of class
  ///   ``MPIError/argument`` when it names a place twice and is received.
  @_lifetime(&buffer)
  public final func startBroadcast<Element: Datatype>(
    _ buffer: inout MutableSpan<Element>, as layout: Layout<Element>, count: Int = 1, from root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Ibcast"
    let wire = try layout.wire(count, in: buffer.count, procedure, self, isReceiving: rank != root)
    let wireRoot = try root.root(procedure, self)
    let data = buffer.rawPointer
    let request = try started(
      procedure, cmpi_ibcast(data, wire.count, wire.type, wireRoot, handle))
    return bound(request, mutating: &buffer)
  }

  /// Starts to collect one item of a layout from every rank at the root (`MPI_Igather` with derived datatypes).
  ///
  /// Collective; as the blocking `gather(_:as:into:as:to:)`.
  @_lifetime(copy values, &buffer)
  public final func startGather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, to root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Igather"
    let (from, to, wireRoot) = try gathered(
      values.count, as: outgoing, into: buffer.count, as: incoming, to: root, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_igather(out, from.count, from.type, into, to.count, to.type, wireRoot, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to collect one item of a layout from every rank on all ranks (`MPI_Iallgather` with derived datatypes).
  ///
  /// Collective; as the blocking `allGather(_:as:into:as:)`.
  @_lifetime(copy values, &buffer)
  public final func startAllGather<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iallgather"
    let (from, to) = try allGathered(values.count, as: outgoing, into: buffer.count, as: incoming, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_iallgather(out, from.count, from.type, into, to.count, to.type, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to give every rank one item of a layout of the root's buffer (`MPI_Iscatter` with derived datatypes).
  ///
  /// Collective; as the blocking `scatter(_:as:into:as:from:)`.
  @_lifetime(copy values, &buffer)
  public final func startScatter<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, into buffer: inout MutableSpan<Element>,
    as incoming: Layout<Element>, from root: Rank
  ) throws(MPIError) -> Request {
    let procedure: StaticString = "MPI_Iscatter"
    let (from, to, wireRoot) = try scattered(
      values.count, as: outgoing, into: buffer.count, as: incoming, from: root, procedure)
    let (out, into) = (values.rawPointer, buffer.rawPointer)
    let request = try started(
      procedure, cmpi_iscatter(out, from.count, from.type, into, to.count, to.type, wireRoot, handle))
    return bound(bound(request, copying: values), mutating: &buffer)
  }

  /// Starts to send from one layout and to receive into another, as one request (`MPI_Isendrecv`, new in MPI 4.0). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` on an MPI older than 4.0.
  @_lifetime(copy values, &buffer)
  public final func startSendReceive<Element: Datatype>(
    _ values: Span<Element>, as outgoing: Layout<Element>, to destination: Rank, tag sendTag: Int = 0,
    into buffer: inout MutableSpan<Element>, as incoming: Layout<Element>, from source: some SourceSelector,
    receiveTag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let out = try outgoing.wire(1, in: values.count, "MPI_Isendrecv", self)
    let into = try incoming.wire(1, in: buffer.count, "MPI_Isendrecv", self, isReceiving: true)
    let request = try startSendReceive(
      values.rawPointer, out, destination, sendTag, buffer.rawPointer, into, source, receiveTag)
    return bound(bound(request, copying: values), mutating: &buffer)
  }
}
