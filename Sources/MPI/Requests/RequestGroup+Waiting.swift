internal import CMPI

extension RequestGroup {
  /// Waits for all requests (`MPI_Waitall`). Local.
  ///
  /// - Returns: The statuses, by number.
  /// - Throws: The first error, when all requests are complete; ``results`` has the outcome of each.
  @inlinable @discardableResult @_lifetime(self: copy self)
  public mutating func waitAll() throws(MPIError) -> [Status] {
    try waitForAll()
    return allStatuses()
  }

  /// Looks which requests are complete, without waiting (`MPI_Test` of each). Local.
  ///
  /// - Returns: Whether all are. Errors of requests are not thrown here: see ``results`` or follow by `waitAll()`.
  @_lifetime(self: copy self)
  public mutating func testAll() throws(MPIError) -> Bool {
    try completeAll("MPI_Test") { count, handles, statuses, codes in
      var flag: CInt = 0
      return cmpi_testall(count, handles, &flag, statuses, codes)
    }
    return pendingCount == 0
  }

  /// The outcome of each request, by number; `nil` for those that are not known to be complete.
  public var results: [Result<Status, MPIError>?] { (0..<count).map { outcome($0) } }

  /// Waits until one request is complete that was not reported yet (`MPI_Waitany`). Local.
  ///
  /// - Returns: Which one, with its status or its error; `nil` when all were reported.
  @_lifetime(self: copy self)
  public mutating func waitAny() throws(MPIError) -> Completion? {
    if let ready = takeUnreported() { return ready }
    guard pendingCount > 0 else { return nil }
    return try completeOne("MPI_Waitany") { count, handles, index, status, code in
      cmpi_waitany(count, handles, index, status, code)
    }
  }

  /// Looks whether a request is complete that was not reported yet, without waiting (`MPI_Testany`). Local.
  ///
  /// - Returns: Which one, with its status or its error; `nil` when there is none now.
  @_lifetime(self: copy self)
  public mutating func testAny() throws(MPIError) -> Completion? {
    if let ready = takeUnreported() { return ready }
    guard pendingCount > 0 else { return nil }
    return try completeOne("MPI_Testany") { count, handles, index, status, code in
      var flag: CInt = 0
      return cmpi_testany(count, handles, index, &flag, status, code)
    }
  }

  /// Waits until at least one request is complete that was not reported yet (`MPI_Waitsome`). Local.
  ///
  /// - Returns: All that are complete by then, each once; empty when all were reported.
  @_lifetime(self: copy self)
  public mutating func waitSome() throws(MPIError) -> [Completion] {
    try reportSome("MPI_Waitsome", isWaiting: true) { count, handles, done, indices, statuses, codes in
      cmpi_waitsome(count, handles, done, indices, statuses, codes)
    }
  }

  /// Looks which requests are complete that were not reported yet, without waiting (`MPI_Testsome`). Local.
  @_lifetime(self: copy self)
  public mutating func testSome() throws(MPIError) -> [Completion] {
    try reportSome("MPI_Testsome", isWaiting: false) { count, handles, done, indices, statuses, codes in
      cmpi_testsome(count, handles, done, indices, statuses, codes)
    }
  }
}

extension RequestGroup {
  private typealias Handles = UnsafeMutablePointer<CMPI_Request>?
  private typealias Statuses = UnsafeMutablePointer<CMPI_Status>?
  private typealias Numbers = UnsafeMutablePointer<CInt>?

  /// Waits for all, into the group's memory.
  @usableFromInline @_lifetime(self: copy self)
  mutating func waitForAll() throws(MPIError) {
    let count = room.count
    guard _fastPath(noted == nil && completeCount == 0 && count > 0) else { return try waitForRest() }
    let code = cmpi_waitall_pending(CInt(truncatingIfNeeded: count), handles, room.statuses, room.codes)
    if _slowPath(code != 0) { return try failTogether(code) }
    (completeCount, completeStart) = (count, count)
  }

