internal import CMPI
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// What a launcher says in the environment of the processes that it starts.
struct LauncherClaim: Equatable {
  /// The launcher, for people.
  var launcher: String
  /// The variable that says so.
  var variable: String
  /// How many processes it started.
  var size: Int

  /// The claims that contradict a world of one process, seen by a library of the given family.
  ///
  /// Where the library's own launcher says 1, others are not asked: `mpirun -n 1` may itself run inside a larger step
  /// of a resource manager.
  static func contradicting(
    worldOfOne implementation: MPIEnvironment.Implementation, environment: (String) -> String?
  ) -> LauncherClaim? {
    let own = known.first { $0.family == implementation }
    if let own, environment(own.variable).flatMap({ Int($0) }) == 1 { return nil }
    return first(of: known, environment)
  }

  /// The claim of a launcher of another family, where the library's own makes none.
  static func foreign(
    to implementation: MPIEnvironment.Implementation, environment: (String) -> String?
  ) -> LauncherClaim? {
    let own = known.first { $0.family == implementation }
    if let own, environment(own.variable) != nil { return nil }
    return first(of: known.filter { $0.family != implementation }, environment)
  }

  private typealias Known = (family: MPIEnvironment.Implementation?, launcher: String, variable: String)

  private static let known: [Known] = [
    (.openMPI, "Open MPI's mpirun", "OMPI_COMM_WORLD_SIZE"),
    (.mpich, "MPICH's mpirun (hydra)", "PMI_SIZE"),
    (nil, "srun", "SLURM_STEP_NUM_TASKS"),
  ]

  private static func first(of candidates: [Known], _ environment: (String) -> String?) -> LauncherClaim? {
    for entry in candidates {
      guard let size = environment(entry.variable).flatMap({ Int($0) }), size > 1 else { continue }
      return LauncherClaim(launcher: entry.launcher, variable: entry.variable, size: size)
    }
    return nil
  }

  /// What to do instead.
  var cure: String {
    switch (MPIEnvironment.Implementation.built, variable) {
    case (_, "SLURM_STEP_NUM_TASKS"): "give srun the plug-in of this library (`--mpi=pmix` or `--mpi=pmi2`)"
    case (.openMPI, _): "start it with Open MPI's mpirun (`mpirun.openmpi` on Debian), or build it for MPICH"
    case (.mpich, _): "start it with MPICH's mpirun (`mpirun.mpich` on Debian), or build it for Open MPI"
    default: "start it with the launcher of its own library"
    }
  }
}

extension MPIEnvironment {
  /// The variable that permits several worlds of one process, for programs that are meant to run so.
  static let permission = "SWIFT_MPI_ALLOW_SINGLETONS"

  /// Stops a program that was started by another MPI's launcher: N copies that each believe to be alone.
  static func refuseForeignLauncher() throws(MPIError) {
    let variable: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    guard Communicator.world.size == 1, variable(permission) == nil,
      let claim = LauncherClaim.contradicting(worldOfOne: .built, environment: variable)
    else { return }
    throw MPIError(
      MPIError.launcherMismatch, "MPI_Init_thread", nil,
      message: "\(claim.launcher) started \(claim.size) processes (\(claim.variable)), but this program is linked to "
        + "\(builtAgainst), which sees a world of 1: every process would compute everything alone; \(claim.cure), or set "
        + "\(permission)=1 if that is what you want")
  }

  /// Initialises the library, and explains it when the library ends the process instead: MPICH 5.0 does so under a
  /// launcher that speaks PMIx, such as Open MPI's.
  static func initializeExplaining(_ level: CInt, _ provided: inout CInt) -> CInt {
    let variable: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    guard let claim = LauncherClaim.foreign(to: .built, environment: variable) else {
      return cmpi_init(level, &provided)
    }
    lastWords.withLock {
      $0 =
        "error: \(builtAgainst) ended this process in MPI_Init_thread. \(claim.launcher) started \(claim.size) "
        + "processes (\(claim.variable)): \(claim.cure)\n"
    }
    atexit { MPIEnvironment.lastWords.withLock { if let text = $0 { _ = write(2, text, text.utf8.count) } } }
    defer { lastWords.withLock { $0 = nil } }
    return cmpi_init(level, &provided)
  }

  /// What is said if the process ends now.
  private static let lastWords = Mutex<String?>(nil)
}
