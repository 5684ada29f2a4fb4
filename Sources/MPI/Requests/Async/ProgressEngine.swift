internal import CMPI
internal import Synchronization

/// Completes what suspended tasks wait for: one place that tests all of it, on a thread of its own or between the jobs of an
/// ``MPIExecutor``.
///
/// While operations are being completed it tests without a pause. When nothing comes it sleeps, longer and longer, up to
/// ``longestSleep``: a waiting rank then uses less than a hundredth of a core. Without operations it waits for the bell.
final class ProgressEngine: @unchecked Sendable {
  static let shared = ProgressEngine()

  /// What tasks hand over, and how far the engine is.
  private struct Shared {
    var arrivals: [PendingOperation] = []
    var hasCancellations = false
    var hasThread = false
    /// How many executors drive the engine; its own thread then does nothing.
    var drivers = 0
    var isStopped = false
  }

  private let shared = Mutex(Shared())

  // Of the thread that drives.
  private var requests: [CMPI_Request] = []
  private var operations: [PendingOperation] = []
  /// What is looked for one by one: messages that are still to be found, and groups.
  private var searches: [PendingOperation] = []
  private var statuses: [CMPI_Status] = []
  private var indices: [CInt] = []
  private var codes: [CInt] = []
  private let driving = Mutex(())

  /// How long the last operation was waited for, in nanoseconds: whether it pays to look a little longer before suspending.
  private let lastWait = Atomic<Int64>(0)

  static let longestSleep: Int64 = 2_000_000
  /// How long it tests without a pause: messages of some MiB and their like are on their way so long. A collective goes on
  /// only while it is tested, in hundreds of steps of which none is seen here, and has the longer time.
  private static let spin: (messages: Int64, collectives: Int64) = (1_000_000, 10_000_000)

  /// How long a task looks for itself before it suspends.
  var patience: Int64 { lastWait.load(ordering: .relaxed) < 100_000 ? 50_000 : 2_000 }

  func note(waited nanoseconds: Int64) { lastWait.store(nanoseconds, ordering: .relaxed) }

  /// Wakes whoever drives the engine.
  private func ring() {
    let hasDriver = shared.withLock { $0.drivers > 0 }
    (hasDriver ? Bell.executor : .engine).ring()
  }

  // MARK: For tasks

  /// Takes an operation over until it resumes its task.
  func submit(_ operation: PendingOperation) {
    let (isTaken, mustStart) = shared.withLock { shared -> (Bool, Bool) in
      guard !shared.isStopped else { return (false, false) }
      shared.arrivals.append(operation)
      if operation.wantsCancellation { shared.hasCancellations = true }
      let mustStart = !shared.hasThread && shared.drivers == 0
      if mustStart { shared.hasThread = true }
      return (true, mustStart)
    }
    guard isTaken else {
      operation.code = -CInt(CMPI_GATE_FINALIZED.rawValue)
      return finish(operation)
    }
    if mustStart, cmpi_thread_start({ ProgressEngine.shared.runForEver() }) != 0 {
      fatalError("the system gives no thread for MPI's progress")
    }
    ring()
  }

  /// Asks for an operation to be called off, before or after it was submitted.
  func cancel(_ operation: PendingOperation) {
    shared.withLock { shared in
      operation.wantsCancellation = true
      shared.hasCancellations = true
    }
    ring()
  }

  // MARK: Driving

  private func runForEver() {
    var pause = Pause(.engine)
    while true {
      let isOurs = shared.withLock { $0.drivers == 0 }
      let progress = isOurs ? poll() : Progress()
      if progress.isIdle { Bell.engine.wait() } else { pause.wait(after: progress) }
    }
  }

  /// How a thread that drives the engine waits when nothing has come.
  struct Pause {
    private var lastProgress = cmpi_now()
    let bell: Bell

    init(_ bell: Bell) { self.bell = bell }

    mutating func wait(after progress: Progress) {
      guard progress.count == 0 else {
        lastProgress = cmpi_now()
        return
      }
      let waited = cmpi_now() - lastProgress
      let spin = ProgressEngine.spin
      guard waited > (progress.hasCollectives ? spin.collectives : spin.messages) else { return cmpi_yield() }
      // Whatever comes then has waited for a small part more than without sleep.
      bell.wait(min(waited / 32, ProgressEngine.longestSleep))
    }
  }

