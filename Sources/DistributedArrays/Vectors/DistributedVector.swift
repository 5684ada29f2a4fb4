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
/// Other distributions than even blocks are as welcome: `init(as:on:_:)`, `redistributed(to:)`. A value: copies share their
/// memory until one of them is written. What all distributed arrays can do is said at ``DistributedElements``.
public struct DistributedVector<Element: Datatype>: DistributedElements {
  /// One.
  public static var dimensionCount: Int? { 1 }

  /// The same elements as an array of one dimension.
  public var array: DistributedArray<Element> {
    didSet { precondition(array.distribution.shape.count == 1, "a vector of shape \(array.distribution.shape)") }
  }

  /// The elements of an array of one dimension.
  public init(_ array: DistributedArray<Element>) {
    precondition(array.distribution.shape.count == 1, "a vector of shape \(array.distribution.shape)")
    self.array = array
  }
}

extension DistributedVector {
  /// The global indices of the elements that are on this rank.
  @inlinable
  public var localIndices: AxisIndices { array.localAxes[0] }

  /// The global indices of the elements that are on this rank, where they follow each other: as in even blocks.
  public var localRange: Range<Int> { Self.range(localIndices) }

  /// The global indices of the elements that are on some rank, where they follow each other.
  public func range(of rank: Rank) -> Range<Int> { Self.range(distribution.localAxes(of: rank)[0]) }

  private static func range(_ indices: AxisIndices) -> Range<Int> {
    guard let range = indices.range else {
      preconditionFailure("\(indices) do not follow each other: use localIndices")
    }
    return range
  }

  /// The rank that has an element; the first of them if there are copies.
  ///
  /// - Parameter index: A global index, from 0 to the count - 1.
  public func owner(of index: Int) -> Rank { distribution.owner(of: [index]) }
}

extension DistributedVector: CustomStringConvertible {
  /// The element type, the length and the part that is here, for example `Double vector of 10, 3..<6 on rank 1 of 3`.
  public var description: String {
    "\(Element.self) vector of \(count), \(localIndices.range.map(String.init) ?? localIndices.description) on rank \(communicator.rank) of \(communicator.size)"
  }
}
