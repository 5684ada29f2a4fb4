extension Communicator {
  /// Runs work that may fail on some ranks, and fails on all of them when it failed on any.
  ///
  /// ```swift
  /// let part = try world.agree { try read(path, rank: world.rank) }
  /// ```
  ///
  /// Collective: one `MPI_Allreduce` after the work. Without it, the ranks that succeed would go on into a collective
  /// that the others never reach.
  ///
  /// - Parameter work: What this rank does.
  /// - Returns: What the work returned, when it succeeded everywhere.
  /// - Throws: ``MPIError`` with ``MPIError/isAgreed`` set, on every rank: on the lowest one that failed with its error
  ///   as ``MPIError/underlying``, on the others of class ``MPIError/otherRank``.
  public final func agree<Result>(_ work: () throws -> Result) throws(MPIError) -> Result {
    let outcome = Swift.Result(catching: work)
    var isFailure = false
    if case .failure = outcome { isFailure = true }
    let first = try allReduce(isFailure ? rank.index : size, .minimum)
    switch outcome {
    case .success(let result) where first == size: return result
    case .failure(let error) where first == rank.index:
      throw MPIError(
        MPIError.other, "agree", self, "this rank failed and the others were told", underlying: error, isAgreed: true)
    default:
      throw MPIError(MPIError.otherRank, "agree", self, "rank \(first) failed", isAgreed: true)
    }
  }
}
