internal import CMPI

/// What is known about the MPI below: its state, its versions, its clock.
///
/// Every member is local.
public enum MPIEnvironment {
  /// Whether MPI was initialised, by whomever (`MPI_Initialized`). Any thread may ask at any time.
  public static var isInitialized: Bool { cmpi_is_initialized() }

  /// Whether MPI was finalised (`MPI_Finalized`). Any thread may ask at any time.
  public static var isFinalized: Bool { cmpi_is_finalized() }

  /// The thread level that was granted (`MPI_Query_thread`).
  ///
  /// - Throws: ``MPIError`` before initialisation and after finalisation.
  public static var threadLevel: ThreadLevel {
    get throws(MPIError) {
      try enter("MPI_Query_thread")
      var provided: CInt = 0
      try check(cmpi_query_thread(&provided), "MPI_Query_thread")
      return ThreadLevel(mpiValue: provided)
    }
  }

  /// Whether the calling thread is the one that initialised MPI (`MPI_Is_thread_main`).
  ///
  /// - Throws: ``MPIError`` before initialisation and after finalisation.
  public static var isMainThread: Bool {
    get throws(MPIError) {
      guard isInitialized, !isFinalized else {
        try askGate("MPI_Is_thread_main", nil)
        return false
      }
      var flag: CInt = 0
      try check(cmpi_is_thread_main(&flag), "MPI_Is_thread_main")
      return flag != 0
    }
  }

  /// The largest tag that a message may have (`MPI_TAG_UB`).
  ///
  /// - Throws: ``MPIError`` before initialisation and after finalisation.
  public static var tagUpperBound: Int {
    get throws(MPIError) {
      try enter("MPI_Comm_get_attr")
      var bound: CInt = 0
      try check(cmpi_tag_upper_bound(cmpi_comm_world(), &bound), "MPI_Comm_get_attr")
      return Int(bound)
    }
  }

  /// The running library in its own words (`MPI_Get_library_version`). Works before initialisation.
  public static var libraryVersion: String {
    text { cmpi_get_library_version($0, $1) } ?? "unknown"
  }

  /// The file of the running library, if the system knows it. Works before initialisation.
  public static var libraryPath: String? { cmpi_library_path().map { String(cString: $0) } }

  /// The version of the standard that the running library follows (`MPI_Get_version`). Works before initialisation.
  public static var standardVersion: (major: Int, minor: Int) {
    var major: CInt = 0
    var minor: CInt = 0
    _ = cmpi_get_version(&major, &minor)
    return (Int(major), Int(minor))
  }

  /// What this program was compiled against, such as `Open MPI 4.1.4 (MPI 3.1)`.
  public static var builtAgainst: String {
    var version: [CInt] = [0, 0, 0]
    var standard: [CInt] = [0, 0]
    cmpi_header_version(&version)
    cmpi_header_standard(&standard)
    return "\(Implementation.built.rawValue) \(version[0]).\(version[1]).\(version[2])"
      + " (MPI \(standard[0]).\(standard[1]))"
  }

  /// A family of MPI implementations.
  public enum Implementation: String, Sendable {
    /// Open MPI and what is derived from it.
    case openMPI = "Open MPI"
    /// MPICH and what is derived from it.
    case mpich = "MPICH"
    /// SimGrid's simulation, which runs the ranks of a program on a machine that is only described.
    case smpi = "SimGrid SMPI"
    /// Any other.
    case other = "another MPI"

    /// The family that this program was compiled against.
    public static var built: Implementation {
      switch UInt32(bitPattern: cmpi_header_family()) {
      case CMPI_FAMILY_OPEN_MPI.rawValue: .openMPI
      case CMPI_FAMILY_MPICH.rawValue: .mpich
      case CMPI_FAMILY_SMPI.rawValue: .smpi
      default: .other
      }
    }
  }

  /// Seconds since some moment in the past, the same for the whole run of this process (`MPI_Wtime`).
  ///
  /// - Throws: ``MPIError`` before initialisation and after finalisation.
  public static var wallTime: Double {
    get throws(MPIError) {
      try enter("MPI_Wtime")
      return cmpi_wtime()
    }
  }

  /// Seconds between two ticks of the clock behind ``wallTime`` (`MPI_Wtick`).
  ///
  /// - Throws: ``MPIError`` before initialisation and after finalisation.
  public static var wallTimeResolution: Double {
    get throws(MPIError) {
      try enter("MPI_Wtick")
      return cmpi_wtick()
    }
  }

  static func text(_ call: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<CInt>) -> CInt) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CMPI_NAME_CAPACITY)) { text in
      text.initialize(repeating: 0)
      var length: CInt = 0
      guard call(text.baseAddress!, &length) == 0 else { return nil }
      return String(cString: text.baseAddress!)
    }
  }
}

/// The name of the machine that this process runs on, as MPI knows it (`MPI_Get_processor_name`). Local.
///
/// - Throws: ``MPIError`` before initialisation and after finalisation.
public func processorName() throws(MPIError) -> String {
  try enter("MPI_Get_processor_name")
  guard let name = MPIEnvironment.text({ cmpi_get_processor_name($0, $1) }) else {
    throw MPIError(MPIError.other, "MPI_Get_processor_name", nil, message: "the processor has no name")
  }
  return name
}
