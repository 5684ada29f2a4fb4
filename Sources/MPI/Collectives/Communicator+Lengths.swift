public import CMPI

// What the ranks tell each other of the lengths of their arrays, before these travel.

extension Communicator {
  /// Gathers one length of each rank at the root (`MPI_Gather`); released by the caller.
  @usableFromInline
  final func gatherLengths(_ own: Int, to root: Rank) throws(MPIError) -> CMPI_Lengths {
    let wireRoot = try root.root("MPI_Gather", self)
    var all = CMPI_Lengths()
    let code = cmpi_gather_lengths(Int64(own), wireRoot, rank == root, storedSize, handle, &all)
    if code != 0 {
      cmpi_lengths_release(all)
      throw failure(code, "MPI_Gather", self)
    }
    return all
  }

  /// Gathers one length of each rank on all (`MPI_Allgather`); released by the caller.
  @usableFromInline
  final func allGatherLengths(_ own: Int) throws(MPIError) -> CMPI_Lengths {
    var all = CMPI_Lengths()
    let code = cmpi_all_gather_lengths(Int64(own), storedSize, handle, &all)
    if code != 0 {
      cmpi_lengths_release(all)
      throw failure(code, "MPI_Allgather", self)
    }
    return all
  }

  /// The lengths as blocks one after the other.
  @usableFromInline
  final func blocks(of all: CMPI_Lengths) -> Blocks { Blocks(counts: (0..<size).map { Int(all.lengths[$0]) }) }

  /// Gives the length of the root's array to all (`MPI_Bcast`).
  @usableFromInline
  final func broadcastLength(_ own: Int, from root: Rank) throws(MPIError) -> Int {
    var length = own
    try withUnsafeMutablePointer(to: &length) { (length) throws(MPIError) in
      try broadcast(UnsafeMutableRawPointer(length), 1, Int.self, root)
    }
    return length
  }
}
