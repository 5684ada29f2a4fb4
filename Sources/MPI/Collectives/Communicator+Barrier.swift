public import CMPI

extension Communicator {
  /// Waits until every rank has come here (`MPI_Barrier`).
  ///
  /// Collective.
  @inlinable @inline(__always)
  public final func barrier() throws(MPIError) {
    try check(cmpi_barrier(handle), "MPI_Barrier", self)
  }
}
