public import CMPI

extension Communicator {
  /// Collects one value from every rank at the root (`MPI_Gather`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Returns: At the root the values, by rank; elsewhere `nil`.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(_ value: Element, to root: Rank) throws(MPIError) -> [Element]? {
    try withUnsafePointer(to: value) { (value) throws(MPIError) in
      guard rank == root else {
        try gather(value, 1, into: nil, Element.self, root)
        return nil
      }
      return try made(size) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
        try gather(value, 1, into: result.baseAddress, Element.self, root)
      }
    }
  }

  /// Collects arrays of any lengths from all ranks at the root.
  ///
  /// Collective; gathers the lengths first (`MPI_Gather`, then `MPI_Gatherv`).
  ///
  /// - Returns: At the root the arrays, one after the other by rank; elsewhere `nil`.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(_ values: [Element], to root: Rank) throws(MPIError) -> [Element]? {
    let all = try gatherLengths(values.count, to: root)
    defer { release(all) }
    guard rank == root, Element.unitsPerValue == 1, all.end >= 0, cmpi_is_short(Int64(values.count)) else {
      return try gathered(values, rank == root ? blocks(of: all) : nil, to: root)
    }
    return try made(Int(all.end)) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      let type = try WireCount(1, of: Element.self).type
      let code = values.withUnsafeBufferPointer {
        cmpi_gatherv_classic(
          $0.baseAddress, CInt(truncatingIfNeeded: $0.count), result.baseAddress, all.blocks, all.blocks + size, type,
          root.value, handle)
      }
      try check(code, "MPI_Gatherv", self)
    }
  }

  /// The arrays at the root, of lengths that it knows; elsewhere `nil`.
  @inlinable @inline(never)
  final func gathered<Element: Datatype>(
    _ values: [Element], _ blocks: Blocks?, to root: Rank
  ) throws(MPIError) -> [Element]? {
    guard let blocks else {
      var nothing = MutableSpan<Element>()
      try values.withSpan { (span) throws(MPIError) in try gather(span, into: &nothing, blocks: nil, to: root) }
      return nil
    }
    return try filled(blocks.total) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try values.withSpan { (span) throws(MPIError) in try gather(span, into: &result, blocks: blocks, to: root) }
    }
  }

  /// Collects spans of the same length from all ranks in the root's buffer, without a copy (`MPI_Gather`).
  ///
  /// Collective; all ranks give as many values, and name the same root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: At the root room for the values of all ranks, by rank; elsewhere not looked at.
  ///   - root: Who gets them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root's buffer is not size × count values.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, to root: Rank
  ) throws(MPIError) {
    if rank == root, buffer.count != values.count &* size {
      throw lengthError(
        "MPI_Gather", "\(values.count) values from each of \(size) ranks do not fill \(buffer.count)")
    }
    try gather(values.rawPointer, values.count, into: buffer.rawPointer, Element.self, root)
  }

  @inlinable @inline(__always)
  final func gather<Element: Datatype>(
    _ given: UnsafeRawPointer?, _ count: Int, into data: UnsafeMutableRawPointer?, _: Element.Type, _ root: Rank
  ) throws(MPIError) {
    try callAtRoot(root, count, Element.self, "MPI_Gather") { part, root, handle in
      cmpi_gather(given, part.count, part.type, data, part.count, part.type, root, handle)
    }
  }

  /// Collects spans of different lengths from all ranks in the root's buffer, without a copy (`MPI_Gatherv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: What this rank gives.
  ///   - buffer: At the root where the values go; elsewhere not looked at.
  ///   - blocks: At the root where each rank's values go in the buffer; elsewhere not looked at and may be `nil`.
  ///   - root: Who gets them.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks?, to root: Rank
  ) throws(MPIError) {
    try gatherClassic(values, into: &buffer, to: root) { capacity, call in
      blocks?.lendNarrow(of: Element.self, in: capacity, self, call)
    } otherwise: { (buffer) throws(MPIError) in
      try gatherWide(values, into: &buffer, blocks, to: root)
    }
  }

  /// Collects spans of different lengths, as all ranks know them, in the root's buffer, without a copy (`MPI_Gatherv`).
  ///
  /// Collective; as `gather(_:into:blocks:to:)` of optional blocks, for blocks that are there on every rank.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, blocks: Blocks, to root: Rank
  ) throws(MPIError) {
    try gatherClassic(values, into: &buffer, to: root) { capacity, call in
      blocks.lendNarrow(of: Element.self, in: capacity, self, call)
    } otherwise: { (buffer) throws(MPIError) in
      try gatherWide(values, into: &buffer, blocks, to: root)
    }
  }

  /// Calls the classic procedure where it serves.
  ///
  /// - Parameters:
  ///   - lend: At the root lends the counts and offsets of the blocks to the call, if they are narrow.
  ///   - otherwise: Where it does not serve.
  @inlinable @inline(__always)
  final func gatherClassic<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, to root: Rank,
    lend: (_ capacity: Int, _ call: (UnsafePointer<CInt>, UnsafePointer<CInt>) -> CInt?) -> CInt?,
    otherwise: (inout MutableSpan<Element>) throws(MPIError) -> Void
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Gatherv"
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let (given, into) = (values.rawPointer, buffer.rawPointer)
    let isRoot = rank == root
    guard _fastPath(isRoot ? cmpi_is_short(wire.count) : cmpi_is_classic(wire.count, storedSize)) else {
      return try otherwise(&buffer)
    }
    let count = CInt(truncatingIfNeeded: wire.count)
    let code =
      isRoot
      ? lend(buffer.count) { counts, offsets in
        counts[root.index] == count
          ? cmpi_gatherv_classic(given, count, into, counts, offsets, wire.type, wireRoot, handle) : nil
      } : cmpi_gatherv_classic(given, count, nil, nil, nil, wire.type, wireRoot, handle)
    guard let code else { return try otherwise(&buffer) }
    try check(code, procedure, self)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @inlinable @inline(never)
  final func gatherWide<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, _ blocks: Blocks?, to root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Gatherv"
    try enter(procedure, self)
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(values.count, of: Element.self)
    let (given, into) = (values.rawPointer, buffer.rawPointer)
    let isRoot = rank == root
    var incoming = Blocks.none
    if isRoot {
      guard let blocks else { throw missingAtRoot(procedure) }
      incoming = try blocks.wire(of: Element.self, in: buffer.count, procedure, self)
      if blocks.counts[root.index] != values.count {
        throw lengthError(
          procedure, "the root gives \(values.count) values and its own block has \(blocks.counts[root.index])")
      }
    }
    let code = incoming.lend { counts, offsets in
      cmpi_gatherv(given, wire.count, wire.type, into, counts, offsets, wire.type, wireRoot, handle)
    }
    try check(code, procedure, self)
  }

  /// Collects the ranks' values in the root's buffer, where its own lie already (`MPI_Gather` with `MPI_IN_PLACE`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - buffer: At the root size × count values with its own at rank × count; elsewhere the count values to give.
  ///   - root: Who gets them.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(
    inPlace buffer: inout MutableSpan<Element>, to root: Rank
  ) throws(MPIError) {
    try gather(inPlace: buffer.rawPointer, buffer.count, Element.self, root)
  }

  /// Collects the ranks' values in the root's array; as `gather(inPlace:to:)`.
  @inlinable @inline(__always)
  public final func gather<Element: Datatype>(inPlace buffer: inout [Element], to root: Rank) throws(MPIError) {
    try buffer.lend { (data, count) throws(MPIError) in try gather(inPlace: data, count, Element.self, root) }
  }

  @inlinable @inline(__always)
  final func gather<Element: Datatype>(
    inPlace data: UnsafeMutableRawPointer?, _ count: Int, _: Element.Type, _ root: Rank
  ) throws(MPIError) {
    try callInParts(data, count, Element.self, at: root, "MPI_Gather") { data, part, root, handle in
      cmpi_gather(cmpi_in_place(), 0, part.type, data, part.count, part.type, root, handle)
    } elsewhere: { data, part, root, handle in
      cmpi_gather(data, part.count, part.type, nil, 0, part.type, root, handle)
    }
  }
}
