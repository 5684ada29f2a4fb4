import ExampleSupport
import MPI

/// The method of conjugate gradients (M. Hestenes, E. Stiefel, J. Res. Natl. Bur. Stand. 49, 1952), preconditioned (Y.
/// Saad, "Iterative methods for sparse linear systems", 2003, algorithm 9.1).
struct Solver {
  let matrix: SparseMatrix
  let usesJacobi: Bool
  let tolerance: Double

  struct Solution {
    /// This rank's part.
    var x: [Double] = []
    var iterations = 0

    /// The residual's norm as part of that of the right-hand side, from before the first iteration on.
    var history: [Double] = []
  }

  /// Solves the system for this rank's part of a right-hand side.
  ///
  /// Collective: in each iteration one product, and two sums over all ranks.
  ///
  /// - Parameters:
  ///   - b: This rank's part.
  ///   - maxIterations: When to give up.
  ///   - report: Told the number and the relative residual of each iteration.
  /// - Throws: On all ranks, agreed, when there is no convergence, or the matrix shows that it is not positive definite.
  func solve(
    _ b: [Double], maxIterations: Int, report: (Int, Double) -> Void
  ) throws -> Solution {
    let world = matrix.world
    var solution = Solution()
    var iterate = Iterate(b, diagonal: usesJacobi ? matrix.diagonal : nil)
    // r · r and r · z, in one message.
    var sums = try world.allReduce(iterate.initialSums, .sum)
    let norm = sums.x.squareRoot()
    guard norm.isFinite else {
      return try fail("The norm of the right-hand side is \(norm): its numbers are too large.", world)
    }
    // Of nothing comes nothing.
    solution.history = [norm > 0 ? 1 : 0]
    report(0, solution.history[0])
    while solution.history.last! > tolerance {
      let relative = solution.history.last!
      guard solution.iterations < maxIterations else {
        let count = "\(maxIterations) \(maxIterations == 1 ? "iteration" : "iterations")"
        return try fail(
          "No convergence in \(count): the relative residual is \(relative), and \(tolerance) was asked for. "
            + "\(usesJacobi ? "" : "Try --jacobi, or ")\(usesJacobi ? "Allow" : "allow") more with --max-iterations.",
          world)
      }
      try matrix.multiply(iterate.p, into: &iterate.q)
      let curvature = try world.allReduce(iterate.curvature, .sum)
      guard curvature > 0, curvature.isFinite else {
        return try fail(
          "The matrix is not positive definite: in iteration \(solution.iterations + 1) the method met a direction p with "
            + "p · A p = \(curvature).", world)
      }
      let previous = sums.y
      sums = try world.allReduce(iterate.advance(by: previous / curvature), .sum)
      let next = sums.x.squareRoot() / norm
      guard next.isFinite, sums.y > 0 || sums.x == 0 else {
        return try fail(
          "The method broke down in iteration \(solution.iterations + 1): the relative residual is \(next). The matrix "
            + "may not be positive definite.", world)
      }
      iterate.turn(keeping: sums.y / previous)
      solution.iterations += 1
      solution.history.append(next)
      report(solution.iterations, next)
    }
    solution.x = iterate.x
    return solution
  }

  /// Throws on all ranks: every one of them knows the same.
  private func fail(_ message: String, _ world: Communicator) throws -> Solution {
    try world.agree { throw ExampleError(message) }
  }
}
