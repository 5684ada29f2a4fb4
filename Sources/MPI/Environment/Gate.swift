public import CMPI

/// Lets a call through when MPI is running and this thread may call it: one comparison and a branch.
///
/// Sends, receives, broadcasts and reductions do not ask here: the comparison is in CMPI, where it also decides whether
/// the count is small, and their codes say when the gate is closed.
@inlinable @inline(__always)
func enter(_ procedure: StaticString, _ communicator: Communicator? = nil) throws(MPIError) {
  if cmpi_gate_is_closed() { try askGate(procedure, communicator) }
}

/// Throws the error that a code stands for.
@inlinable @inline(__always)
func check(_ code: CInt, _ procedure: StaticString, _ communicator: Communicator? = nil) throws(MPIError) {
  if _slowPath(code != 0) { throw failure(code, procedure, communicator) }
}

/// The error that a code stands for: a function, because an initialiser would have to be given a reference of its own.
@usableFromInline @inline(never)
func failure(_ code: CInt, _ procedure: StaticString, _ communicator: Communicator?) -> MPIError {
  MPIError(code: code, procedure, communicator)
}

/// The slow path: finds out why the gate is closed, and opens it for this thread when there is no reason.
@usableFromInline @inline(never)
func askGate(_ procedure: StaticString, _ communicator: Communicator?) throws(MPIError) {
  let communicator = communicator.flatMap { $0.size > 0 ? $0 : nil }
  switch UInt32(bitPattern: cmpi_gate_ask()) {
  case CMPI_GATE_OPEN.rawValue: World.refresh()
  case CMPI_GATE_NOT_INITIALIZED.rawValue:
    throw MPIError(MPIError.notInitialized, procedure, communicator, message: "MPI is not initialised")
  case CMPI_GATE_FINALIZED.rawValue:
    throw MPIError(MPIError.finalized, procedure, communicator, message: "MPI was already finalised")
  default:
    throw MPIError(
      MPIError.wrongThread, procedure, communicator,
      message: "called from another thread than the one that initialised MPI, at thread level \(grantedLevel())")
  }
}

/// Why the gate is closed, if it is: the mistake to report first, as ranks and sizes mean nothing while MPI is not running.
func closedGateError(_ procedure: StaticString, _ communicator: Communicator?) -> MPIError? {
  do throws(MPIError) { try enter(procedure, communicator) } catch { return error }
  return nil
}

private func grantedLevel() -> String {
  var provided: CInt = 0
  return cmpi_query_thread(&provided) == 0 ? ThreadLevel(mpiValue: provided).description : "unknown"
}