  /// What one look at everything has brought.
  struct Progress {
    /// How many operations were completed or taken over.
    var count = 0
    /// Whether none is left.
    var isIdle = true
    /// Whether collectives, or sends, are among those that are left.
    var hasCollectives = false
  }

  /// Looks once at everything.
  func poll() -> Progress {
    driving.withLock { _ in
      let count = takeArrivals() + testRequests() + testSearches()
      return Progress(
        count: count, isIdle: operations.isEmpty && searches.isEmpty,
        hasCollectives: operations.contains { !$0.isCancellable })
    }
  }

  private func takeArrivals() -> Int {
    let (arrivals, hasCancellations) = shared.withLock { shared in
      defer { (shared.arrivals, shared.hasCancellations) = ([], false) }
      return (shared.arrivals, shared.hasCancellations)
    }
    for operation in arrivals {
      if operation.isOneRequest {
        requests.append(operation.request)
        operations.append(operation)
      } else {
        searches.append(operation)
      }
    }
    if hasCancellations { callOff() }
    return arrivals.count
  }

  /// Calls off what was asked for; what cannot be called off now is tried again the next time.
  private func callOff() {
    for operation in operations + searches where operation.isCancellable {
      let isWanted = shared.withLock { _ in operation.wantsCancellation && !operation.isCancelling }
      guard isWanted else { continue }
      let isDone = operation.callOff()
      shared.withLock { shared in
        if isDone { operation.isCancelling = true } else { shared.hasCancellations = true }
      }
    }
  }

  private func testRequests() -> Int {
    guard !requests.isEmpty else { return 0 }
    let count = requests.count
    while statuses.count < count {
      statuses.append(CMPI_Status())
      indices.append(0)
      codes.append(0)
    }
    var done: CInt = 0
    let code = cmpi_testsome(CInt(count), &requests, &done, &indices, &statuses, &codes)
    if code != 0 {
      // The gate is closed, or MPI is broken: nobody is left waiting.
      for operation in operations {
        operation.code = code
        finish(operation)
      }
      (requests, operations) = ([], [])
      return count
    }
    guard done > 0 else { return 0 }
    for position in 0..<Int(done) {
      let operation = operations[Int(indices[position])]
      operation.code = codes[position]
      operation.status = statuses[position]
      operation.request = cmpi_request_null()
    }
    // From the end, so that the numbers before stay right.
    for index in indices[..<Int(done)].sorted(by: >) {
      finish(operations.remove(at: Int(index)))
      requests.remove(at: Int(index))
    }
    return Int(done)
  }

  private func testSearches() -> Int {
    guard !searches.isEmpty else { return 0 }
    var finished: [PendingOperation] = []
    searches.removeAll { operation in
      let isDone = operation.isCalledOff || operation.test()
      if isDone { finished.append(operation) }
      return isDone
    }
    for operation in finished { finish(operation) }
    return finished.count
  }

  private func finish(_ operation: PendingOperation) {
    note(waited: cmpi_now() - operation.start)
    operation.isOver.store(true, ordering: .releasing)
    operation.continuation?.resume()
  }

  // MARK: Who drives, and the end

  func addDriver() {
    shared.withLock { $0.drivers += 1 }
    // The engine's own thread may be in the middle of it.
    driving.withLock { _ in }
  }

  func removeDriver() {
    shared.withLock { $0.drivers -= 1 }
    Bell.engine.ring()
  }

  /// Lets go of everything before MPI is finalised: what still waits throws, and nothing is submitted any more.
  func stop() {
    shared.withLock { $0.isStopped = true }
    driving.withLock { _ in
      let left = shared.withLock { shared in
        defer { shared.arrivals = [] }
        return shared.arrivals
      }
      for operation in operations + searches + left {
        operation.code = -CInt(CMPI_GATE_FINALIZED.rawValue)
        finish(operation)
      }
      (requests, operations, searches) = ([], [], [])
    }
  }
}

/// What wakes a thread that drives the engine.
enum Bell {
  case engine, executor

  private var number: CInt {
    CInt(bitPattern: self == .engine ? CMPI_ENGINE_BELL.rawValue : CMPI_EXECUTOR_BELL.rawValue)
  }

  func ring() { cmpi_bell_ring(number) }

  /// Waits until it is rung, or for so many nanoseconds.
  func wait(_ nanoseconds: Int64 = -1) { cmpi_bell_wait(number, nanoseconds) }
}
