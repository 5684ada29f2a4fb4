public import CMPI

/// What is known about a message that was received or found (`MPI_Status`).
@frozen
public struct Status: @unchecked Sendable {
  @usableFromInline var raw: CMPI_Status

  @inlinable
  init() { raw = CMPI_Status() }

  @inlinable
  init(_ raw: CMPI_Status) { self.raw = raw }

  /// The rank that sent it; ``Rank/null`` for a receive from no process (`MPI_SOURCE`).
  @inlinable
  public var source: Rank {
    let source = withUnsafePointer(to: raw) { cmpi_status_source($0) }
    return source == cmpi_proc_null() ? .null : Rank(value: source)
  }

  /// Its tag (`MPI_TAG`).
  @inlinable
  public var tag: Int { Int(withUnsafePointer(to: raw) { cmpi_status_tag($0) }) }

  /// How many values of a type it has (`MPI_Get_count`). Any count, also above 2³¹-1.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/partialValue`` when its length is no whole number of values.
  public func count<Element: Datatype>(of type: Element.Type) throws(MPIError) -> Int {
    try enter("MPI_Get_count")
    var units: Int64 = 0
    let handle = try Element.datatype.handle
    try check(withUnsafePointer(to: raw) { cmpi_status_count($0, handle, &units) }, "MPI_Get_count")
    let (count, rest) = Int(units).quotientAndRemainder(dividingBy: Element.unitsPerValue)
    guard units >= 0, rest == 0 else {
      throw MPIError(
        MPIError.partialValue, "MPI_Get_count", nil,
        message: "the message from rank \(source) with tag \(tag) is no whole number of \(Element.self)")
    }
    return count
  }
}

/// A value that was received, with where it came from.
@frozen
public struct ReceivedMessage<Value> {
  /// What was received.
  public let value: Value
  /// The rank that sent it.
  public let source: Rank
  /// Its tag.
  public let tag: Int

  @inlinable
  init(_ value: Value, _ status: Status) {
    self.value = value
    source = status.source
    tag = status.tag
  }

  init(_ value: Value, source: Rank, tag: Int) {
    self.value = value
    self.source = source
    self.tag = tag
  }
}

extension ReceivedMessage: Sendable where Value: Sendable {}
