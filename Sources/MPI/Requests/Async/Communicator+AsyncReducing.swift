internal import CMPI

// The reductions whose result differs from rank to rank.

extension Communicator {
  /// Combines arrays element by element and divides the result among the ranks, as evenly as possible, suspended meanwhile
  /// (`MPI_Ireduce_scatter`, with ``Blocks/even(_:among:)``).
  ///
  /// Collective; all ranks give arrays of the same length.
  ///
  /// - Returns: This rank's part of the result.
  public nonisolated(nonsending) final func reduceScatter<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) -> [Element] {
    try await reduceScatter(values, counts: Blocks.even(values.count, among: size).counts, reduction)
  }

  /// Combines arrays element by element and divides the result by given counts, suspended meanwhile
  /// (`MPI_Ireduce_scatter`).
  ///
  /// Collective; all ranks give the same counts, one for each rank, whose sum is the length of the arrays. Where the MPI
  /// cannot start it, as MPICH 4.0 with a reduction that does not commute, every rank gets the whole result and keeps its
  /// part (`MPI_Iallreduce`).
  ///
  /// - Returns: This rank's part of the result.
  public nonisolated(nonsending) final func reduceScatter<Element: Datatype>(
    _ values: [Element], counts: [Int], _ reduction: Reduction<Element>
  ) async throws(MPIError) -> [Element] {
    let mine = counts.indices.contains(rank.index) ? max(counts[rank.index], 0) : 0
    let given = OwnedArray(values)
    var result = OwnedArray<Element>(count: mine).take()
    do throws(MPIError) {
      var span = result.mutableSpan
      let request = try startReduceScatter(given.span, counts: counts, into: &span, reduction)
      try await request.wait()
    } catch {
      guard error.errorClass == MPIError.unsupported else { throw error }
      // The same on all ranks: nothing was started.
      let all = try await allReduce(given.take(), reduction)
      let start = counts[..<rank.index].reduce(0, +)
      return Array(all[start..<start + mine])
    }
    withExtendedLifetime(given) {}
    return result
  }

  /// Combines an array element by element and keeps this rank's part of it, as evenly as possible, suspended meanwhile.
  ///
  /// Collective, as `reduceScatter(_:_:)`; afterwards the array is this rank's part. After an error it is as before.
  public nonisolated(nonsending) final func reduceScatter<Element: Datatype>(
    inPlace values: inout [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) {
    values = try await reduceScatter(values, reduction)
  }

  /// Combines arrays of the ranks up to this one, element by element, suspended meanwhile (`MPI_Iscan`).
  ///
  /// Collective; all ranks give arrays of the same length.
  public nonisolated(nonsending) final func scan<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) -> [Element] {
    let owned = OwnedArray(values)
    try await combined(nil, into: owned.buffer) { (given, result) throws(MPIError) in
      try self.startScan(given, into: result, reduction).parts()
    }
    return owned.take()
  }

  /// Combines arrays of the ranks before this one, element by element, suspended meanwhile (`MPI_Iexscan`).
  ///
  /// Collective; all ranks give arrays of the same length.
  ///
  /// - Returns: The combined array; `nil` at rank 0, before which there is none.
  public nonisolated(nonsending) final func exclusiveScan<Element: Datatype>(
    _ values: [Element], _ reduction: Reduction<Element>
  ) async throws(MPIError) -> [Element]? {
    let owned = OwnedArray(values)
    try await combined(nil, into: owned.buffer) { (given, result) throws(MPIError) in
      try self.startExclusiveScan(given, into: result, reduction).parts()
    }
    return isRoot ? nil : owned.take()
  }

  /// Combines values piece by piece, each by a start and a wait.
  ///
  /// MPI before 4.0 does not start a reduction of more than 2³¹-1 values. A reduction on its way has a step for every few
  /// KiB, and each has to be woken for: what lasts too long would be left to sleep between them.
  nonisolated(nonsending) final func combined<Element: Datatype>(
    _ values: UnsafeBufferPointer<Element>?, into result: UnsafeMutableBufferPointer<Element>,
    _ start: (UnsafeBufferPointer<Element>?, UnsafeMutableBufferPointer<Element>) throws(MPIError) -> RequestParts
  ) async throws(MPIError) {
    let piece = max(1, min((1 << 30) / Element.unitsPerValue, (4 << 20) / MemoryLayout<Element>.stride))
    let count = values?.count ?? result.count
    var done = 0
    repeat {
      let now = min(count - done, piece)
      let given = values.map { UnsafeBufferPointer(rebasing: $0[done..<done + now]) }
      // Where this rank gets no result its buffer may be of any length.
      let room = min(done, result.count)..<min(done + now, result.count)
      try await Request(try start(given, UnsafeMutableBufferPointer(rebasing: result[room]))).wait()
      done += now
    } while done < count
  }
}
