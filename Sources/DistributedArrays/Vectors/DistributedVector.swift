public import MPI

/// A vector whose elements are spread over the ranks of a communicator in even blocks.
///
/// Rank r holds the elements of `Blocks.evenRange(of: count, rank: r, among: size)`, one after the other, and no others:
/// the first ranks have one more where it does not come out, and ranks beyond the number of elements have none.
///
/// ```swift
/// let x = try DistributedVector<Double>(contentsOf: "x.npy", on: world)      // each rank reads its own part
/// let y = try DistributedVector<Double>(count: x.count, on: world) { index in 1 / Double(index + 1) }
/// let sum = try x.dot(y)                                                     // one MPI_Allreduce
/// try x.multiplied(by: y).write(to: "products.npy")                          // each rank writes its own part
/// ```
///
/// A value: copies share their memory until one of them is written. Methods that communicate say that they are
/// collective; all others are local.
public struct DistributedVector<Element: Datatype>: Sendable {
  /// The processes that share the elements.
  public let communicator: Communicator

  /// How many elements all ranks have together.
  public let count: Int

  @usableFromInline var storage: ElementStorage<Element>

  @inlinable
  init(communicator: Communicator, count: Int, storage: ElementStorage<Element>) {
    self.communicator = communicator
    self.count = count
    self.storage = storage
  }
}

extension DistributedVector {
  /// The global indices of the elements that are on this rank.
  @inlinable
  public var localRange: Range<Int> { range(of: communicator.rank) }

  /// The global indices of the elements that are on some rank.
  @inlinable
  public func range(of rank: Rank) -> Range<Int> {
    Blocks.evenRange(of: count, rank: rank.index, among: communicator.size)
  }

  /// The rank that has an element.
  ///
  /// - Parameter index: A global index, from 0 to the count - 1.
  public func owner(of index: Int) -> Rank {
    precondition((0..<count).contains(index), "element \(index) of a vector of \(count)")
    let (each, rest) = count.quotientAndRemainder(dividingBy: communicator.size)
    let inLonger = rest * (each + 1)
    return Rank(index < inLonger ? index / (each + 1) : rest + (index - inLonger) / each)
  }

  /// The elements on this rank, in order, without a copy.
  @inlinable
  public var localElements: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = Span(_unsafeElements: UnsafeBufferPointer(storage.elements))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements on this rank, to be changed in place; copied first if another vector shares them.
  @inlinable
  public var mutableLocalElements: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      if !isKnownUniquelyReferenced(&storage) { storage = ElementStorage(copying: storage) }
      let span = MutableSpan(_unsafeElements: storage.elements)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }
}

extension DistributedVector: CustomStringConvertible {
  /// The element type, the length and the part that is here, for example `Double vector of 10, 3..<6 on rank 1 of 3`.
  public var description: String {
    "\(Element.self) vector of \(count), \(localRange) on rank \(communicator.rank) of \(communicator.size)"
  }
}
