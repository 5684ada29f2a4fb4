/// Which variables of the launching shell the ranks on other hosts get without being named.
///
/// Open MPI passes none on but its own; MPICH passes all. A job that behaves in one way on the first host and in another
/// on the others is hard to understand, so that what steers the libraries of the ranks goes with them.
package func variablesForAllHosts(_ environment: [String: String]) -> [String] {
  let prefixes = ["SWIFT_MPI_", "SWIFT_BACKTRACE", "OMP_", "OPENBLAS_", "MKL_", "BLIS_", "UCX_", "FI_"]
  let names = ["LD_LIBRARY_PATH", "NO_COLOR"]
  let own: Set<String> = ["SWIFT_MPI_LAUNCHER", "SWIFT_MPI_SSH_ARGUMENTS"]
  return environment.keys.filter { name in
    !own.contains(name) && (names.contains(name) || prefixes.contains { name.hasPrefix($0) })
  }.sorted()
}
