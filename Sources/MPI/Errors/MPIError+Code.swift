internal import CMPI

extension MPIError {
  /// The error that a code of the implementation stands for.
  @usableFromInline @inline(never)
  init(code: CInt, _ procedure: StaticString, _ communicator: Communicator?) {
    let errorClass = Class(rawValue: String(cString: cmpi_error_class_name(cmpi_error_class(code))))
    let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CMPI_NAME_CAPACITY)) { text in
      cmpi_error_string(code, text.baseAddress!) == 0 ? Self.sentence(String(cString: text.baseAddress!)) : ""
    }
    self.init(
      errorClass, procedure.description, communicator, message.isEmpty ? "error code \(code)" : message,
      code: Int(code))
  }

  /// The part of an implementation's message that says something: Open MPI's as it is, the last line of MPICH's stack.
  private static func sentence(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let last = lines.last else { return text }
    guard lines.count > 1 else { return String(last).droppingClassName }
    return lines.dropFirst().map { String($0).trimmingSpaces }.joined(separator: "; ")
  }

  /// A mistake that was found before the call.
  @usableFromInline @inline(never)
  init(
    _ errorClass: Class, _ procedure: StaticString, _ communicator: Communicator?, message: @autoclosure () -> String
  ) {
    self.init(errorClass, procedure.description, communicator, message())
  }
}

extension String {
  /// Without the class that Open MPI puts in front, which the description says anyway.
  fileprivate var droppingClassName: String {
    guard hasPrefix("MPI_ERR_"), let colon = firstIndex(of: ":") else { return self }
    return String(self[index(after: colon)...]).trimmingSpaces
  }

  fileprivate var trimmingSpaces: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var text = drop(while: isBlank)
    while let last = text.last, isBlank(last) || last == "." { text.removeLast() }
    return String(text)
  }
}
