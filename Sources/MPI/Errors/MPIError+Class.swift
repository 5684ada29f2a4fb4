internal import CMPI

extension MPIError {
  /// A kind of failure: an error class of the standard by its name, or one of this library's.
  public struct Class: RawRepresentable, Hashable, Sendable {
    /// The name in the standard, such as `MPI_ERR_RANK`, or this library's name for what MPI has no class for.
    public let rawValue: String

    /// A class by name.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ name: StaticString) { rawValue = name.description }

    /// Lets `catch MPIError.truncate` match an error by its class.
    public static func ~= (pattern: Class, error: any Error) -> Bool {
      (error as? MPIError)?.errorClass == pattern
    }
  }

  // MARK: Classes of the standard (MPI 5.0, §9.4)

  /// A buffer that is null, overlaps another one, or is not there.
  public static let buffer = Class("MPI_ERR_BUFFER")
  /// A count that is negative or too large.
  public static let count = Class("MPI_ERR_COUNT")
  /// A datatype that is null or cannot be used here.
  public static let type = Class("MPI_ERR_TYPE")
  /// A tag that is negative or above the implementation's bound.
  public static let tag = Class("MPI_ERR_TAG")
  /// A communicator that is null or of the wrong kind.
  public static let communicator = Class("MPI_ERR_COMM")
  /// A rank outside the communicator.
  public static let rank = Class("MPI_ERR_RANK")
  /// A root outside the communicator.
  public static let root = Class("MPI_ERR_ROOT")
  /// A group that is null, or a set of ranks that makes none.
  public static let group = Class("MPI_ERR_GROUP")
  /// A reduction that the element type does not support.
  public static let operation = Class("MPI_ERR_OP")
  /// A communicator without the topology that the call needs, or neighbours that make none.
  public static let topology = Class("MPI_ERR_TOPOLOGY")
  /// Dimensions that are negative, too many, or have more places than there are processes.
  public static let dimensions = Class("MPI_ERR_DIMS")
  /// An argument of another kind.
  public static let argument = Class("MPI_ERR_ARG")
  /// A message longer than the buffer that receives it.
  public static let truncate = Class("MPI_ERR_TRUNCATE")
  /// A failure inside the implementation.
  public static let intern = Class("MPI_ERR_INTERN")
  /// A failure that the implementation's message explains.
  public static let other = Class("MPI_ERR_OTHER")
  /// No memory left.
  public static let noMemory = Class("MPI_ERR_NO_MEM")
  /// Something that this MPI does not support.
  public static let unsupported = Class("MPI_ERR_UNSUPPORTED_OPERATION")

  // MARK: Classes of this library

  /// A call before MPI was initialised.
  public static let notInitialized = Class("not initialized")
  /// A call after MPI was finalised.
  public static let finalized = Class("finalized")
  /// A call from a thread that the thread level forbids.
  public static let wrongThread = Class("wrong thread")
  /// A thread level that this MPI does not grant.
  public static let threadLevel = Class("thread level")
  /// Processes that another MPI's launcher started.
  public static let launcherMismatch = Class("launcher mismatch")
  /// A buffer or array whose length does not fit the call.
  public static let length = Class("length")
  /// A value that the root must give and did not, or a result that is only there at the root.
  public static let rootBuffer = Class("root buffer")
  /// A struct whose fields do not describe it.
  public static let layout = Class("layout")
  /// A message whose number of bytes is no whole number of values.
  public static let partialValue = Class("partial value")
  /// An error thrown by a closure of a reduction.
  public static let closure = Class("closure")
  /// A value that cannot be encoded.
  public static let encoding = Class("encoding")
  /// A payload that is no encoding of the expected type.
  public static let decoding = Class("decoding")
  /// A failure of some ranks that all ranks were told of; see ``Communicator/agree(_:)``.
  public static let otherRank = Class("other rank")
  /// Ranks that call different collectives, or the same with arguments that do not fit; found in checked mode, and thrown
  /// by all of them. See <doc:Checking>.
  public static let mismatch = Class("mismatch")
  /// A rank that does not come to a collective: it finalised, exited, died, or is late; found in checked mode.
  public static let missingRank = Class("missing rank")
}

extension MPIError.Class {
  /// What to do about an error of this class, where that is known.
  var advice: String? {
    switch self {
    case MPIError.truncate: "Receive into a larger buffer, or receive an array of unknown length."
    case MPIError.notInitialized: "Call it inside `withMPI { world in … }`."
    case MPIError.finalized: "Move the call inside the closure of `withMPI`."
    case MPIError.wrongThread: "Call it on the thread that initialised MPI, or ask for `threadLevel: .multiple`."
    case MPIError.threadLevel: "Ask for a lower level, or use an MPI that was built with thread support."
    case MPIError.rank, MPIError.root: "Ranks go from 0 to the communicator's size - 1."
    case MPIError.tag: "Tags go from 0 to `MPIEnvironment.tagUpperBound`."
    case MPIError.layout: "List every stored property of the struct once, in `Fields`."
    default: nil
    }
  }
}
