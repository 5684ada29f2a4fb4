public import MPI

/// How the terms of a sum are added up.
public enum Summation: Sendable {
  /// As fast as possible: rounded sums differ in the last digits with the number of ranks and the distribution.
  case fast

  /// Bit for bit the same for any number of ranks, any distribution and any MPI, and at least as accurate.
  ///
  /// Terms are rounded to multiples of at most 2⁻¹⁰⁰ of the largest magnitude among them, of complex ones among all
  /// their parts; the sum of these is exact, and rounded in the end.
  case reproducible
}

extension ElementwiseExpression where Element: ArrayElement {
  /// The sum of all elements.
  ///
  /// Collective: one `MPI_Allreduce` of at most 128 bytes. Sums of integers are exact; others are in double precision,
  /// rounded as said in ``DotProductElement``.
  ///
  /// - Parameter summation: Whether it must be the same for any number of ranks.
  /// - Returns: The sum, the same on every rank; zero for no elements.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/overflow`` for a sum of integers beyond 128 bits, or as for the evaluation of an
  ///   expression.
  @inlinable
  public func sum(_ summation: Summation = .fast) throws(MPIError) -> Element.DotProduct {
    let reduction = try LocalReduction(self)
    if summation == .reproducible, let sums = ReproducibleSum<Element>.make() {
      return try reduction.reproducible(sums) { $0.add($1) }
    }
    return try reduction.total(reduction.sumPart())
  }

  /// The average of all elements.
  ///
  /// Collective, as ``sum(_:)``; double precision. Not a number for no elements.
  @inlinable
  public func mean(_ summation: Summation = .fast) throws(MPIError) -> Element.Mean {
    let count = placement!.distribution.count
    return Element.mean(try sum(summation), of: count)
  }
}

extension DistributedElements where Element: ArrayElement {
  /// The sum of the products of the elements of two arrays with the same index; complex ones are not conjugated.
  ///
  /// Collective: one `MPI_Allreduce` of at most 128 bytes; an array that is distributed otherwise is redistributed. As
  /// rounded as ``ElementwiseExpression/sum(_:)``.
  ///
  /// - Parameters:
  ///   - other: An array of the same shape on the same processes.
  ///   - summation: Whether it must be the same for any number of ranks.
  /// - Throws: As ``ElementwiseExpression/sum(_:)``.
  @inlinable
  public func dot<Other: DistributedElements<Element>>(
    _ other: Other, _ summation: Summation = .fast
  ) throws(MPIError) -> Element.DotProduct {
    let reduction = try LocalReduction(self)
    let kernel = try other.stored(for: reduction.placement)
    let others = Span(_unsafeElements: UnsafeBufferPointer(rebasing: kernel.storage.elements[reduction.range]))
    if summation == .reproducible, let sums = ReproducibleSum<Element>.make() {
      return try reduction.reproducible(sums) { $0.add($1, times: others) }
    }
    return try reduction.total(
      reduction.local(Element.emptyPart, { Element.combined($0, $1) }, { Element.dotProductPart($0, others) }))
  }
}

/// A reduction of the elements of an expression: first on each rank, then over all.
@usableFromInline
struct LocalReduction<Expression: ElementwiseExpression> {
  @usableFromInline let placement: Placement
  @usableFromInline let kernel: Expression.Kernel
  /// Which of the rank's elements it answers for: all, or its share if there are copies.
  @usableFromInline let range: Range<Int>

  @inlinable
  init(_ expression: Expression) throws(MPIError) {
    placement = expression.placement!
    kernel = try expression.kernel(for: placement)
    range = placement.reductionRange
  }

  @inlinable
  var communicator: Communicator { placement.grid.communicator }

  /// Whether the elements lie in memory, and need not be computed.
  @inlinable
  var isStored: Bool { Expression.Kernel.self == StoredElements<Expression.Element>.self }

  /// What a function makes of this rank's elements; something else where it has none.
  @inlinable
  func local<Part>(
    _ empty: Part, _ combine: (Part, Part) -> Part, _ block: (Span<Expression.Element>) -> Part
  ) -> Part { range.isEmpty ? empty : kernel.reduce(range, combine, block) }
}

extension LocalReduction where Expression.Element: ArrayElement {
  /// The sum of this rank's elements.
  @inlinable
  func sumPart() -> Expression.Element.DotProductPart {
    typealias Element = Expression.Element
    if range.isEmpty || isStored {
      return local(Element.emptyPart, { Element.combined($0, $1) }, { Element.sumPart($0) })
    }
    return withExtendedLifetime(kernel) { Element.sumPart(of: kernel, range) }
  }

  /// The sum over all ranks.
  @inlinable
  func total(_ part: Expression.Element.DotProductPart) throws(MPIError) -> Expression.Element.DotProduct {
    guard let sum = Expression.Element.dotProduct(try communicator.allReduce(part, .sum)) else {
      throw try communicator.overflow()
    }
    return sum
  }

  /// The sum over all ranks, bit for bit the same however the elements are distributed.
  @usableFromInline
  func reproducible(
    _ sums: ReproducibleSum<Expression.Element>,
    _ add: (inout ReproducibleSum<Expression.Element>, Span<Expression.Element>) -> Void
  ) throws(MPIError) -> Expression.Element.DotProduct {
    func partial(_ block: Span<Expression.Element>) -> ReproducibleSum<Expression.Element> {
      var part = sums
      add(&part, block)
      return part
    }
    let part = local(sums, { $0.merged(with: $1) }, partial)
    return try part.total(on: communicator)
  }
}

extension Placement {
  /// Which of this rank's elements it answers for in a reduction over all: its share, where there are copies.
  @inlinable
  var reductionRange: Range<Int> { distribution.replicaCount == 1 ? 0..<localCount : sharedRange }

  @usableFromInline
  var sharedRange: Range<Int> {
    guard let place = grid.coordinates else { return 0..<0 }
    return Blocks.evenRange(of: localCount, rank: distribution.replica(at: place), among: distribution.replicaCount)
  }
}

extension Communicator {
  /// The error of a result that is too large, which every rank has found.
  @usableFromInline
  func overflow() throws(MPIError) -> MPIError {
    try failTogether(.overflow, "The exact sum needs more than 128 bits.")
    return MPIError(MPIError.other, in: "sum", on: self, "overflow")
  }
}
