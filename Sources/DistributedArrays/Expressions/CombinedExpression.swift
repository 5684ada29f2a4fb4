public import MPI

/// One number in place of every element.
public struct ConstantExpression<Element: Datatype>: ElementwiseExpression, ElementKernel {
  @usableFromInline let value: Element

  @inlinable
  init(_ value: Element) { self.value = value }

  /// Nowhere in particular.
  @inlinable
  public var placement: Placement? { nil }

  /// The same.
  @inlinable
  public func kernel(for placement: Placement) -> Self { self }

  /// The number.
  @inlinable @inline(__always)
  public subscript(position: Int) -> Element { value }
}

/// What is made of two elements.
public protocol ElementOperation<Element>: Sendable {
  /// The type of both and of the result.
  associatedtype Element: Datatype

  /// The result.
  static func apply(_ a: Element, _ b: Element) -> Element
}

/// a + b of each two elements.
public enum Addition<Element: ArrayElement>: ElementOperation {
  /// a + b.
  @inlinable @inline(__always)
  public static func apply(_ a: Element, _ b: Element) -> Element { .added(a, b) }
}

/// a - b of each two elements.
public enum Subtraction<Element: ArrayElement>: ElementOperation {
  /// a - b.
  @inlinable @inline(__always)
  public static func apply(_ a: Element, _ b: Element) -> Element { .subtracted(a, b) }
}

/// a · b of each two elements.
public enum Multiplication<Element: ArrayElement>: ElementOperation {
  /// a · b.
  @inlinable @inline(__always)
  public static func apply(_ a: Element, _ b: Element) -> Element { .multiplied(a, b) }
}

/// a ÷ b of each two elements.
public enum Division<Element: ArrayElement>: ElementOperation {
  /// a ÷ b.
  @inlinable @inline(__always)
  public static func apply(_ a: Element, _ b: Element) -> Element { .divided(a, b) }
}

/// An operation on each two elements of two expressions.
public struct CombinedExpression<
  Operation: ElementOperation, Left: ElementwiseExpression<Operation.Element>,
  Right: ElementwiseExpression<Operation.Element>
>: ElementwiseExpression {
  @usableFromInline let left: Left
  @usableFromInline let right: Right

  @inlinable
  init(_ left: Left, _ right: Right) {
    self.left = left
    self.right = right
  }

  /// Where the leftmost array is.
  @inlinable
  public var placement: Placement? { left.placement ?? right.placement }

  /// Both sides, each where the elements shall be.
  @inlinable
  public func kernel(for placement: Placement) throws(MPIError) -> Kernel {
    Kernel(left: try left.kernel(for: placement), right: try right.kernel(for: placement))
  }

  /// Computes the elements of one rank.
  public struct Kernel: ElementKernel {
    @usableFromInline let left: Left.Kernel
    @usableFromInline let right: Right.Kernel

    @inlinable
    init(left: Left.Kernel, right: Right.Kernel) {
      self.left = left
      self.right = right
    }

    /// The element at a local position.
    @inlinable @inline(__always)
    public subscript(position: Int) -> Operation.Element { Operation.apply(left[position], right[position]) }
  }
}

extension ElementwiseExpression where Element: ArrayElement {
  /// The sums of the elements.
  @inlinable
  public static func + <Other: ElementwiseExpression<Element>>(
    a: Self, b: Other
  ) -> CombinedExpression<Addition<Element>, Self, Other> { .init(a, b) }

  /// Each element and a number, added.
  @inlinable
  public static func + (
    a: Self, b: Element
  ) -> CombinedExpression<Addition<Element>, Self, ConstantExpression<Element>> { .init(a, .init(b)) }

  /// A number and each element, added.
  @inlinable
  public static func + (
    a: Element, b: Self
  ) -> CombinedExpression<Addition<Element>, ConstantExpression<Element>, Self> { .init(.init(a), b) }

  /// The differences of the elements.
  @inlinable
  public static func - <Other: ElementwiseExpression<Element>>(
    a: Self, b: Other
  ) -> CombinedExpression<Subtraction<Element>, Self, Other> { .init(a, b) }

  /// Each element less a number.
  @inlinable
  public static func - (
    a: Self, b: Element
  ) -> CombinedExpression<Subtraction<Element>, Self, ConstantExpression<Element>> { .init(a, .init(b)) }

  /// A number less each element.
  @inlinable
  public static func - (
    a: Element, b: Self
  ) -> CombinedExpression<Subtraction<Element>, ConstantExpression<Element>, Self> { .init(.init(a), b) }

  /// The products of the elements; of matrices too, whose product is `multiplied(by:)`.
  @inlinable
  public static func * <Other: ElementwiseExpression<Element>>(
    a: Self, b: Other
  ) -> CombinedExpression<Multiplication<Element>, Self, Other> { .init(a, b) }

  /// Each element times a number.
  @inlinable
  public static func * (
    a: Self, b: Element
  ) -> CombinedExpression<Multiplication<Element>, Self, ConstantExpression<Element>> { .init(a, .init(b)) }

  /// A number times each element.
  @inlinable
  public static func * (
    a: Element, b: Self
  ) -> CombinedExpression<Multiplication<Element>, ConstantExpression<Element>, Self> { .init(.init(a), b) }

  /// The quotients of the elements.
  @inlinable
  public static func / <Other: ElementwiseExpression<Element>>(
    a: Self, b: Other
  ) -> CombinedExpression<Division<Element>, Self, Other> { .init(a, b) }

  /// Each element divided by a number.
  @inlinable
  public static func / (
    a: Self, b: Element
  ) -> CombinedExpression<Division<Element>, Self, ConstantExpression<Element>> { .init(a, .init(b)) }

  /// A number divided by each element.
  @inlinable
  public static func / (
    a: Element, b: Self
  ) -> CombinedExpression<Division<Element>, ConstantExpression<Element>, Self> { .init(.init(a), b) }

  /// The elements with the opposite sign.
  @inlinable
  public static prefix func - (
    a: Self
  ) -> CombinedExpression<Subtraction<Element>, ConstantExpression<Element>, Self> { .init(.init(.zero), a) }
}
