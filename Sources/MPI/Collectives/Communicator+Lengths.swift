public import CMPI

// What the ranks tell each other of the lengths of their arrays, before these travel.

extension Communicator {
  /// Gathers one length of each rank at the root (`MPI_Gather`); released by the caller.
  @inlinable @inline(__always)
  final func gatherLengths(_ own: Int, to root: Rank) throws(MPIError) -> CMPI_Lengths {
    let wireRoot = try root.root("MPI_Gather", self)
    return try gathered(cmpi_gather_lengths(Int64(own), wireRoot, rank == root, storedSize, handle), "MPI_Gather")
  }

  /// Gathers one length of each rank on all (`MPI_Allgather`); released by the caller.
  @inlinable @inline(__always)
  final func allGatherLengths(_ own: Int) throws(MPIError) -> CMPI_Lengths {
    try gathered(cmpi_all_gather_lengths(Int64(own), storedSize, handle), "MPI_Allgather")
  }

  @inlinable @inline(__always)
  final func gathered(_ all: CMPI_Lengths, _ procedure: StaticString) throws(MPIError) -> CMPI_Lengths {
    guard _fastPath(all.code == 0) else {
      release(all)
      throw failure(all.code, procedure, self)
    }
    return all
  }

  @inlinable @inline(__always)
  final func release(_ all: CMPI_Lengths) {
    if _slowPath(all.isOwned) { cmpi_lengths_free(all.lengths) }
  }

  /// The lengths as blocks one after the other.
  @usableFromInline
  final func blocks(of all: CMPI_Lengths) -> Blocks { Blocks(counts: (0..<size).map { Int(all.lengths[$0]) }) }

  /// Gives the length of the root's array to all (`MPI_Bcast`).
  @inlinable @inline(__always)
  final func broadcastLength(_ own: Int, from root: Rank) throws(MPIError) -> Int {
    var length = own
    try withUnsafeMutablePointer(to: &length) { (length) throws(MPIError) in
      try broadcast(UnsafeMutableRawPointer(length), 1, Int.self, root)
    }
    return length
  }
}
