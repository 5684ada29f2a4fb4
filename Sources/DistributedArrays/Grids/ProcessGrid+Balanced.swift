public import MPI

extension ProcessGrid {
  /// The grid of all ranks that divides an array most evenly, with the least surface between the parts.
  ///
  /// Local; every rank gives the same. Of all ways to write the number of ranks as a product, takes the one with the
  /// smallest largest part, among these the one whose parts have the least surface, and among these the one that divides
  /// the first axes most: parts of whole rows lie in one stretch.
  ///
  /// - Parameters:
  ///   - dimensions: How many dimensions the grid has.
  ///   - shape: The array's lengths; those beyond the grid's dimensions are not divided.
  ///   - communicator: The processes.
  public static func balanced(
    dimensions: Int, for shape: [Int], on communicator: Communicator
  ) throws(DistributedArrayError) -> ProcessGrid {
    guard dimensions >= 1, dimensions <= max(shape.count, 1), communicator.size >= 1 else {
      throw DistributedArrayError(
        .invalidGrid, "A grid of \(dimensions) dimensions does not divide an array of \(shape.count).")
    }
    let extents = balancedExtents(communicator.size, dimensions: dimensions, for: shape)
    return ProcessGrid(checked: extents, on: communicator)
  }

  /// The extents of a ``balanced(dimensions:for:on:)`` grid of so many ranks.
  static func balancedExtents(_ size: Int, dimensions: Int, for shape: [Int]) -> [Int] {
    var best: (extents: [Int], volume: Double, surface: Double)?
    for extents in factorizations(of: size, dimensions) {
      let lengths = zip(shape, extents).map { Double(max(($0 + $1 - 1) / $1, 1)) }
      let volume = lengths.reduce(1, *)
      let surface = zip(lengths, extents).reduce(0) { $0 + Double(min($1.1 - 1, 2)) * volume / $1.0 }
      if let best, (best.volume, best.surface) <= (volume, surface) { continue }
      best = (extents, volume, surface)
    }
    return best?.extents ?? [size]
  }

  /// All ways to write a number as a product of some factors, the largest first ones first.
  static func factorizations(of number: Int, _ count: Int) -> [[Int]] {
    if count == 1 { return [[number]] }
    return (1...number).reversed().filter { number % $0 == 0 }.flatMap { factor in
      factorizations(of: number / factor, count - 1).map { [factor] + $0 }
    }
  }
}
