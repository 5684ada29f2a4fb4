internal import DistributedArrays
internal import ExampleSupport
public import MPI

extension Communicator {
  /// What the cores can do: products of matrices that each rank has in its memory, on all ranks at the same time.
  ///
  /// Collective. The median of three rounds, of which each takes as long as the slowest rank.
  ///
  /// - Parameter side: Rows and columns of the matrices.
  /// - Returns: Operations in a second, on all ranks together.
  public func localPeak<Element: MatrixElement>(_: Element.Type, side: Int) throws -> Double {
    let random = IndexedRandom(seed: 1)
    let a = (0..<side * side).map { Element.random(random, at: $0) }
    var c = [Element](repeating: .zero, count: side * side)
    let product = LocalProduct(rows: side, inner: side, columns: side)
    func multiply() {
      var result = c.mutableSpan
      Element.multiply(product, a.span, a.span, alpha: 1, into: &result, beta: 0)
    }
    multiply()
    let (_, seconds) = try measured(repetitions: 3) { multiply() }
    return Double(size * Element.operationsPerTerm * side) * Double(side * side) / max(seconds, 1e-9)
  }
}
