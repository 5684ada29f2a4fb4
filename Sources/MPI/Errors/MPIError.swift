/// A failure of a call to MPI: what was called, on which rank, what was wrong and what to do about it.
///
/// ```swift
/// do {
///   try world.receive(into: &header, from: 0)
/// } catch MPIError.truncate {
///   // The message was longer than `header`.
/// }
/// ```
public struct MPIError: Error {
  /// One word, so that a throwing call returns it in a register.
  @usableFromInline let details: Details

  @usableFromInline
  final class Details: Sendable {
    let errorClass: Class
    let code: Int?
    let procedure: String
    let rank: Int?
    let size: Int?
    let message: String
    let underlying: (any Error)?
    let isAgreed: Bool
    /// What checked mode found, whose words are only made when they are read.
    let report: CheckReport?

    init(
      _ errorClass: Class, code: Int?, procedure: String, rank: Int?, size: Int?, message: String,
      underlying: (any Error)?, isAgreed: Bool, report: CheckReport?
    ) {
      self.errorClass = errorClass
      self.code = code
      self.procedure = procedure
      self.rank = rank
      self.size = size
      self.message = message
      self.underlying = underlying
      self.isAgreed = isAgreed
      self.report = report
    }
  }

  /// What kind of failure it is: one of the standard's error classes, or one of this library's own.
  public var errorClass: Class { details.errorClass }

  /// The implementation's error code; `nil` when the mistake was found before MPI was called.
  public var code: Int? { details.code }

  /// The MPI procedure that failed or would have been called, such as `MPI_Send`.
  public var procedure: String { details.procedure }

  /// The failing rank in the communicator of the call; `nil` when there was none.
  public var rank: Rank? { details.rank.map { Rank($0) } }

  /// What was wrong, in the implementation's words or ours.
  public var message: String { details.report?.message ?? details.message }

  /// What to do about it, where that is known.
  public var advice: String? { details.errorClass.advice }

  /// The error that a closure of the caller's threw, or that encoding or decoding a value met.
  public var underlying: (any Error)? { details.underlying }

  /// Whether every rank of the communicator throws this error, so that none is left waiting.
  public var isAgreed: Bool { details.isAgreed }

  /// An error with a class, for code that builds on this library and finds mistakes before it communicates.
  ///
  /// - Parameters:
  ///   - errorClass: What kind of failure it is.
  ///   - procedure: What was called.
  ///   - communicator: Where; its rank is part of the description.
  ///   - message: What was wrong, as a sentence without its full stop.
  ///   - underlying: The error behind it, if any.
  public init(
    _ errorClass: Class, in procedure: String, on communicator: Communicator? = nil, _ message: String,
    underlying: (any Error)? = nil
  ) {
    self.init(errorClass, procedure, communicator, message, underlying: underlying)
  }

  init(
    _ errorClass: Class, _ procedure: String, _ communicator: Communicator?, _ message: String, code: Int? = nil,
    underlying: (any Error)? = nil, isAgreed: Bool = false, report: CheckReport? = nil
  ) {
    let isKnown = communicator.map { $0.size > 0 } ?? false
    details = Details(
      errorClass, code: code, procedure: procedure, rank: isKnown ? communicator?.rank.index : nil,
      size: isKnown ? communicator?.size : nil, message: message, underlying: underlying, isAgreed: isAgreed,
      report: report)
  }
}

extension MPIError: CustomStringConvertible {
  /// A full sentence: the call, the rank, what was wrong, the class, and what to do.
  public var description: String {
    var text = details.procedure
    if let rank = details.rank, let size = details.size { text += " on rank \(rank) of \(size)" }
    text += ": \(message) (\(details.errorClass.rawValue))."
    if let advice { text += " \(advice)" }
    if let underlying { text += " Underlying error: \(underlying)" }
    return text
  }
}
