internal import CMPI

// The collectives whose result has the length of what is given. All ranks start their collectives on a communicator in the
// same order: a task calls them one after the other, and concurrent tasks use communicators of their own.

extension Communicator {
  /// Waits, suspended, for all ranks (`MPI_Ibarrier`).
  ///
  /// Collective. A collective that has begun goes on when its task is cancelled.
  public nonisolated(nonsending) final func barrier() async throws(MPIError) {
    let request = try startBarrier()
    try await request.wait()
  }

  /// Gives one value of the root to all ranks, suspended meanwhile (`MPI_Ibcast`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - value: The value at the root; elsewhere it is not looked at and may be `nil`.
  ///   - root: Who gives it.
  public nonisolated(nonsending) final func broadcast<Element: Datatype>(
    _ value: Element?, from root: Rank
  ) async throws(MPIError) -> Element {
    if rank == root, value == nil { throw missingAtRoot("MPI_Ibcast") }
    let owned = rank == root ? OwnedArray([value!]) : OwnedArray<Element>(count: 1)
    let request = try startBroadcast(owned.writeAddress, 1, Element.self, root)
    try await request.wait()
    return owned.take()[0]
  }

  /// Gives an array of the root to all ranks, of whatever length it is, suspended meanwhile (`MPI_Ibcast` twice).
  ///
  /// Collective; all ranks name the same root. Elsewhere than at the root the array may be `nil`.
  public nonisolated(nonsending) final func broadcast<Element: Datatype>(
    _ values: [Element]?, from root: Rank
  ) async throws(MPIError) -> [Element] {
    if rank == root, values == nil { throw missingAtRoot("MPI_Ibcast") }
    let count = try await broadcast(rank == root ? values?.count : nil, from: root)
    let owned = rank == root ? OwnedArray(values!) : OwnedArray<Element>(count: count)
    let request = try startBroadcast(
      rank == root ? UnsafeMutableRawPointer(mutating: owned.readAddress) : owned.writeAddress, count, Element.self,
      root)
    try await request.wait()
    return owned.take()
  }

  /// Overwrites an array on all ranks with the root's, suspended meanwhile (`MPI_Ibcast`).
  ///
  /// Collective; all ranks give arrays of the same length, and name the same root.
  public nonisolated(nonsending) final func broadcast<Element: Datatype>(
    _ values: inout [Element], from root: Rank
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    let request = try startBroadcast(owned.writeAddress, owned.count, Element.self, root)
    try await request.wait()
  }

  /// Combines one value from every rank and gives the result to all of them, suspended meanwhile (`MPI_Iallreduce`).
  ///
  /// Collective: every rank calls it, with the same reduction.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>
  ) async throws(MPIError) -> Element {
    try await allReduce([value], reduction)[0]
  }

  /// Combines arrays element by element and gives the result to all ranks, suspended meanwhile (`MPI_Iallreduce`).
  ///
  /// Collective; all ranks give arrays of the same length.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) -> [Element] {
    var result = values
    try await allReduce(&result, reduction)
    return result
  }

  /// Combines arrays element by element, in place, on all ranks, suspended meanwhile (`MPI_Iallreduce`).
  ///
  /// Collective; all ranks give arrays of the same length.
  public nonisolated(nonsending) final func allReduce<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    let owned = OwnedArray(taking: &values)
    defer { values = owned.take() }
    try await combined(nil, into: owned.buffer) { (given, result) throws(MPIError) in
      try self.startAllReduce(given, into: result, reduction).parts()
    }
  }

  /// Combines one value from every rank at the root, suspended meanwhile (`MPI_Ireduce`).
  ///
  /// Collective; all ranks give the same reduction and root.
  ///
  /// - Returns: At the root the combined value; elsewhere `nil`.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) -> Element? {
    try await reduce([value], reduction, to: root)?[0]
  }

  /// Combines arrays element by element at the root, suspended meanwhile (`MPI_Ireduce`).
  ///
  /// Collective; all ranks give arrays of the same length.
  ///
  /// - Returns: At the root the combined array; elsewhere `nil`.
  public nonisolated(nonsending) final func reduce<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>, to root: Rank
  ) async throws(MPIError) -> [Element]? {
    let owned = OwnedArray(values)
    let isRoot = rank == root
    let given = isRoot ? nil : UnsafeBufferPointer(owned.buffer)
    try await combined(given, into: owned.buffer) { (given, result) throws(MPIError) in
      try self.startReduce(given, into: result, reduction, root).parts()
    }
    return isRoot ? owned.take() : nil
  }

  /// Combines one value from each rank up to this one, suspended meanwhile (`MPI_Iscan`). Collective.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>
  ) async throws(MPIError) -> Element {
    let owned = OwnedArray([value])
    let request = try startScan(nil, into: owned.buffer, reduction)
    try await request.wait()
    return owned.take()[0]
  }

  /// Combines one value from each rank before this one, suspended meanwhile (`MPI_Iexscan`). Collective; rank 0 gets `nil`.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ value: Element, _ reduction: Reduction<Element>
  ) async throws(MPIError) -> Element? {
    let owned = OwnedArray([value])
    let request = try startExclusiveScan(nil, into: owned.buffer, reduction)
    try await request.wait()
    return isRoot ? nil : owned.take()[0]
  }
}
