public import MPI

extension DistributedVector where Element: NumPyElement {
  /// Reads a `.npy` file, each rank its own part, at the same time.
  ///
  /// Collective. Arrays of any shape are read as the sequence of their elements in the order of the file. Agrees on
  /// success, and that all ranks see the same array (`MPI_Allreduce` twice).
  ///
  /// - Parameters:
  ///   - path: The name of the file, on a file system that all ranks share.
  ///   - communicator: The processes that share the elements.
  /// - Throws: `MPIError` on all ranks, agreed, with the ``NumPyError`` or ``DistributedArrayError`` underlying.
  public init(contentsOf path: String, on communicator: Communicator) throws(MPIError) {
    let (header, storage) = try communicator.agree {
      let file = try NumPyFile(path: path)
      let range = Blocks.evenRange(
        of: file.header.count, rank: communicator.rank.index, among: communicator.size)
      let storage = try ElementStorage<Element>(count: range.count) {
        (output: inout OutputSpan<Element>) throws(NumPyError) in
        try file.read(range, appendingTo: &output)
      }
      return (file.header, storage)
    }
    try communicator.requireSame(
      header.count, header.dataOffset, header.descriptor.isByteSwapped ? 1 : 0,
      orSay: "The ranks do not see the same file \(path). Put it on a file system that all hosts share.")
    self.init(evenly: header.count, on: communicator, storage)
  }

  /// Writes a `.npy` file, each rank its own part, at the same time.
  ///
  /// Collective; every rank gives the same arguments. The file appears under its name only when it is complete, and a
  /// failure on any rank leaves nothing behind: see ``NumPyFile/write(to:kind:shape:isFortranOrder:on:part:check:)``.
  ///
  /// - Parameters:
  ///   - path: The name of the file, on a file system that all ranks share; a file by that name is replaced.
  ///   - shape: The length of each dimension, whose product is the count; without it, the array has one dimension.
  ///   - isFortranOrder: Whether the elements are in an order in which the first index varies fastest.
  ///   - check: Looks at the file under the name it has before it is published, and may throw to prevent that.
  /// - Throws: `MPIError` on all ranks, agreed, with the ``NumPyError`` or the closure's error underlying.
  public func write(
    to path: String, shape: [Int]? = nil, isFortranOrder: Bool = false,
    check: (_ unfinishedPath: String) throws -> Void = { _ in }
  ) throws(MPIError) {
    let shape = shape ?? [count]
    if let shapeCount = NumPyHeader.elementCount(shape: shape), shapeCount != count {
      try communicator.failTogether(
        .lengthMismatch, "\(path): \(count) elements do not fill the shape \(shape), which has \(shapeCount).")
    }
    let even = try redistributed(to: .rows(checked: [count], among: communicator.size))
    try NumPyFile.write(
      to: path, kind: Element.numPyKind, shape: shape, isFortranOrder: isFortranOrder, on: communicator,
      part: { try $0.write(even.localElements, startingAt: even.localRange.lowerBound) }, check: check)
  }
}
