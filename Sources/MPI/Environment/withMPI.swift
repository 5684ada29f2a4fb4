internal import CMPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// Initialises MPI, runs an SPMD program, finalises MPI.
///
/// ```swift
/// try withMPI { world in
///   print("rank \(world.rank) of \(world.size)")
/// }
/// ```
///
/// Collective over all processes of the job. An error that leaves the closure is printed on standard error with its
/// rank, and ends the whole job with a non-zero status, so that no other rank is left waiting (`MPI_Abort`); an error
/// that all ranks agreed on (``Communicator/agree(_:)``) is printed once. Where MPI is running already, the closure is
/// run, its error is thrown to the caller, and MPI goes on. Calls `MPI_Init_thread` and `MPI_Finalize`.
///
/// - Parameters:
///   - threadLevel: The least thread level that the program needs; see ``MPIEnvironment/threadLevel`` for the granted.
///   - body: The program, which gets the communicator of all processes.
/// - Returns: What the closure returns.
/// - Throws: The closure's error, only where MPI was running before the call; elsewhere the job has ended.
public func withMPI<Result>(
  threadLevel: ThreadLevel = .single, _ body: (_ world: Communicator) throws -> Result
) throws -> Result {
  let isOurs = start(threadLevel)
  do {
    let result = try body(.world)
    try end(isOurs)
    return result
  } catch {
    guard isOurs else { throw error }
    endJob(error)
  }
}

/// Initialises MPI, runs an asynchronous SPMD program, finalises MPI.
///
/// As `withMPI`, for programs that `await`: tasks move between
/// threads, so the default thread level is ``ThreadLevel/multiple``.
///
/// - Parameters:
///   - threadLevel: The least thread level that the program needs.
///   - body: The program, which gets the communicator of all processes.
/// - Returns: What the closure returns.
/// - Throws: The closure's error, only where MPI was running before the call; elsewhere the job has ended.
public func withMPI<Result>(
  threadLevel: ThreadLevel = .multiple, _ body: (_ world: Communicator) async throws -> Result
) async throws -> Result {
  let isOurs = start(threadLevel)
  do {
    let result = try await body(.world)
    try end(isOurs)
    return result
  } catch {
    guard isOurs else { throw error }
    endJob(error)
  }
}

/// Initialises MPI unless it runs; returns whether this call did.
private func start(_ threadLevel: ThreadLevel) -> Bool {
  let isOurs = !MPIEnvironment.isInitialized
  do {
    try MPIEnvironment.initialize(threadLevel: threadLevel)
  } catch {
    endJob(error)
  }
  return isOurs
}

private func end(_ isOurs: Bool) throws(MPIError) {
  if isOurs { try MPIEnvironment.finalize() }
}

/// Says what went wrong on which rank, and ends the job.
func endJob(_ error: any Error) -> Never {
  let world = Communicator.world
  let isRunning = MPIEnvironment.isInitialized && !MPIEnvironment.isFinalized
  let agreed = (error as? MPIError).flatMap { $0.isAgreed ? $0 : nil }
  cmpi_watch_ending()
  let report = (error as? MPIError)?.details.report
  let isSpokenElsewhere = agreed?.errorClass == MPIError.otherRank || report?.isSpokenElsewhere == true
  fflush(nil)
  let place = isRunning && world.size > 1 && report == nil ? "rank \(world.rank) of \(world.size): " : ""
  // Finding lines takes a while: only the rank that speaks does it.
  let text = { "error: \(place)\(agreed?.underlying ?? error)\n" }
  if !isSpokenElsewhere { writeToStandardError(text()) }
  if isRunning {
    // When every rank is here, none has to be killed.
    let isEverywhere = report == nil || agreed?.details.size == world.size
    if agreed != nil, isEverywhere, (try? MPIEnvironment.finalize()) != nil { exit(1) }
    if cmpi_watch_can_finalize(), (try? MPIEnvironment.finalize()) != nil { exit(1) }
    // The rank that says it also ends the job, unless its program has caught the error.
    if isSpokenElsewhere {
      sleep(5)
      writeToStandardError(text())
    }
    MPIEnvironment.abort()
  }
  exit(1)
}

/// Writes a text in one piece, so that the lines of several ranks do not mix.
func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let written = write(2, rest.baseAddress, rest.count)
      guard written > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}
