public import MPI

/// A function of each element of an expression.
public struct MappedExpression<Base: ElementwiseExpression, Element: Datatype>: ElementwiseExpression {
  @usableFromInline let base: Base
  @usableFromInline let transform: @Sendable (Base.Element) -> Element

  @inlinable
  init(_ base: Base, _ transform: @escaping @Sendable (Base.Element) -> Element) {
    self.base = base
    self.transform = transform
  }

  /// Where the leftmost array is.
  @inlinable
  public var placement: Placement? { base.placement }

  /// The function, after what it is of.
  @inlinable
  public func kernel(for placement: Placement) throws(MPIError) -> Kernel {
    Kernel(base: try base.kernel(for: placement), transform: transform)
  }

  /// Computes the elements of one rank.
  public struct Kernel: ElementKernel {
    @usableFromInline let base: Base.Kernel
    @usableFromInline let transform: @Sendable (Base.Element) -> Element

    @inlinable
    init(base: Base.Kernel, transform: @escaping @Sendable (Base.Element) -> Element) {
      self.base = base
      self.transform = transform
    }

    /// The element at a local position.
    @inlinable @inline(__always)
    public subscript(position: Int) -> Element { transform(base[position]) }
  }
}

/// A function of each two elements of two expressions.
public struct ZippedExpression<
  Left: ElementwiseExpression, Right: ElementwiseExpression, Element: Datatype
>: ElementwiseExpression {
  @usableFromInline let left: Left
  @usableFromInline let right: Right
  @usableFromInline let transform: @Sendable (Left.Element, Right.Element) -> Element

  @inlinable
  init(_ left: Left, _ right: Right, _ transform: @escaping @Sendable (Left.Element, Right.Element) -> Element) {
    self.left = left
    self.right = right
    self.transform = transform
  }

  /// Where the leftmost array is.
  @inlinable
  public var placement: Placement? { left.placement ?? right.placement }

  /// The function, after what it is of.
  @inlinable
  public func kernel(for placement: Placement) throws(MPIError) -> Kernel {
    Kernel(
      left: try left.kernel(for: placement), right: try right.kernel(for: placement), transform: transform)
  }

  /// Computes the elements of one rank.
  public struct Kernel: ElementKernel {
    @usableFromInline let left: Left.Kernel
    @usableFromInline let right: Right.Kernel
    @usableFromInline let transform: @Sendable (Left.Element, Right.Element) -> Element

    @inlinable
    init(
      left: Left.Kernel, right: Right.Kernel,
      transform: @escaping @Sendable (Left.Element, Right.Element) -> Element
    ) {
      self.left = left
      self.right = right
      self.transform = transform
    }

    /// The element at a local position.
    @inlinable @inline(__always)
    public subscript(position: Int) -> Element { transform(left[position], right[position]) }
  }
}

extension ElementwiseExpression {
  /// A function of each element, computed when the expression is evaluated.
  ///
  /// - Parameter transform: Makes the new element; called once for each element on the rank that has it, and once more
  ///   for each copy of a replicated one.
  @inlinable
  public func map<Result: Datatype>(
    _ transform: @escaping @Sendable (Element) -> Result
  ) -> MappedExpression<Self, Result> { MappedExpression(self, transform) }

  /// A function of each element and the one of another expression with the same index.
  ///
  /// - Parameters:
  ///   - other: As many elements, of any type.
  ///   - transform: Makes the new element.
  @inlinable
  public func zip<Other: ElementwiseExpression, Result: Datatype>(
    _ other: Other, _ transform: @escaping @Sendable (Element, Other.Element) -> Result
  ) -> ZippedExpression<Self, Other, Result> { ZippedExpression(self, other, transform) }
}
