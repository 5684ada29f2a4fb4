internal import CMPI

extension Communicator {
  /// Prepares a message that is sent part by part (`MPI_Psend_init`). Local.
  ///
  /// - Parameters:
  ///   - values: The message's memory, filled part by part; its length divides by the number of parts.
  ///   - partitions: How many parts, at least 1.
  ///   - destination: Who receives it, by ``makePartitionedReceive(into:partitions:from:tag:)``.
  ///   - tag: Tells messages apart.
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` on an MPI older than 4.0.
  @_lifetime(copy values)
  public final func makePartitionedSend<Element: Datatype>(
    _ values: consuming MutableSpan<Element>, partitions: Int, to destination: Rank, tag: Int = 0
  ) throws(MPIError) -> PartitionedSend<Element> {
    let procedure: StaticString = "MPI_Psend_init"
    try enter(procedure, self)
    let wire = try WireCount(try part(values.count, partitions, procedure), of: Element.self)
    let peer = try destination.peer(procedure, self)
    let tag = try wireTag(tag, procedure)
    var request = cmpi_request_null()
    let code = cmpi_psend_init(
      values.rawPointer, CInt(partitions), wire.count, wire.type, peer, tag, handle, &request)
    try checkPartitioned(code, procedure)
    return PartitionedSend(request, RequestPlace(self), values, partitions)
  }

  /// Prepares a message that is received part by part (`MPI_Precv_init`). Local.
  ///
  /// - Parameters:
  ///   - buffer: The message's memory; its length divides by the number of parts.
  ///   - partitions: How many parts, at least 1; the sender may have another number.
  ///   - source: Who sends it.
  ///   - tag: The message's tag.
  /// - Throws: ``MPIError`` of class ``MPIError/unsupported`` on an MPI older than 4.0.
  @_lifetime(copy buffer)
  public final func makePartitionedReceive<Element: Datatype>(
    into buffer: consuming MutableSpan<Element>, partitions: Int, from source: Rank, tag: Int = 0
  ) throws(MPIError) -> PartitionedReceive<Element> {
    let procedure: StaticString = "MPI_Precv_init"
    try enter(procedure, self)
    let wire = try WireCount(try part(buffer.count, partitions, procedure), of: Element.self)
    let peer = try source.peer(procedure, self)
    let tag = try wireTag(tag, procedure)
    var request = cmpi_request_null()
    let code = cmpi_precv_init(
      buffer.rawPointer, CInt(partitions), wire.count, wire.type, peer, tag, handle, &request)
    try checkPartitioned(code, procedure)
    return PartitionedReceive(request, RequestPlace(self), buffer, partitions)
  }

  private func part(_ count: Int, _ partitions: Int, _ procedure: StaticString) throws(MPIError) -> Int {
    guard partitions > 0, partitions <= Int32.max, count % partitions == 0 else {
      throw lengthError(procedure, "\(count) values do not divide into \(partitions) parts")
    }
    return count / partitions
  }

  private func checkPartitioned(_ code: CInt, _ procedure: StaticString) throws(MPIError) {
    guard code != 0 else { return }
    let error = failure(code, procedure, self)
    guard error.errorClass == MPIError.unsupported else { throw error }
    throw MPIError(MPIError.unsupported, procedure, self, message: "this MPI has no partitioned communication")
  }
}
