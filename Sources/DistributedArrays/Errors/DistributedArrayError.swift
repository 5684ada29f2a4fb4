internal import MPI

/// Why an operation on distributed arrays cannot be done with what was given.
///
/// Where every rank can see the mistake, all of them get it as the `MPIError.underlying` of an error that is
/// agreed, so that a program under `withMPI` prints it once.
public struct DistributedArrayError: Error, Hashable, Sendable {
  /// What sort of mistake it is; more may be added in later versions.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name of the sort of mistake.
    public let rawValue: String

    /// Makes a code from its name.
    public init(rawValue: String) { self.rawValue = rawValue }
  }

  /// What sort of mistake it is.
  public let code: Code

  /// What was wrong and what to do about it, in full sentences.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension DistributedArrayError.Code {
  /// Two arrays that are combined element by element have different numbers of elements.
  public static let lengthMismatch = Self(rawValue: "lengthMismatch")
  /// Two arrays that are combined are spread over different processes.
  public static let communicatorMismatch = Self(rawValue: "communicatorMismatch")
  /// The ranks do not see the same file by one name, or made an array of different lengths.
  public static let differentOnRanks = Self(rawValue: "differentOnRanks")
  /// A process grid has no places, or more than there are ranks.
  public static let invalidGrid = Self(rawValue: "invalidGrid")
  /// An array has no axes, an axis of negative length, or more elements than can be counted.
  public static let invalidShape = Self(rawValue: "invalidShape")
  /// A distribution contradicts itself, the shape of its array, or its grid.
  public static let invalidDistribution = Self(rawValue: "invalidDistribution")
  /// Two arrays that are combined have different shapes, or a shape is not the one that is needed.
  public static let shapeMismatch = Self(rawValue: "shapeMismatch")
  /// There is less memory than an array needs, or the operation needs more than it may take.
  public static let memory = Self(rawValue: "memory")
  /// The exact result is larger than its type can hold.
  public static let overflow = Self(rawValue: "overflow")
}

extension DistributedArrayError.Code {
  /// Matches an error that has this code, also one on which ranks have agreed.
  public static func ~= (code: Self, error: any Error) -> Bool {
    let cause = (error as? MPIError)?.underlying ?? error
    return (cause as? DistributedArrayError)?.code == code
  }
}

extension DistributedArrayError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
