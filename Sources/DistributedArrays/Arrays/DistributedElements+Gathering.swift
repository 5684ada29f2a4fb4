public import MPI

extension DistributedElements {
  /// An array of the elements that one rank has.
  ///
  /// Collective; every rank gives the same distribution and root. Agrees (`MPI_Allreduce`) that the root has them, then
  /// sends each rank its part, one message each; see ``DistributedElements/redistributed(to:)``.
  ///
  /// - Parameters:
  ///   - elements: All elements at the root, row by row; elsewhere not looked at and may be `nil`.
  ///   - root: Who has them.
  ///   - distribution: Who shall have what, of which shape.
  ///   - communicator: The processes that share the elements.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying, of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` when the root gives `nil` or another number of elements.
  public init(
    scattering elements: [Element]?, from root: Rank = 0, as distribution: Distribution, on communicator: Communicator
  ) throws(MPIError) {
    try communicator.requirePlaces(for: distribution)
    try communicator.agree {
      guard communicator.rank == root, elements?.count != distribution.count else { return }
      throw DistributedArrayError(
        .shapeMismatch,
        "The root, rank \(root), gave \(elements?.count.description ?? "nil instead of the") elements; "
          + "the shape \(NumPyHeader.tuple(distribution.shape)) has \(distribution.count).")
    }
    let there = try DistributedArray<Element>.allocated(
      .onOneRank(distribution.shape, root, among: communicator.size), on: communicator)
    if communicator.rank == root, let elements { _ = there.storage.elements.initialize(from: elements) }
    self.init(try there.redistributed(to: distribution))
  }

  /// All elements on one rank.
  ///
  /// Collective; each rank sends its part, one message each. The root needs memory for all.
  ///
  /// - Returns: At the root the elements, row by row; elsewhere `nil`.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying, of code
  ///   ``DistributedArrayError/Code/memory`` where they do not fit.
  public func gathered(to root: Rank = 0) throws(MPIError) -> [Element]? {
    let there = try array.redistributed(to: .onOneRank(shape, root, among: communicator.size))
    return communicator.rank == root ? there.storage.copied() : nil
  }

  /// All elements on every rank, row by row.
  ///
  /// Collective; each rank sends its part to all others.
  public func gatheredEverywhere() throws(MPIError) -> [Element] {
    let all = Distribution(checked: shape, grid: [communicator.size], shape.map { _ in [] })
    return try array.redistributed(to: all).storage.copied()
  }
}

extension Distribution {
  /// The whole array on one rank of some.
  static func onOneRank(_ shape: [Int], _ root: Rank, among size: Int) -> Distribution {
    let lengths = (0..<size).map { $0 == root.index ? shape[0] : 0 }
    return Distribution(
      checked: shape, grid: [size], shape.indices.map { $0 == 0 ? [.blocks(lengths: lengths, over: 0)] : [] })
  }
}
