extension Distribution {
  /// ScaLAPACK's array descriptor of a matrix (`DESC_`, ScaLAPACK Users' Guide, §4.3.3), for its column-major blocks.
  ///
  /// - Parameter context: The BLACS context of a row-major grid of the same extents.
  /// - Returns: `DTYPE, CTXT, M, N, MB, NB, RSRC, CSRC, LLD`, the last one the least leading dimension for this rank's
  ///   part stored column by column; `nil` if the matrix is not distributed as ScaLAPACK can, or is too large for it.
  /// - Parameter rowsHere: How many rows this rank has.
  public func scaLAPACKDescriptor(context: Int32, rowsHere: Int) -> [Int32]? {
    guard shape.count == 2, let rowBlock = scaLAPACKBlock(axis: 0), let columnBlock = scaLAPACKBlock(axis: 1) else {
      return nil
    }
    let numbers = [1, Int(context), shape[0], shape[1], rowBlock, columnBlock, 0, 0, max(rowsHere, 1)]
    let descriptor = numbers.compactMap(Int32.init(exactly:))
    return descriptor.count == numbers.count ? descriptor : nil
  }

  /// The length of the blocks that are dealt out along an axis by the dimension of the same number; `nil` for others.
  private func scaLAPACKBlock(axis: Int) -> Int? {
    guard gridExtents.count == 2, divisions[axis].count <= 1 else { return nil }
    let extent = gridExtents[axis]
    guard let division = divisions[axis].first else { return extent == 1 ? max(shape[axis], 1) : nil }
    guard division.dimension == axis else { return nil }
    switch division.partition {
    case .blockCyclic(let length): return length
    case .block: return extent == 1 || shape[axis] % extent == 0 ? max(shape[axis] / extent, 1) : nil
    case .blocks(let lengths):
      // All of one length but the last ones, which may be shorter or empty.
      let length = max(lengths.first ?? 1, 1)
      let even = lengths.indices.map { min(max(shape[axis] - $0 * length, 0), length) }
      return even == lengths ? length : nil
    }
  }
}
