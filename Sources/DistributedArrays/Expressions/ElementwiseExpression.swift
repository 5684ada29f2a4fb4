public import MPI

/// Something to be computed element by element from distributed arrays of one shape, such as `1.5 * x + y`.
///
/// Nothing is computed until the expression is evaluated, and then in one pass, without temporary arrays:
///
/// ```swift
/// let z = try DistributedVector(1.5 * x + y)         // a new vector
/// try z.assign(x.map { exp($0) } / y)                // into one that exists
/// let error = try (x - y).norm()                     // reduced, without any array of the differences
/// ```
///
/// The result has the distribution of the leftmost array; others that differ are redistributed when the expression is
/// evaluated. Evaluation is collective. Vectors, matrices and arrays are expressions themselves.
public protocol ElementwiseExpression<Element>: Sendable {
  /// The type of the elements.
  associatedtype Element: Datatype

  /// What computes the elements of one rank.
  associatedtype Kernel: ElementKernel<Element>

  /// Where the leftmost array has its elements; `nil` for a constant.
  var placement: Placement? { get }

  /// What computes the elements that a rank has of a distribution, on the processes of a grid.
  ///
  /// Collective: redistributes the arrays that are distributed otherwise.
  func kernel(for placement: Placement) throws(MPIError) -> Kernel
}

/// Where an array has its elements.
public struct Placement: Sendable {
  /// The processes that share them.
  public let grid: ProcessGrid
  /// Which rank has what.
  public let distribution: Distribution
  /// How many elements this rank has.
  @usableFromInline let localCount: Int

  @inlinable
  init<Element>(_ array: DistributedArray<Element>) {
    grid = array.grid
    distribution = array.distribution
    localCount = array.storage.count
  }
}

/// What computes a rank's elements of an expression, each from its local position.
public protocol ElementKernel<Element> {
  /// The type of the elements.
  associatedtype Element

  /// The element at a local position.
  subscript(position: Int) -> Element { get }

  /// Gives the elements of a range to a function, one block after the other, and combines what it makes of them.
  func reduce<Result>(
    _ range: Range<Int>, _ combine: (Result, Result) -> Result, _ block: (Span<Element>) -> Result
  ) -> Result
}

extension ElementKernel {
  /// Computes blocks that stay in the cache, and combines what is made of them in pairs.
  @inlinable
  public func reduce<Result>(
    _ range: Range<Int>, _ combine: (Result, Result) -> Result, _ block: (Span<Element>) -> Result
  ) -> Result {
    let blockLength = 2048
    return withUnsafeTemporaryAllocation(of: Element.self, capacity: min(range.count, blockLength)) { buffer in
      var partials: [Result?] = []
      var start = range.lowerBound
      repeat {
        let end = min(start + blockLength, range.upperBound)
        for position in start..<end { (buffer.baseAddress! + (position &- start)).initialize(to: self[position]) }
        var result = block(Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[..<(end - start)])))
        start = end
        // As in a binary counter: results of equally many blocks are combined.
        var level = 0
        while level < partials.count, let partial = partials[level] {
          result = combine(partial, result)
          partials[level] = nil
          level += 1
        }
        if level == partials.count { partials.append(result) } else { partials[level] = result }
      } while start < range.upperBound
      let rest = partials.compactMap { $0 }
      return rest.dropLast().reversed().reduce(rest[rest.count - 1], combine)
    }
  }
}

/// The elements of a rank as they lie in memory.
public struct StoredElements<Element: Datatype>: ElementKernel {
  @usableFromInline let start: UnsafeMutablePointer<Element>
  @usableFromInline let storage: ElementStorage<Element>

  @inlinable
  init(_ storage: ElementStorage<Element>) {
    self.storage = storage
    start = storage.start
  }

  /// The element at a local position.
  @inlinable @inline(__always)
  public subscript(position: Int) -> Element { start[position] }

  /// All elements at once, where they lie.
  @inlinable
  public func reduce<Result>(
    _ range: Range<Int>, _ combine: (Result, Result) -> Result, _ block: (Span<Element>) -> Result
  ) -> Result {
    withExtendedLifetime(storage) {
      block(Span(_unsafeElements: UnsafeBufferPointer(rebasing: storage.elements[range])))
    }
  }
}

extension DistributedElements {
  /// Where the elements are.
  @inlinable
  public var placement: Placement? { Placement(array) }

  /// The elements, redistributed if they are elsewhere.
  @inlinable
  public func kernel(for placement: Placement) throws(MPIError) -> StoredElements<Element> {
    try stored(for: placement)
  }

  /// The elements, redistributed if they are elsewhere.
  @inlinable
  func stored(for placement: Placement) throws(MPIError) -> StoredElements<Element> {
    if array.distribution == placement.distribution, array.grid.communicator === placement.grid.communicator {
      return StoredElements(array.storage)
    }
    return StoredElements(try array.redistributed(to: placement).storage)
  }
}

extension DistributedArray {
  /// The elements where those of another array are.
  @usableFromInline
  func redistributed(to placement: Placement) throws(MPIError) -> DistributedArray {
    try requireSameShape(placement)
    return try redistributed(to: placement.distribution)
  }

  /// Checks that the elements of another array are as many and on the same processes; all ranks come to one verdict.
  @usableFromInline
  func requireSameShape(_ other: Placement) throws(MPIError) {
    let communicator = other.grid.communicator
    if shape != other.distribution.shape {
      if shape.count == 1 && other.distribution.shape.count == 1 {
        try communicator.failTogether(
          .lengthMismatch, "The vectors have different lengths: \(other.distribution.count) and \(count).")
      }
      try communicator.failTogether(
        .shapeMismatch,
        "The arrays have different shapes: \(NumPyHeader.tuple(other.distribution.shape)) and "
          + "\(NumPyHeader.tuple(shape)).")
    }
    if communicator === self.communicator { return }
    switch try communicator.compare(to: self.communicator) {
    case .identical, .congruent: return
    default:
      try communicator.failTogether(
        .communicatorMismatch,
        "The arrays are spread over different processes, or over the same in another order.")
    }
  }
}