  /// The same where something is noted of them.
  @inline(never) @_lifetime(self: copy self)
  private mutating func waitForRest() throws(MPIError) {
    try completeAll("MPI_Waitall") { count, handles, statuses, codes in
      let code = cmpi_waitall(count, handles, statuses, codes)
      if code == 0 { codes?.update(repeating: 0, count: Int(count)) }
      return code == cmpi_in_codes() ? 0 : code
    }
    try throwFirst()
  }

  /// Notes the errors of all, which are complete unless the call itself has failed.
  @inline(never) @_lifetime(self: copy self)
  private mutating func failTogether(_ code: CInt) throws(MPIError) {
    if code != cmpi_in_codes() { throw place.failure(code, "MPI_Waitall") }
    (completeCount, completeStart) = (count, count)
    let codes = room.codes
    for index in 0..<count where codes[index] != 0 {
      fail(index, requestFailure(codes[index], "MPI_Waitall", nil, place(of: index)))
    }
    try throwFirst()
  }

  /// Sets to null what was completed together: MPI does not where it is a persistent one.
  @_lifetime(self: copy self)
  mutating func forgetStart() {
    for index in 0..<completeStart { handles[index] = cmpi_request_null() }
  }

  /// A call of all requests, which gives a code for each: -1 for one that is not complete.
  @_lifetime(self: copy self)
  private mutating func completeAll(
    _ procedure: StaticString, _ call: (CInt, Handles, Statuses, Numbers) -> CInt
  ) throws(MPIError) {
    guard pendingCount > 0 else { return }
    forgetStart()
    var statuses = [CMPI_Status](repeating: CMPI_Status(), count: count)
    var codes = [CInt](repeating: -1, count: count)
    let code = call(CInt(count), handles, &statuses, &codes)
    if code != 0 { throw place.failure(code, procedure) }
    for index in codes.indices where codes[index] != -1 { settle(index, codes[index], procedure, statuses[index]) }
  }

  /// A call that completes one request at most.
  @_lifetime(self: copy self)
  private mutating func completeOne(
    _ procedure: StaticString, _ call: (CInt, Handles, Numbers, Statuses, Numbers) -> CInt
  ) throws(MPIError) -> Completion? {
    forgetStart()
    var status = CMPI_Status()
    var index: CInt = -1
    var code: CInt = 0
    let failed = call(CInt(count), handles, &index, &status, &code)
    if failed != 0 { throw place.failure(failed, procedure) }
    guard index >= 0 else { return nil }
    settle(Int(index), code, procedure, status)
    return report(Int(index))
  }

  /// A call that completes any number of requests.
  @_lifetime(self: copy self)
  private mutating func reportSome(
    _ procedure: StaticString, isWaiting: Bool,
    _ call: (CInt, Handles, Numbers, Numbers, Statuses, Numbers) -> CInt
  ) throws(MPIError) -> [Completion] {
    var completions: [Completion] = []
    while let ready = takeUnreported() { completions.append(ready) }
    guard pendingCount > 0, completions.isEmpty || !isWaiting else { return completions }
    forgetStart()
    var statuses = [CMPI_Status](repeating: CMPI_Status(), count: count)
    var codes = [CInt](repeating: 0, count: count)
    var indices = codes
    var done: CInt = 0
    let code = call(CInt(count), handles, &done, &indices, &statuses, &codes)
    if code != 0 { throw place.failure(code, procedure) }
    for position in 0..<Int(max(done, 0)) {
      let index = Int(indices[position])
      settle(index, codes[position], procedure, statuses[position])
      completions.append(report(index))
    }
    return completions
  }

  /// The first outcome that is known and was not reported.
  @_lifetime(self: copy self)
  mutating func takeUnreported() -> Completion? {
    for index in 0..<count where !marks(of: index).contains(.reported) && isComplete(index) {
      return report(index)
    }
    return nil
  }

  @_lifetime(self: copy self)
  private mutating func report(_ index: Int) -> Completion {
    mark(index, .reported)
    return Completion(index: index, result: outcome(index)!)
  }
}
