/// Why a `.npy` file could not be read or written.
///
/// ```swift
/// do {
///   let file = try NumPyFile(path: "a.npy")
/// } catch NumPyError.Code.missingFile {
///   …
/// }
/// ```
public struct NumPyError: Error, Hashable, Sendable {
  /// What sort of failure it was; more may be added in later versions.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name of the sort of failure.
    public let rawValue: String

    /// Makes a code from its name.
    public init(rawValue: String) { self.rawValue = rawValue }
  }

  /// What sort of failure it was.
  public let code: Code

  /// The file that the caller named; empty for a header that was parsed from memory.
  public let path: String

  /// What was wrong and what to do about it, in full sentences that do not repeat the path.
  public let message: String

  /// The `errno` of the system call that failed, where one did.
  public let systemCode: Int32?

  init(_ code: Code, path: String, _ message: String, systemCode: Int32? = nil) {
    self.code = code
    self.path = path
    self.message = message
    self.systemCode = systemCode
  }
}

extension NumPyError.Code {
  /// There is no file of that name, or a folder on the way to it does not exist.
  public static let missingFile = Self(rawValue: "missingFile")
  /// The file or its folder may not be read, or not be written, by this user.
  public static let permissionDenied = Self(rawValue: "permissionDenied")
  /// The name belongs to a folder, a device or a link, where only a regular file would do.
  public static let notRegularFile = Self(rawValue: "notRegularFile")
  /// The file does not begin as a `.npy` file does, or its header contradicts itself.
  public static let malformedHeader = Self(rawValue: "malformedHeader")
  /// An element is not a value of its type: a Boolean that is neither 0 nor 1.
  public static let malformedData = Self(rawValue: "malformedData")
  /// The file holds elements of a type that this library does not read, or is of a newer format.
  public static let unsupportedElement = Self(rawValue: "unsupportedElement")
  /// The file ends before the last element that its header promises.
  public static let truncated = Self(rawValue: "truncated")
  /// The Swift type asked for is not the type of the file's elements.
  public static let typeMismatch = Self(rawValue: "typeMismatch")
  /// The elements asked for are not all in the array.
  public static let outOfRange = Self(rawValue: "outOfRange")
  /// A shape has a negative length, too many elements, or another number of elements than were given.
  public static let invalidShape = Self(rawValue: "invalidShape")
  /// The disk or the user's quota is full, or the file would be larger than the file system allows.
  public static let noSpace = Self(rawValue: "noSpace")
  /// Any other failure that the system reports.
  public static let inputOutput = Self(rawValue: "inputOutput")
}

extension NumPyError.Code {
  /// Matches an error that has this code, so that `catch NumPyError.Code.truncated` reads well.
  public static func ~= (code: Self, error: any Error) -> Bool {
    (error as? NumPyError)?.code == code
  }
}

extension NumPyError: CustomStringConvertible {
  /// The path and the message.
  public var description: String {
    path.isEmpty ? message : "\(path): \(message)"
  }
}
