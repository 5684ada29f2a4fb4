public import CMPI

extension Communicator {
  /// Divides an array of the root among all ranks, as evenly as possible.
  ///
  /// Collective; sends the length first (`MPI_Bcast`, then `MPI_Scatter`, or `MPI_Scatterv` where the length does not
  /// divide: the first ranks get one value more then, see ``Blocks/even(_:among:)``).
  ///
  /// - Parameters:
  ///   - values: The array at the root; elsewhere it is not looked at and may be `nil`.
  ///   - root: Who gives it.
  /// - Returns: This rank's part.
  /// - Throws: ``MPIError`` of class ``MPIError/rootBuffer`` at a root that gives `nil`.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(_ values: [Element]?, from root: Rank) throws(MPIError) -> [Element] {
    if rank == root, values == nil { throw missingAtRoot("MPI_Scatterv") }
    let total = try broadcastLength(values?.count ?? 0, from: root)
    guard let each = wholePart(of: total) else { return try scatteredUnevenly(values, total, from: root) }
    return try made(each) { (result: UnsafeMutableBufferPointer<Element>) throws(MPIError) in
      guard rank == root, let values else {
        return try scatter(nil, result.count, into: result.baseAddress, Element.self, root)
      }
      try values.withUnsafeBufferPointer { (given) throws(MPIError) in
        try scatter(given.baseAddress, result.count, into: result.baseAddress, Element.self, root)
      }
    }
  }

  /// The parts of a length that does not divide.
  @inlinable @inline(never)
  final func scatteredUnevenly<Element: Datatype>(
    _ values: [Element]?, _ total: Int, from root: Rank
  ) throws(MPIError) -> [Element] {
    let mine = Blocks.evenRange(of: total, rank: rank.index, among: size)
    let blocks = rank == root ? Blocks.even(total, among: size) : nil
    return try filled(mine.count) { (result: inout MutableSpan<Element>) throws(MPIError) in
      try (values ?? []).withSpan { (span) throws(MPIError) in
        try scatter(span, blocks: blocks, into: &result, from: root)
      }
    }
  }

  /// Gives each rank an array of its own, of any length.
  ///
  /// Collective; sends the lengths first (`MPI_Scatter`, then `MPI_Scatterv`).
  ///
  /// - Parameters:
  ///   - arrays: At the root one array for each rank; elsewhere not looked at and may be `nil`.
  ///   - root: Who gives them.
  /// - Returns: This rank's array.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` at a root that does not give one array for each rank.
  @inlinable
  public final func scatter<Element: Datatype>(_ arrays: [[Element]]?, from root: Rank) throws(MPIError) -> [Element] {
    if rank == root, arrays == nil { throw missingAtRoot("MPI_Scatterv") }
    let counts = arrays?.map(\.count)
    let count = try scatterValues(rank == root ? counts : nil, from: root)
    let values = rank == root ? Blocks.concatenated(arrays!) : []
    return try filled(count) { (result: inout MutableSpan<Element>) throws(MPIError) in
      let blocks = rank == root ? Blocks(counts: counts!) : nil
      try values.withSpan { (span) throws(MPIError) in
        try scatter(span, blocks: blocks, into: &result, from: root)
      }
    }
  }

  /// Gives each rank one value (`MPI_Scatter`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root one value for each rank; elsewhere not looked at and may be `nil`.
  ///   - root: Who gives them.
  /// - Returns: This rank's value.
  @inlinable
  public final func scatterValues<Element: Datatype>(
    _ values: [Element]?, from root: Rank
  ) throws(MPIError) -> Element {
    let wireRoot = try root.root("MPI_Scatter", self)
    guard rank == root else { return try scatteredValue(nil, wireRoot) }
    guard let values else { throw missingAtRoot("MPI_Scatter") }
    return try values.withUnsafeBufferPointer { (values) throws(MPIError) in
      guard values.count == size else {
        throw lengthError("MPI_Scatter", "\(values.count) values were given for \(size) ranks")
      }
      return try scatteredValue(values.baseAddress, wireRoot)
    }
  }

  @inlinable @inline(__always)
  final func scatteredValue<Element: Datatype>(
    _ values: UnsafePointer<Element>?, _ root: CInt
  ) throws(MPIError) -> Element {
    let wire = try WireCount(1, of: Element.self)
    let (code, value) = withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { memory -> (CInt, Element?) in
      let code = cmpi_scatter(
        values, wire.count, wire.type, memory.baseAddress, wire.count, wire.type, root, handle)
      return (code, code == 0 ? memory[0] : nil)
    }
    guard let value else { throw failure(code, "MPI_Scatter", self) }
    return value
  }

  /// Divides a span of the root into parts of the same length, without a copy (`MPI_Scatter`).
  ///
  /// Collective; all ranks give buffers of the same length, and name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root size × count values; elsewhere not looked at.
  ///   - buffer: Where this rank's count values go.
  ///   - root: Who gives them.
  /// - Throws: ``MPIError`` of class ``MPIError/length`` when the root does not give size × count values.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) {
    if rank == root, values.count != buffer.count &* size {
      throw lengthError(
        "MPI_Scatter", "\(values.count) values were given for \(size) ranks with buffers of \(buffer.count)")
    }
    try scatter(values.rawPointer, buffer.count, into: buffer.rawPointer, Element.self, root)
  }

  @inlinable @inline(__always)
  final func scatter<Element: Datatype>(
    _ given: UnsafeRawPointer?, _ count: Int, into data: UnsafeMutableRawPointer?, _: Element.Type, _ root: Rank
  ) throws(MPIError) {
    try callAtRoot(root, count, Element.self, "MPI_Scatter") { part, root, handle in
      cmpi_scatter(given, part.count, part.type, data, part.count, part.type, root, handle)
    }
  }

  /// Divides a span of the root into parts of different lengths, without a copy (`MPI_Scatterv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root what is divided; elsewhere not looked at.
  ///   - blocks: At the root which values go to which rank; elsewhere not looked at and may be `nil`.
  ///   - buffer: Where this rank's values go; as long as its block.
  ///   - root: Who gives them.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks?, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) {
    try scatterClassic(values, into: &buffer, from: root) { call in
      blocks?.lendNarrow(of: Element.self, in: values.count, self, call)
    } otherwise: { (buffer) throws(MPIError) in
      try scatterWide(values, blocks, into: &buffer, from: root)
    }
  }

  /// Divides a span of the root into parts of different lengths, as all ranks know them, without a copy (`MPI_Scatterv`).
  ///
  /// Collective; as `scatter(_:blocks:into:from:)` of optional blocks, for blocks that are there on every rank.
  @inlinable @inline(__always)
  public final func scatter<Element: Datatype>(
    _ values: Span<Element>, blocks: Blocks, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) {
    try scatterClassic(values, into: &buffer, from: root) { call in
      blocks.lendNarrow(of: Element.self, in: values.count, self, call)
    } otherwise: { (buffer) throws(MPIError) in
      try scatterWide(values, blocks, into: &buffer, from: root)
    }
  }

  /// Calls the classic procedure where it serves.
  ///
  /// - Parameters:
  ///   - lend: At the root lends the counts and offsets of the blocks to the call, if they are narrow.
  ///   - otherwise: Where it does not serve.
  @inlinable @inline(__always)
  final func scatterClassic<Element: Datatype>(
    _ values: Span<Element>, into buffer: inout MutableSpan<Element>, from root: Rank,
    lend: (_ call: (UnsafePointer<CInt>, UnsafePointer<CInt>) -> CInt?) -> CInt?,
    otherwise: (inout MutableSpan<Element>) throws(MPIError) -> Void
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Scatterv"
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(buffer.count, of: Element.self)
    let (given, into) = (values.rawPointer, buffer.rawPointer)
    let isRoot = rank == root
    guard _fastPath(isRoot ? cmpi_is_short(wire.count) : cmpi_is_classic(wire.count, storedSize)) else {
      return try otherwise(&buffer)
    }
    let count = CInt(truncatingIfNeeded: wire.count)
    let code =
      isRoot
      ? lend { counts, offsets in
        counts[root.index] <= count
          ? cmpi_scatterv_classic(given, counts, offsets, into, count, wire.type, wireRoot, handle) : nil
      } : cmpi_scatterv_classic(nil, nil, nil, into, count, wire.type, wireRoot, handle)
    guard let code else { return try otherwise(&buffer) }
    try check(code, procedure, self)
  }

  /// The same of blocks that the classic procedure does not take, and what is wrong with others.
  @inlinable @inline(never)
  final func scatterWide<Element: Datatype>(
    _ values: Span<Element>, _ blocks: Blocks?, into buffer: inout MutableSpan<Element>, from root: Rank
  ) throws(MPIError) {
    let procedure: StaticString = "MPI_Scatterv"
    try enter(procedure, self)
    let wireRoot = try root.root(procedure, self)
    let wire = try WireCount(buffer.count, of: Element.self)
    let (given, into) = (values.rawPointer, buffer.rawPointer)
    let isRoot = rank == root
    var outgoing = Blocks.none
    if isRoot {
      guard let blocks else { throw missingAtRoot(procedure) }
      outgoing = try blocks.wire(of: Element.self, in: values.count, procedure, self)
      if blocks.counts[root.index] > buffer.count {
        throw lengthError(
          procedure, "the root's own block has \(blocks.counts[root.index]) values and its buffer \(buffer.count)")
      }
    }
    let code = outgoing.lend { counts, offsets in
      cmpi_scatterv(given, counts, offsets, wire.type, into, wire.count, wire.type, wireRoot, handle)
    }
    try check(code, procedure, self)
  }
}
