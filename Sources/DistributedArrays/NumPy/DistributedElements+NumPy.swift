public import MPI

extension DistributedElements where Element: NumPyElement {
  /// Reads a `.npy` file in any order, each rank its own part, at the same time.
  ///
  /// Collective. Where a rank's part lies in long stretches of the file it is read from there; else all ranks read even
  /// parts of the file and exchange them. Agrees on success, and that all ranks see the same array (`MPI_Allreduce`
  /// twice).
  ///
  /// - Parameters:
  ///   - path: The name of the file, on a file system that all ranks share.
  ///   - communicator: The processes that share the elements.
  ///   - distribution: Makes the distribution of an array of the shape that the file has; local, the same on every rank.
  /// - Throws: `MPIError` on all ranks, agreed, with the ``NumPyError`` or ``DistributedArrayError`` underlying:
  ///   of code ``DistributedArrayError/Code/shapeMismatch`` for another number of dimensions,
  ///   ``DistributedArrayError/Code/memory``, or what the closure throws.
  public init(
    contentsOf path: String, on communicator: Communicator,
    as distribution: (_ shape: [Int]) throws -> Distribution
  ) throws(MPIError) {
    self.init(try DistributedArray(reading: path, communicator, Self.dimensionCount, distribution))
  }

  /// Reads a `.npy` file in even blocks: each axis is divided by the grid's dimension of the same number.
  ///
  /// Collective, as ``init(contentsOf:on:as:)``.
  public init(contentsOf path: String, on grid: ProcessGrid) throws(MPIError) {
    self.init(
      try DistributedArray(reading: path, grid.communicator, Self.dimensionCount) {
        try Distribution.blocks($0, grid: grid.extents)
      }.on(grid))
  }

  /// Writes a `.npy` file, each rank its own part, at the same time, from any distribution.
  ///
  /// Collective; every rank gives the same arguments. What several ranks have is written once. Where a rank's part lies in
  /// short pieces of the file, the ranks exchange them for even parts first. The file appears under its name only when it
  /// is complete: see ``NumPyFile/write(to:kind:shape:isFortranOrder:on:part:check:)``.
  ///
  /// - Parameters:
  ///   - path: The name of the file, on a file system that all ranks share; a file by that name is replaced.
  ///   - isFortranOrder: Whether the first index varies fastest in the file.
  /// - Throws: `MPIError` on all ranks, agreed, with the ``NumPyError`` or ``DistributedArrayError`` underlying.
  public func write(to path: String, isFortranOrder: Bool = false) throws(MPIError) {
    // A column-major file of an array is a row-major one of its transpose.
    var inOrder = isFortranOrder ? try array.transposed() : array
    let size = MemoryLayout<Element>.stride
    if !inOrder.distribution.isInLongStretches(elementSize: size) {
      inOrder = try inOrder.redistributed(to: .rows(checked: inOrder.shape, among: communicator.size))
    }
    let source = inOrder
    try NumPyFile.write(
      to: path, kind: Element.numPyKind, shape: shape, isFortranOrder: isFortranOrder, on: communicator,
      part: { writer in
        guard let place = source.grid.coordinates, source.distribution.replica(at: place) == 0 else { return }
        var done = 0
        for range in source.stretches {
          let elements = Span(
            _unsafeElements: UnsafeBufferPointer(rebasing: source.storage.elements[done..<done + range.count]))
          try writer.write(elements, startingAt: range.lowerBound)
          done += range.count
        }
      })
  }
}

extension DistributedArray where Element: NumPyElement {
  /// Reads a file, each rank its own part.
  fileprivate init(
    reading path: String, _ communicator: Communicator, _ dimensions: Int?,
    _ makeDistribution: (_ shape: [Int]) throws -> Distribution
  ) throws(MPIError) {
    let (header, distribution) = try communicator.agree {
      let file = try NumPyFile(path: path)
      try file.header.check(Element.self, path: path)
      let shape = file.header.shape
      guard dimensions == nil ? !shape.isEmpty : shape.count == dimensions else {
        throw DistributedArrayError(
          .shapeMismatch,
          "\(path): an array of shape \(NumPyHeader.tuple(shape)) is not one of "
            + "\(dimensions.map { "\($0)" } ?? "1 or more") dimensions.")
      }
      let distribution = try makeDistribution(shape)
      guard distribution.shape == shape else {
        throw DistributedArrayError(
          .shapeMismatch,
          "\(path): an array of shape \(NumPyHeader.tuple(shape)) cannot be distributed as "
            + "\(distribution).")
      }
      return (file.header, distribution)
    }
    try communicator.requireSame(
      header.count, header.dataOffset, header.shape[0],
      orSay: "The ranks do not see the same file \(path). Put it on a file system that all hosts share.")
    let wanted = header.isFortranOrder ? distribution.transposed : distribution
    let isDirect = wanted.isInLongStretches(elementSize: MemoryLayout<Element>.stride)
    let stretches = isDirect ? wanted : .rows(checked: wanted.shape, among: communicator.size)
    let array = try DistributedArray.allocated(stretches, on: communicator)
    try communicator.agree {
      let file = try NumPyFile(path: path)
      guard file.header == header else {
        throw DistributedArrayError(.differentOnRanks, "\(path) has changed while it was read.")
      }
      var done = 0
      for range in array.stretches {
        let part = UnsafeMutableBufferPointer(rebasing: array.storage.elements[done..<done + range.count])
        var elements = MutableSpan(_unsafeElements: part)
        try file.read(into: &elements, startingAt: range.lowerBound)
        done += range.count
      }
    }
    let inOrder = try array.redistributed(to: wanted)
    self = header.isFortranOrder ? try inOrder.transposed() : inOrder
  }
}

extension Distribution {
  /// Even blocks of the first axis, of a shape that was checked.
  static func rows(checked shape: [Int], among size: Int) -> Distribution {
    Distribution(checked: shape, grid: [size], shape.indices.map { $0 == 0 ? [.block(over: 0)] : [] })
  }

  /// Whether every rank's elements lie in stretches of some kilobytes, in a file row by row; the same on every rank.
  func isInLongStretches(elementSize: Int) -> Bool {
    var size = elementSize
    for axis in shape.indices.reversed() {
      let parts = (0..<partCount(ofAxis: axis)).map { axisIndices(axis, part: $0) }
      if parts.allSatisfy({ $0.count == shape[axis] }) {
        size *= max(shape[axis], 1)
        continue
      }
      return parts.allSatisfy { part in
        part.ranges.allSatisfy { $0.count * size >= 4096 } || part.range != nil && axis == 0
      }
    }
    return true
  }
}
