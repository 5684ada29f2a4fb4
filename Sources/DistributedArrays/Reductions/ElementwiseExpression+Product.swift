public import MPI

extension ElementwiseExpression where Element: ArrayElement {
  /// The product of all elements.
  ///
  /// Collective: one `MPI_Allreduce` of one element. Rounded as the elements are; integers wrap around.
  ///
  /// - Returns: The product, the same on every rank; one for no elements.
  @inlinable
  public func product() throws(MPIError) -> Element {
    let reduction = try LocalReduction(self)
    func partial(_ block: Span<Element>) -> Element {
      // Several products at once: each multiplication waits for the one before.
      let one = Element(exactly: 1)!
      var (a, b, c, d) = (one, one, one, one)
      var index = 0
      while index &+ 4 <= block.count {
        a = .multiplied(a, block[index])
        b = .multiplied(b, block[index &+ 1])
        c = .multiplied(c, block[index &+ 2])
        d = .multiplied(d, block[index &+ 3])
        index &+= 4
      }
      while index < block.count {
        a = .multiplied(a, block[index])
        index &+= 1
      }
      return .multiplied(.multiplied(a, b), .multiplied(c, d))
    }
    let part = reduction.local(Element(exactly: 1)!, { .multiplied($0, $1) }, partial)
    return try reduction.communicator.allReduce(part, Element.productReduction)
  }
}
