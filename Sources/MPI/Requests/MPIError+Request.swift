internal import CMPI

extension MPIError {
  /// An error that is known of a request, whose communicator may be gone.
  init(
    _ errorClass: Class, _ procedure: StaticString, place: RequestPlace, message: String, code: Int? = nil,
    report: CheckReport? = nil
  ) {
    details = Details(
      errorClass, code: code, procedure: procedure.description, rank: place.size > 0 ? Int(place.rank) : nil,
      size: place.size > 0 ? Int(place.size) : nil, message: message, underlying: nil, isAgreed: false, report: report)
  }

  init(code: CInt, _ procedure: StaticString, place: RequestPlace) {
    if let errorClass = Self.checkClass(code) {
      self.init(errorClass, procedure, place: place, message: "", report: CheckReport(own: Int(place.rank)))
      return
    }
    let error = MPIError(code: code, procedure, nil)
    self.init(error.errorClass, procedure, place: place, message: error.message, code: error.code)
  }
}
