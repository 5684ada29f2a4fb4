extension Communicator {
  /// Collects one value from every rank at the root, suspended meanwhile (`MPI_Igather`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Returns: At the root the values, by rank; elsewhere `nil`.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    _ value: Element, to root: Rank
  ) async throws(MPIError) -> [Element]? {
    let isRoot = rank == root
    let own = OwnedArray([value])
    var all = OwnedArray<Element>(count: isRoot ? size : 0).take()
    var span = all.mutableSpan
    let request = try startGather(own.span, into: &span, to: root)
    try await request.wait()
    withExtendedLifetime(own) {}
    return isRoot ? all : nil
  }

  /// Collects arrays of any lengths from all ranks at the root, suspended meanwhile (`MPI_Igather`, then `MPI_Igatherv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Returns: At the root the arrays, one after the other by rank; elsewhere `nil`.
  public nonisolated(nonsending) final func gather<Element: Datatype>(
    _ values: [Element], to root: Rank
  ) async throws(MPIError) -> [Element]? {
    try await gather(values, try await gather(values.count, to: root).map { Blocks(counts: $0) }, to: root)
  }

  /// Collects arrays whose lengths the root knows.
  nonisolated(nonsending) final func gather<Element: Datatype>(
    _ values: [Element], _ blocks: Blocks?, to root: Rank
  ) async throws(MPIError) -> [Element]? {
    let own = OwnedArray(values)
    var all = OwnedArray<Element>(count: blocks?.total ?? 0).take()
    var span = all.mutableSpan
    let request = try startGather(own.span, into: &span, blocks: blocks, to: root)
    try await request.wait()
    withExtendedLifetime(own) {}
    return blocks == nil ? nil : all
  }

  /// Collects one value from every rank on all ranks, suspended meanwhile (`MPI_Iallgather`).
  ///
  /// Collective.
  ///
  /// - Returns: The values, by rank.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    _ value: Element
  ) async throws(MPIError) -> [Element] {
    let own = OwnedArray([value])
    var all = OwnedArray<Element>(count: size).take()
    var span = all.mutableSpan
    let request = try startAllGather(own.span, into: &span)
    try await request.wait()
    withExtendedLifetime(own) {}
    return all
  }

  /// Collects arrays of any lengths from all ranks on all ranks, suspended meanwhile (`MPI_Iallgather`, `MPI_Iallgatherv`).
  ///
  /// Collective.
  ///
  /// - Returns: The arrays, one after the other by rank.
  public nonisolated(nonsending) final func allGather<Element: Datatype>(
    _ values: [Element]
  ) async throws(MPIError) -> [Element] {
    let blocks = Blocks(counts: try await allGather(values.count))
    return try await allGather(values, blocks)
  }

  /// Collects arrays whose lengths are known to all.
  nonisolated(nonsending) final func allGather<Element: Datatype>(
    _ values: [Element], _ blocks: Blocks
  ) async throws(MPIError) -> [Element] {
    let own = OwnedArray(values)
    var all = OwnedArray<Element>(count: blocks.total).take()
    var span = all.mutableSpan
    let request = try startAllGather(own.span, into: &span, blocks: blocks)
    try await request.wait()
    withExtendedLifetime(own) {}
    return all
  }

  /// Gives each rank an array of its own, of any length, suspended meanwhile (`MPI_Iscatter`, then `MPI_Iscatterv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - arrays: At the root one array for each rank; elsewhere not looked at and may be `nil`.
  ///   - root: Who gives them.
  /// - Returns: This rank's array.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    _ arrays: [[Element]]?, from root: Rank
  ) async throws(MPIError) -> [Element] {
    let isRoot = rank == root
    if isRoot, arrays == nil { throw missingAtRoot("MPI_Iscatterv") }
    let counts = isRoot ? arrays!.map(\.count) : []
    let count = try await scatterValues(isRoot ? counts : nil, from: root)
    let blocks = isRoot ? Blocks(counts: counts) : nil
    return try await scatter(isRoot ? Blocks.concatenated(arrays!) : [], blocks, count, from: root)
  }

  /// Divides an array of the root among all ranks, as evenly as possible, suspended meanwhile (`MPI_Ibcast` of the length,
  /// then `MPI_Iscatterv`).
  ///
  /// Collective; all ranks name the same root. The first ranks get one value more where the length does not divide, see
  /// ``Blocks/even(_:among:)``. Elsewhere than at the root the array may be `nil`.
  ///
  /// - Returns: This rank's part.
  public nonisolated(nonsending) final func scatter<Element: Datatype>(
    _ values: [Element]?, from root: Rank
  ) async throws(MPIError) -> [Element] {
    let isRoot = rank == root
    if isRoot, values == nil { throw missingAtRoot("MPI_Iscatterv") }
    let total = try await broadcast(isRoot ? values?.count : nil, from: root)
    let mine = Blocks.evenRange(of: total, rank: rank.index, among: size)
    let blocks = isRoot ? Blocks.even(total, among: size) : nil
    return try await scatter(isRoot ? values! : [], blocks, mine.count, from: root)
  }

  /// Divides an array of the root into parts whose lengths their ranks know.
  private nonisolated(nonsending) final func scatter<Element: Datatype>(
    _ values: [Element], _ blocks: Blocks?, _ count: Int, from root: Rank
  ) async throws(MPIError) -> [Element] {
    let given = OwnedArray(values)
    var mine = OwnedArray<Element>(count: count).take()
    var span = mine.mutableSpan
    let request = try startScatter(given.span, blocks: blocks, into: &span, from: root)
    try await request.wait()
    withExtendedLifetime(given) {}
    return mine
  }

  /// Gives each rank one value, suspended meanwhile (`MPI_Iscatter`).
  ///
  /// Collective; all ranks name the same root. At the root one value for each rank; elsewhere `nil` will do.
  public nonisolated(nonsending) final func scatterValues<Element: Datatype>(
    _ values: [Element]?, from root: Rank
  ) async throws(MPIError) -> Element {
    if rank == root, values == nil { throw missingAtRoot("MPI_Iscatter") }
    let given = OwnedArray(values ?? [])
    var mine = OwnedArray<Element>(count: 1).take()
    var span = mine.mutableSpan
    let request = try startScatter(given.span, into: &span, from: root)
    try await request.wait()
    withExtendedLifetime(given) {}
    return mine[0]
  }

  /// Gives every rank as many values, and gets as many from every rank, suspended meanwhile (`MPI_Ialltoall`).
  ///
  /// Collective; all ranks give as many.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    _ values: [Element]
  ) async throws(MPIError) -> [Element] {
    let given = OwnedArray(values)
    var received = OwnedArray<Element>(count: values.count).take()
    var span = received.mutableSpan
    let request = try startAllToAll(given.span, into: &span)
    try await request.wait()
    withExtendedLifetime(given) {}
    return received
  }

  /// Gives every rank an array of its own and gets one from every rank, of any lengths, suspended meanwhile
  /// (`MPI_Ialltoall`, then `MPI_Ialltoallv`).
  ///
  /// Collective.
  ///
  /// - Parameter arrays: One array for each rank.
  /// - Returns: The array from each rank.
  public nonisolated(nonsending) final func allToAll<Element: Datatype>(
    _ arrays: [[Element]]
  ) async throws(MPIError) -> [[Element]] {
    guard arrays.count == size else {
      throw lengthError("MPI_Ialltoallv", "\(arrays.count) arrays were given, in a communicator of \(size)")
    }
    let outgoing = Blocks(counts: arrays.map(\.count))
    let incoming = Blocks(counts: try await allToAll(outgoing.counts))
    let given = OwnedArray(Blocks.concatenated(arrays))
    var received = OwnedArray<Element>(count: incoming.total).take()
    var span = received.mutableSpan
    let request = try startAllToAll(given.span, outgoing, into: &span, incoming)
    try await request.wait()
    withExtendedLifetime(given) {}
    return zip(incoming.offsets, incoming.counts).map { Array(received[$0..<$0 + $1]) }
  }
}
