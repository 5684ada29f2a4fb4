internal import MPI

extension Communicator {
  /// Throws an error that every rank has come to by itself, as one on which they agree.
  ///
  /// Collective; communicates only to make sure that nobody is left behind.
  func failTogether(_ code: DistributedArrayError.Code, _ message: String) throws(MPIError) {
    try agree { throw DistributedArrayError(code, message) }
  }

  /// Throws on all ranks unless all give the same numbers.
  ///
  /// Collective: one `MPI_Allreduce` of 8 integers.
  func requireSame(_ a: Int, _ b: Int, _ c: Int, orSay message: @autoclosure () -> String) throws(MPIError) {
    // The greatest of -a is the least of a: equal only if all are the same.
    let values = SIMD8(a, b, c, 0, ~a, ~b, ~c, ~0)
    let least = try allReduce(values, .minimum)
    if least.lowHalf != ~least.highHalf { try failTogether(.differentOnRanks, message()) }
  }
}
