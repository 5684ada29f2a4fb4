import ExampleSupport
import MPI

extension MatrixEntries {
  /// Computes b - A x once more, from the entries of the file and the whole of x on every rank.
  ///
  /// Collective.
  ///
  /// - Returns: The norm of b - A x as part of that of b.
  /// - Throws: On all ranks, agreed, when it is larger than the tolerance and what rounding explains.
  func verify(_ x: [Double], _ b: [Double], _ tolerance: Double, on world: Communicator) throws -> Double {
    let whole = try world.allGather(x)
    var residual = b
    var magnitude = b.map { abs($0) }
    for entry in entries {
      let row = entry.row - rows.local.lowerBound
      residual[row] -= entry.value * whole[entry.column]
      magnitude[row] += abs(entry.value * whole[entry.column])
    }
    func norm(_ values: [Double]) throws -> Double {
      try world.allReduce(values.reduce(0) { $0 + $1 * $1 }, .sum).squareRoot()
    }
    let scale = try norm(b)
    let relative = scale > 0 ? try norm(residual) / scale : try norm(residual)
    // What the iteration knows of the residual drifts from the truth by roundings of the size of A x.
    let allowed = 2 * tolerance + (scale > 0 ? 1e3 * 0x1p-53 * (try norm(magnitude)) / scale : 0)
    try world.agree {
      guard relative <= allowed else {
        throw ExampleError(
          "Wrong answer. The relative residual computed from x is \(relative), above \(allowed): rounding has taken over. "
            + "Ask for a larger tolerance.")
      }
    }
    return relative
  }
}
