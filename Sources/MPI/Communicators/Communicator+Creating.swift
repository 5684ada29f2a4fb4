internal import CMPI

extension Communicator {
  /// Makes one more communicator of the same processes, whose messages never meet this one's (`MPI_Comm_dup`).
  ///
  /// Collective.
  public final func duplicate() throws(MPIError) -> Communicator {
    try made("MPI_Comm_dup") { cmpi_comm_dup(handle, $0) }!
  }

  /// Divides the processes by colour: those that give the same are together (`MPI_Comm_split`).
  ///
  /// Collective: all ranks call it, each with its own arguments.
  ///
  /// - Parameters:
  ///   - color: The part that this rank goes to, at least 0; `nil` for none.
  ///   - key: Where it stands in it: ranks go by key, equal keys by the old rank.
  /// - Returns: The part of this rank, or `nil` where the colour was.
  /// - Throws: ``MPIError`` of class ``MPIError/argument`` for a negative colour or a number above 2³¹-1.
  public final func split(color: Int?, key: Int = 0) throws(MPIError) -> Communicator? {
    guard color == nil || Int32(exactly: color!).map({ $0 >= 0 }) == true, let key = Int32(exactly: key) else {
      throw MPIError(
        MPIError.argument, "MPI_Comm_split", self,
        message: "colour \(color ?? 0) and key \(key) were given; colours go from 0 to \(Int32.max)")
    }
    return try made("MPI_Comm_split") { cmpi_comm_split(handle, color.map { CInt($0) } ?? cmpi_undefined(), key, $0) }
  }

  /// Divides the processes by machine: those that can share memory are together (`MPI_Comm_split_type`).
  ///
  /// Collective.
  ///
  /// - Parameter key: Where this rank stands among those of its machine; equal keys go by the old rank.
  public final func splitByNode(key: Int = 0) throws(MPIError) -> Communicator {
    guard let key = Int32(exactly: key) else {
      throw MPIError(MPIError.argument, "MPI_Comm_split_type", self, message: "key \(key) is above \(Int32.max)")
    }
    return try made("MPI_Comm_split_type") { cmpi_comm_split_shared(handle, key, $0) }!
  }

  /// Makes a communicator of the processes of a group (`MPI_Comm_create`).
  ///
  /// Collective over all ranks of this communicator, also those outside the group; all give the same group.
  ///
  /// - Returns: The new communicator, or `nil` on ranks that are not in the group.
  public final func subset(_ group: Group) throws(MPIError) -> Communicator? {
    try made("MPI_Comm_create") { cmpi_comm_create(handle, group.handle, $0) }
  }

  /// Makes a communicator of the processes of a group, called by those alone (`MPI_Comm_create_group`).
  ///
  /// Collective over the group only.
  ///
  /// - Parameters:
  ///   - group: The processes, which must hold this one.
  ///   - tag: Tells concurrent calls of different threads apart; the same on all.
  public final func subset(amongMembers group: Group, tag: Int = 0) throws(MPIError) -> Communicator {
    guard try group.rank != nil else {
      throw MPIError(
        MPIError.group, "MPI_Comm_create_group", self, message: "this rank called it without being in the group")
    }
    let tag = try wireTag(tag, "MPI_Comm_create_group")
    return try made("MPI_Comm_create_group") { cmpi_comm_create_group(handle, group.handle, tag, $0) }!
  }

  /// Runs a call that makes a communicator; `nil` when it gave this rank none.
  private func made(
    _ procedure: StaticString, _ call: (UnsafeMutablePointer<CMPI_Comm>) -> CInt
  ) throws(MPIError) -> Communicator? {
    guard let new = try madeHandle(procedure, call) else { return nil }
    return try Communicator(owning: new, procedure)
  }

  /// Runs a call that makes a communicator of any kind; `nil` when it gave this rank none.
  final func madeHandle(
    _ procedure: StaticString, _ call: (UnsafeMutablePointer<CMPI_Comm>) -> CInt
  ) throws(MPIError) -> CMPI_Comm? {
    try enter(procedure, self)
    cmpi_release_deferred()
    var new = handle
    try check(call(&new), procedure, self)
    return cmpi_comm_is_null(new) ? nil : new
  }
}
