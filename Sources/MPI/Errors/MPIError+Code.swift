internal import CMPI

extension MPIError {
  /// The error that a code of the implementation stands for.
  init(code: CInt, _ procedure: StaticString, _ communicator: Communicator?) {
    if let errorClass = Self.checkClass(code) {
      let report = CheckReport(own: communicator?.rank.index ?? 0)
      self.init(
        errorClass, procedure.description, communicator, "",
        isAgreed: errorClass == MPIError.mismatch && report.isFoundTogether, report: report)
      return
    }
    // Besides checked mode only the gate answers with a negative code.
    if code < 0, let error = closedGateError(procedure, communicator) {
      self = error
      return
    }
    let errorClass = Class(rawValue: String(cString: cmpi_error_class_name(cmpi_error_class(code))))
    let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CMPI_NAME_CAPACITY)) { text in
      cmpi_error_string(code, text.baseAddress!) == 0 ? Self.sentence(String(cString: text.baseAddress!)) : ""
    }
    self.init(
      errorClass, procedure.description, communicator, message.isEmpty ? "error code \(code)" : message,
      code: Int(code))
  }

  /// The class of a call that checked mode did not let through.
  static func checkClass(_ code: CInt) -> Class? {
    switch code {
    case CMPI_CHECK_MISMATCH.rawValue: MPIError.mismatch
    case CMPI_CHECK_MISSING.rawValue: MPIError.missingRank
    default: nil
    }
  }

  /// The part of an implementation's message that says what was wrong: Open MPI's without the class in front of it, the
  /// last line of MPICH's stack without the function.
  private static func sentence(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let cause = lines.last, let colon = cause.firstIndex(of: ":") else { return text }
    let isPrefixed = lines.count > 1 || cause.hasPrefix("MPI_ERR_")
    return String(isPrefixed ? cause[cause.index(after: colon)...] : cause).trimmed
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
  /// Without blanks around it and the full stop at its end.
  fileprivate var trimmed: String {
    var text = drop { $0 == " " || $0 == "\t" }
    while let last = text.last, " \t.".contains(last) { text.removeLast() }
    return String(text)
  }
}
