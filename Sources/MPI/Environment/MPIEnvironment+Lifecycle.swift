internal import CMPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

extension MPIEnvironment {
  /// Initialises MPI, for programs that cannot put their run into the closure of `withMPI`.
  ///
  /// Collective over all processes of the job; the calling thread becomes MPI's main thread. Does nothing when MPI is
  /// initialised already. Follow it by one ``finalize()`` (`MPI_Init_thread`).
  ///
  /// - Parameter threadLevel: The least level that the program needs.
  /// - Throws: ``MPIError`` of class ``MPIError/threadLevel`` when less is granted, ``MPIError/finalized`` when MPI was
  ///   already finalised, ``MPIError/launcherMismatch`` when another MPI's launcher started the processes.
  public static func initialize(threadLevel: ThreadLevel = .single) throws(MPIError) {
    guard !isFinalized else { return try askGate("MPI_Init_thread", nil) }
    if !isInitialized {
      var provided: CInt = 0
      try check(initializeExplaining(threadLevel.mpiValue, &provided), "MPI_Init_thread")
      try check(cmpi_adopt(), "MPI_Init_thread")
      LastWords.prepare()
      ErrorPastRequest.watch()
      World.refresh()
      try refuseForeignLauncher()
    }
    let granted = try self.threadLevel
    guard granted >= threadLevel else {
      throw MPIError(
        MPIError.threadLevel, "MPI_Init_thread", Communicator.world,
        message: "the thread level '\(threadLevel)' was asked for and '\(granted)' was granted")
    }
  }

  /// Finalises MPI (`MPI_Finalize`); afterwards every call throws ``MPIError/finalized``.
  ///
  /// Collective over all processes; on the thread that initialised. Does nothing when MPI is not running.
  public static func finalize() throws(MPIError) {
    guard isInitialized, !isFinalized else { return }
    try enter("MPI_Finalize")
    ProgressEngine.shared.stop()
    try check(cmpi_finalize(), "MPI_Finalize")
  }

  /// Ends all processes of the job now (`MPI_Abort`).
  ///
  /// Local: one rank is enough. What the program has printed is flushed first; with MPICH the launcher is given a tenth
  /// of a second to pass it on, because it drops what it has not read when the abort arrives.
  ///
  /// - Parameter status: The exit status, clamped to 1…255: MPI would otherwise report 0 for 256.
  public static func abort(status: Int = 1) -> Never {
    fflush(nil)
    let status = CInt(min(max(status, 1), 255))
    cmpi_watch_ending()
    if isInitialized && !isFinalized { _ = cmpi_abort(cmpi_comm_world(), status) }
    exit(status)
  }
}
