internal import CMPI

extension Communicator {
  /// Whether a rank is one of the communicator. Rank 0 always is, and where it is written as a literal nothing is left to
  /// check.
  @inlinable @inline(__always)
  final func isPlain(_ rank: Rank) -> Bool {
    UInt32(bitPattern: rank.value) < UInt32(bitPattern: storedSize) || rank.value == 0
  }
}

extension Rank {
  /// What MPI calls this rank as a peer of a message: numbers outside the communicator are refused here, because some of
  /// the negative ones mean something to MPI.
  @inlinable @inline(__always)
  func peer(_ procedure: StaticString, _ communicator: Communicator) throws(MPIError) -> CInt {
    if _slowPath(!communicator.isPlain(self)) {
      return try nullPeer(procedure, communicator)
    }
    return value
  }

  /// What MPI calls this rank as the root of a collective.
  @inlinable @inline(__always)
  func root(_ procedure: StaticString, _ communicator: Communicator) throws(MPIError) -> CInt {
    if _slowPath(!communicator.isPlain(self)) {
      throw outside(MPIError.root, procedure, communicator)
    }
    return value
  }

  @usableFromInline @inline(never)
  func nullPeer(_ procedure: StaticString, _ communicator: Communicator) throws(MPIError) -> CInt {
    guard self == .null else { throw outside(MPIError.rank, procedure, communicator) }
    return cmpi_proc_null()
  }

  @usableFromInline @inline(never)
  func outside(_ errorClass: MPIError.Class, _ procedure: StaticString, _ communicator: Communicator) -> MPIError {
    closedGateError(procedure, communicator)
      ?? MPIError(
        errorClass, procedure, communicator,
        message: "rank \(self) was given, in a communicator of \(communicator.size)")
  }
}
