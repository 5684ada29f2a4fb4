public import CMPI

/// How two values become one, in ``Communicator/allReduce(_:_:)-(Element,_)`` and its relatives.
///
/// Predefined are ``sum``, ``product``, ``minimum``, ``maximum``, ``minimumLocation``, ``maximumLocation``,
/// ``bitwiseAnd``, ``bitwiseOr``, ``bitwiseXor``, ``logicalAnd``, ``logicalOr``, ``logicalXor``, each for the elements
/// that support it; any other is a closure: `Reduction(isCommutative: true) { $0.merging($1) }`.
@frozen
public struct Reduction<Element: Datatype>: @unchecked Sendable {
  @usableFromInline let operation: CMPI_Op
  @usableFromInline let closure: ReductionClosure<Element>?

  @inlinable
  init(predefined operation: CMPI_Op) {
    self.operation = operation
    closure = nil
  }

  /// A reduction by a closure, which may capture what it needs (`MPI_Op_create`).
  ///
  /// MPI may group the values in any way, but keeps their order unless `isCommutative` says that it does not matter. An
  /// error thrown by the closure comes out of the call on every rank that gets a result built on the failed value.
  ///
  /// - Parameters:
  ///   - isCommutative: Whether the order of the two values does not matter; `true` lets MPI choose faster algorithms.
  ///   - combine: Makes one value of two, the left one from lower ranks. Must be associative.
  public init(
    isCommutative: Bool = false, _ combine: @escaping @Sendable (_ left: Element, _ right: Element) throws -> Element
  ) {
    operation = cmpi_op_sum()
    closure = ReductionClosure(isCommutative: isCommutative, combine)
  }
}
