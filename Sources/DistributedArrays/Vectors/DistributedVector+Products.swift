public import MPI

extension DistributedVector where Element: DotProductElement {
  /// The sum of the products of the elements of two vectors.
  ///
  /// Collective: one `MPI_Allreduce` of at most 64 bytes. Sums of integers are exact; others are rounded as said in
  /// ``DotProductElement``, and differ in the last digits with the number of ranks. Complex elements are not conjugated.
  ///
  /// - Parameter other: A vector of the same length on the same processes.
  /// - Returns: The sum, the same on every rank; zero for empty vectors.
  /// - Throws: ``MPI/MPIError`` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/lengthMismatch``, ``DistributedArrayError/Code/communicatorMismatch``, or
  ///   ``DistributedArrayError/Code/overflow`` for a sum of integers beyond 128 bits.
  @inlinable
  public func dot(_ other: Self) throws(MPIError) -> Element.DotProduct {
    try requireSameDistribution(other)
    let part = Element.dotProductPart(localElements, other.localElements)
    guard let sum = Element.dotProduct(try communicator.allReduce(part, .sum)) else {
      throw try overflow()
    }
    return sum
  }

  /// What this rank's elements contribute to ``dot(_:)``. Local.
  ///
  /// - Parameter other: A vector of the same length on the same processes.
  /// - Returns: The sum of the products of the elements on this rank; `nil` for integers whose sum needs over 128 bits.
  @inlinable
  public func localDot(_ other: Self) -> Element.DotProduct? {
    precondition(other.localCount == localCount, "parts of \(localCount) and \(other.localCount) elements")
    return Element.dotProduct(Element.dotProductPart(localElements, other.localElements))
  }

  /// Multiplies every element by the element of another vector with the same index, in place.
  ///
  /// Local, but all ranks call it. Products of integers wrap around as NumPy's do.
  ///
  /// - Parameter other: A vector of the same length on the same processes.
  /// - Throws: ``MPI/MPIError`` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/lengthMismatch`` or ``DistributedArrayError/Code/communicatorMismatch``.
  public mutating func multiply(by other: Self) throws(MPIError) {
    try requireSameDistribution(other)
    var mine = mutableLocalElements
    Element.multiply(&mine, by: other.localElements)
  }

  /// The products of the elements of two vectors with the same index; as ``multiply(by:)``.
  public func multiplied(by other: Self) throws(MPIError) -> Self {
    var result = self
    try result.multiply(by: other)
    return result
  }
}

extension DistributedVector {
  /// Checks that another vector has as many elements on every rank; all ranks come to the same verdict.
  @usableFromInline
  func requireSameDistribution(_ other: Self) throws(MPIError) {
    if count != other.count {
      try communicator.failTogether(
        .lengthMismatch, "The vectors have different lengths: \(count) and \(other.count).")
    }
    if communicator === other.communicator { return }
    switch try communicator.compare(to: other.communicator) {
    case .identical, .congruent: return
    default:
      try communicator.failTogether(
        .communicatorMismatch, "The vectors are spread over different processes, or over the same in another order.")
    }
  }

  /// The error of a result that is too large, which every rank has found.
  @usableFromInline
  func overflow() throws(MPIError) -> MPIError {
    try communicator.failTogether(.overflow, "The exact sum of the products needs more than 128 bits.")
    return MPIError(MPIError.other, in: "dot", on: communicator, "overflow")
  }
}
