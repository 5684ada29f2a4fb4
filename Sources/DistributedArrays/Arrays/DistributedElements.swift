public import MPI

/// What vectors, matrices and arrays of any dimensions have in common: elements, spread over the ranks of a grid.
///
/// Conforming are ``DistributedVector``, ``DistributedMatrix`` and ``DistributedArray``, in all of which the elements of
/// a rank lie as one dense block, row by row. Methods that communicate say that they are collective: all ranks of the
/// communicator call them, also those beyond the grid, which have no elements. All others are local.
public protocol DistributedElements<Element>: ElementwiseExpression {
  /// How many dimensions all arrays of this type have; `nil` if any.
  static var dimensionCount: Int? { get }

  /// The same elements as an array of any number of dimensions; no copy.
  var array: DistributedArray<Element> { get set }

  /// The elements of an array that has the right number of dimensions; no copy.
  init(_ array: DistributedArray<Element>)
}

extension DistributedElements {
  /// The grid of processes that share the elements.
  @inlinable
  public var grid: ProcessGrid { array.grid }

  /// The processes that share the elements.
  @inlinable
  public var communicator: Communicator { array.grid.communicator }

  /// Which rank has what.
  @inlinable
  public var distribution: Distribution { array.distribution }

  /// The length of each axis.
  @inlinable
  public var shape: [Int] { array.distribution.shape }

  /// How many elements all ranks have together, each counted once.
  @inlinable
  public var count: Int { array.distribution.count }

  /// The global indices of each axis that this rank has.
  @inlinable
  public var localAxes: [AxisIndices] { array.localAxes }

  /// How many indices of each axis this rank has: the shape of its block.
  public var localShape: [Int] { array.localAxes.map(\.count) }

  /// How many elements are on this rank.
  @inlinable
  public var localCount: Int { array.storage.count }

  /// The elements on this rank, row by row, without a copy.
  @inlinable
  public var localElements: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = Span(_unsafeElements: UnsafeBufferPointer(array.storage.elements))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements on this rank, to be changed in place; copied first if another array shares them.
  ///
  /// Where the array is replicated, all copies of an element must be changed alike.
  @inlinable
  public var mutableLocalElements: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      array.makeUnique()
      let span = MutableSpan(_unsafeElements: array.storage.elements)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }
}

extension DistributedArray {
  /// Copies the elements if another array shares them.
  @inlinable
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = ElementStorage(copying: storage) }
  }
}
