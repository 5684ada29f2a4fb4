internal import CMPI

/// How two communicators or groups compare.
public enum Comparison: Sendable {
  /// The same object; for groups, the same processes in the same order.
  case identical
  /// The same processes in the same order, but apart.
  case congruent
  /// The same processes in another order.
  case similar
  /// Not the same processes.
  case unequal

  init(_ result: CInt) {
    switch UInt32(bitPattern: result) {
    case CMPI_IDENT.rawValue: self = .identical
    case CMPI_CONGRUENT.rawValue: self = .congruent
    case CMPI_SIMILAR.rawValue: self = .similar
    default: self = .unequal
    }
  }
}

extension Communicator {
  /// Compares two communicators (`MPI_Comm_compare`). Local.
  public final func compare(to other: Communicator) throws(MPIError) -> Comparison {
    try enter("MPI_Comm_compare", self)
    var result: CInt = 0
    try check(cmpi_comm_compare(handle, other.handle, &result), "MPI_Comm_compare", self)
    return Comparison(result)
  }

  /// The processes of the communicator, in order (`MPI_Comm_group`). Local.
  public final var group: Group {
    get throws(MPIError) {
      try enter("MPI_Comm_group", self)
      var new = cmpi_group_empty()
      try check(cmpi_comm_group(handle, &new), "MPI_Comm_group", self)
      return Group(owning: new)
    }
  }

  /// The communicator's name, for debuggers and messages (`MPI_Comm_get_name`, `MPI_Comm_set_name`). Local.
  public final var name: String {
    get throws(MPIError) {
      try enter("MPI_Comm_get_name", self)
      return MPIEnvironment.text { cmpi_comm_get_name(handle, $0, $1) } ?? ""
    }
  }

  /// Names the communicator (`MPI_Comm_set_name`).
  ///
  /// Local; a name longer than MPI keeps is cut at a character.
  public final func setName(_ name: String) throws(MPIError) {
    try enter("MPI_Comm_set_name", self)
    var kept = name
    while kept.utf8.count >= Int(CMPI_OBJECT_NAME_CAPACITY) { kept.removeLast() }
    try check(cmpi_comm_set_name(handle, kept), "MPI_Comm_set_name", self)
  }

  /// The handle as other languages know it (`MPI_Comm_c2f`): what mpi4py calls `Comm.py2f()`. Local.
  public final var fortranHandle: Int {
    get throws(MPIError) {
      try enter("MPI_Comm_c2f", self)
      return Int(cmpi_comm_to_fortran(handle))
    }
  }

  /// Uses a communicator that another language made; it is not freed (`MPI_Comm_f2c`). Local.
  ///
  /// - Parameter fortranHandle: Its Fortran handle, which must be valid for as long as it is used.
  public static func borrowing(fortranHandle: Int) throws(MPIError) -> Communicator {
    try enter("MPI_Comm_f2c")
    guard let number = Int32(exactly: fortranHandle) else {
      throw MPIError(MPIError.communicator, "MPI_Comm_f2c", nil, message: "\(fortranHandle) is no Fortran handle")
    }
    let handle = cmpi_comm_from_fortran(number)
    guard !cmpi_comm_is_null(handle) else {
      throw MPIError(MPIError.communicator, "MPI_Comm_f2c", nil, message: "the handle is that of no communicator")
    }
    let (rank, size) = try place(in: handle, "MPI_Comm_f2c")
    return Communicator(handle: handle, rank: rank, size: size, isOwned: false)
  }
}

extension Communicator: CustomStringConvertible {
  /// The name, this rank and the size.
  public var description: String { "\((try? name) ?? "communicator") (rank \(rank) of \(size))" }
}
