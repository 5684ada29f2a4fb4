/// Whose an MPI is, which decides how its launcher is called.
package enum MPIFamily: String, Sendable {
  /// Open MPI and what is derived from it.
  case openMPI = "Open MPI"
  /// MPICH and what is derived from it.
  case mpich = "MPICH"
  /// Any other.
  case other = "another MPI"
}
