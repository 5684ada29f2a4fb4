public import MPI

extension DistributedVector where Element: DotProductElement {
  /// What this rank's elements contribute to a dot product. Local.
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
  /// Collective; communicates only where the other is distributed otherwise. Products of integers wrap around as NumPy's do.
  ///
  /// - Parameter other: A vector of the same length on the same processes.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/lengthMismatch`` or ``DistributedArrayError/Code/communicatorMismatch``.
  public mutating func multiply(by other: Self) throws(MPIError) {
    let kernel = try other.kernel(for: Placement(array))
    var mine = mutableLocalElements
    Element.multiply(&mine, by: Span(_unsafeElements: UnsafeBufferPointer(kernel.storage.elements)))
  }

  /// The products of the elements of two vectors with the same index; as ``multiply(by:)``.
  public func multiplied(by other: Self) throws(MPIError) -> Self {
    var result = self
    try result.multiply(by: other)
    return result
  }
}
