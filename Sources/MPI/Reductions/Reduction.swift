public import CMPI

/// How two values become one, in `allReduce(_:_:)` and its relatives.
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
  @inlinable
  public init<Failure: Error>(
    isCommutative: Bool = false,
    _ combine: @escaping @Sendable (_ left: Element, _ right: Element) throws(Failure) -> Element
  ) {
    operation = cmpi_op_sum()
    let mayThrow = Failure.self != Never.self
    closure = ReductionClosure(
      isCommutative: isCommutative, mayThrow: mayThrow,
      loop: mayThrow ? Self.checkedLoop(combine) : Self.plainLoop(combine))
  }

  @inlinable
  static func plainLoop<Failure: Error>(
    _ combine: @escaping @Sendable (Element, Element) throws(Failure) -> Element
  ) -> ReductionClosure<Element>.Loop {
    { left, both, count in
      let left = left.assumingMemoryBound(to: Element.self)
      let both = both.assumingMemoryBound(to: Element.self)
      do throws(Failure) {
        for index in 0..<count { both[index] = try combine(left[index], both[index]) }
        return nil
      } catch {
        return error
      }
    }
  }

  @inlinable
  static func checkedLoop<Failure: Error>(
    _ combine: @escaping @Sendable (Element, Element) throws(Failure) -> Element
  ) -> ReductionClosure<Element>.Loop {
    { left, both, count in
      let left = left.assumingMemoryBound(to: CheckedValue<Element>.self)
      let both = both.assumingMemoryBound(to: CheckedValue<Element>.self)
      var failure: (any Error)?
      for index in 0..<count {
        guard !left[index].isFailed, !both[index].isFailed else {
          both[index].isFailed = true
          continue
        }
        do throws(Failure) {
          both[index].value = try combine(left[index].value, both[index].value)
        } catch {
          both[index].isFailed = true
          failure = failure ?? error
        }
      }
      return failure
    }
  }
}
