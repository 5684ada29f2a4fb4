/// Why bytes could not be read as what was asked for, before it is known where in the value that was.
enum BinaryFault: Error {
  /// A value of another kind, which begins with this byte.
  case mismatch(UInt8)
  /// Packed elements of another kind.
  case elementMismatch(PackedKind)
  /// Nil where there has to be a value.
  case null
  /// An integer too large or too small for the type asked for.
  case range
  /// Bytes that no encoder writes.
  case malformed(StaticString)

  /// The error that users see.
  ///
  /// - Parameters:
  ///   - type: What was asked for.
  ///   - codingPath: Where it was asked for.
  func error(decoding type: Any.Type, at codingPath: @autoclosure () -> [any CodingKey]) -> DecodingError {
    func context(_ reason: String) -> DecodingError.Context {
      DecodingError.Context(codingPath: codingPath(), debugDescription: reason)
    }
    return switch self {
    case .mismatch(let byte):
      .typeMismatch(type, context("Expected \(type), found \(BinaryTag.description(of: byte))."))
    case .elementMismatch(let kind):
      .typeMismatch(type, context("Expected \(type), found an array of \(kind)."))
    case .null:
      .valueNotFound(type, context("Expected \(type), found nil."))
    case .range:
      .dataCorrupted(context("An integer does not fit in \(type)."))
    case .malformed(let reason):
      .dataCorrupted(context("\(reason)"))
    }
  }
}
