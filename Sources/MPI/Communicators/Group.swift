internal import CMPI

/// An ordered set of processes (MPI 5.0, §7.3). All its methods are local.
public final class Group: @unchecked Sendable {
  let handle: CMPI_Group

  init(owning handle: CMPI_Group) { self.handle = handle }

  deinit {
    // Local objects of MPI's: nothing to wait for, but only while MPI runs and this thread may call it.
    if cmpi_gate_ask() == 0 { _ = cmpi_group_free(handle) }
  }

  /// The group without processes (`MPI_GROUP_EMPTY`).
  public static var empty: Group { Group(owning: cmpi_group_empty()) }

  /// How many processes the group has (`MPI_Group_size`).
  public var size: Int {
    get throws(MPIError) { Int(try number("MPI_Group_size") { cmpi_group_size(handle, $0) }) }
  }

  /// This process in the group, or `nil` when it is not in it (`MPI_Group_rank`).
  public var rank: Rank? {
    get throws(MPIError) {
      let rank = try number("MPI_Group_rank") { cmpi_group_rank(handle, $0) }
      return rank == cmpi_undefined() ? nil : Rank(value: rank)
    }
  }

  /// The processes of both groups: this one's, then those that only the other has (`MPI_Group_union`).
  public func union(_ other: Group) throws(MPIError) -> Group {
    try made("MPI_Group_union") { cmpi_group_union(handle, other.handle, $0) }
  }

  /// The processes that both groups have, in this one's order (`MPI_Group_intersection`).
  public func intersection(_ other: Group) throws(MPIError) -> Group {
    try made("MPI_Group_intersection") { cmpi_group_intersection(handle, other.handle, $0) }
  }

  /// The processes of this group that the other does not have, in order (`MPI_Group_difference`).
  public func difference(_ other: Group) throws(MPIError) -> Group {
    try made("MPI_Group_difference") { cmpi_group_difference(handle, other.handle, $0) }
  }

  /// The processes with these ranks, in the order given (`MPI_Group_incl`).
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/rank-type.property`` for a rank outside the group or given twice.
  public func including(_ ranks: some Sequence<Rank>) throws(MPIError) -> Group {
    let ranks = try distinct(ranks, "MPI_Group_incl")
    return try made("MPI_Group_incl") { cmpi_group_incl(handle, CInt(ranks.count), ranks, $0) }
  }

  /// The processes without these ranks, in order (`MPI_Group_excl`).
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/rank-type.property`` for a rank outside the group or given twice.
  public func excluding(_ ranks: some Sequence<Rank>) throws(MPIError) -> Group {
    let ranks = try distinct(ranks, "MPI_Group_excl")
    return try made("MPI_Group_excl") { cmpi_group_excl(handle, CInt(ranks.count), ranks, $0) }
  }

  /// The processes with the ranks of a range or a stride of ranks (`MPI_Group_range_incl`).
  public func including(_ ranks: some Sequence<Int>) throws(MPIError) -> Group {
    try including(ranks.map { Rank($0) })
  }

  /// The processes without the ranks of a range or a stride of ranks (`MPI_Group_range_excl`).
  public func excluding(_ ranks: some Sequence<Int>) throws(MPIError) -> Group {
    try excluding(ranks.map { Rank($0) })
  }

  /// What the ranks of this group are called in another one (`MPI_Group_translate_ranks`).
  ///
  /// - Returns: For each rank given, its rank in the other group, or `nil` where that does not have the process.
  public func translate(_ ranks: some Sequence<Rank>, to other: Group) throws(MPIError) -> [Rank?] {
    let ranks = try valid(ranks, "MPI_Group_translate_ranks")
    try enter("MPI_Group_translate_ranks")
    var result = [CInt](repeating: 0, count: ranks.count)
    try check(
      cmpi_group_translate(handle, CInt(ranks.count), ranks, other.handle, &result), "MPI_Group_translate_ranks")
    return result.map { $0 == cmpi_undefined() ? nil : Rank(value: $0) }
  }

  /// Compares two groups (`MPI_Group_compare`).
  public func compare(to other: Group) throws(MPIError) -> Comparison {
    Comparison(try number("MPI_Group_compare") { cmpi_group_compare(handle, other.handle, $0) })
  }

  private func number(
    _ procedure: StaticString, _ call: (UnsafeMutablePointer<CInt>) -> CInt
  ) throws(MPIError) -> CInt {
    try enter(procedure)
    var result: CInt = 0
    try check(call(&result), procedure)
    return result
  }

  private func made(
    _ procedure: StaticString, _ call: (UnsafeMutablePointer<CMPI_Group>) -> CInt
  ) throws(MPIError) -> Group {
    try enter(procedure)
    var new = cmpi_group_empty()
    try check(call(&new), procedure)
    return Group(owning: new)
  }

  /// The numbers of ranks that are all inside the group.
  private func valid(_ ranks: some Sequence<Rank>, _ procedure: StaticString) throws(MPIError) -> [CInt] {
    let size = try self.size
    var numbers: [CInt] = []
    for rank in ranks {
      guard rank.index >= 0, rank.index < size else {
        throw MPIError(MPIError.rank, procedure, nil, message: "rank \(rank) was given, in a group of \(size)")
      }
      numbers.append(rank.value)
    }
    return numbers
  }

  private func distinct(_ ranks: some Sequence<Rank>, _ procedure: StaticString) throws(MPIError) -> [CInt] {
    let numbers = try valid(ranks, procedure)
    var seen: Set<CInt> = []
    for number in numbers where !seen.insert(number).inserted {
      throw MPIError(MPIError.rank, procedure, nil, message: "rank \(number) was given twice")
    }
    return numbers
  }
}
