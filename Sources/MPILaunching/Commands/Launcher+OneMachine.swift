#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

extension Launcher {
  /// The environment for a job on this machine alone: what is given, and what its user has not set.
  ///
  /// Root may run, more ranks than cores may run and give up the core while they wait, no rank is bound, and nobody looks
  /// for networks that one machine does not use (which halves the start-up of Open MPI 4, and is nine tenths of that of
  /// Open MPI 5).
  ///
  /// - Parameters:
  ///   - environment: The environment to start from.
  ///   - ranks: How many ranks the job has.
  ///   - scratch: A folder for the launcher's and the ranks' own files, so that nothing stays behind when they die.
  package func environmentForOneMachine(
    _ environment: [String: String], ranks: Int, scratch: String?
  ) -> [String: String] {
    var settings: [String: String] = [:]
    switch family {
    case .openMPI:
      if geteuid() == 0 {
        for name in ["OMPI", "PRTE"] {
          settings["\(name)_ALLOW_RUN_AS_ROOT"] = "1"
          settings["\(name)_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        }
      }
      settings["OMPI_MCA_rmaps_base_oversubscribe"] = "1"
      settings["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe"
      settings["OMPI_MCA_hwloc_base_binding_policy"] = "none"
      settings["PRTE_MCA_hwloc_default_binding_policy"] = "none"
      settings["OMPI_MCA_pml"] = "ob1"
      settings["OMPI_MCA_btl"] = "^openib,ofi,usnic"
      if ranks > sysconf(CInt(_SC_NPROCESSORS_ONLN)) { settings["OMPI_MCA_mpi_yield_when_idle"] = "1" }
      if let scratch {
        settings["OMPI_MCA_orte_tmpdir_base"] = scratch
        settings["OMPI_MCA_btl_vader_backing_directory"] = scratch
        settings["OMPI_MCA_btl_sm_backing_directory"] = scratch
        settings["PRTE_MCA_prte_tmpdir_base"] = scratch
      }
    case .mpich:
      if let scratch { settings["UCX_POSIX_DIR"] = scratch }
    case .other: break
    }
    return environment.merging(settings) { given, _ in given }
  }

  /// The arguments that start so many ranks of a program.
  package func arguments(ranks: Int, program: String, _ arguments: [String]) -> [String] {
    ["-n", "\(ranks)", program] + arguments
  }
}
