internal import CMPI
internal import Synchronization

/// Runs tasks on the one thread that may call MPI, and completes what they wait for between them.
final class MPIExecutor: TaskExecutor, @unchecked Sendable {
  private let jobs = Mutex<[UnownedJob]>([])
  private let isDone = Atomic<Bool>(false)
  private static let running = Atomic<Int>(0)

  static var isRunning: Bool { running.load(ordering: .relaxed) > 0 }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    Bell.executor.ring()
  }

  func finish() {
    isDone.store(true, ordering: .releasing)
    Bell.executor.ring()
  }

  /// Runs jobs on the calling thread until ``finish()``.
  func run() {
    let engine = ProgressEngine.shared
    engine.addDriver()
    Self.running.add(1, ordering: .relaxed)
    var pause = ProgressEngine.Pause(.executor)
    while !isDone.load(ordering: .acquiring) {
      let ready = jobs.withLock { jobs in
        defer { jobs = [] }
        return jobs
      }
      for job in ready { job.runSynchronously(on: asUnownedTaskExecutor()) }
      var progress = engine.poll()
      progress.count += ready.count
      if progress.count == 0, progress.isIdle { Bell.executor.wait() } else { pause.wait(after: progress) }
    }
    Self.running.subtract(1, ordering: .relaxed)
    engine.removeDriver()
  }
}

/// Initialises MPI, runs an asynchronous SPMD program on this thread alone, finalises MPI.
///
/// ```swift
/// static func main() throws {
///   try withMPIThread { world in
///     async let halo = world.receive([Double].self, from: 1)
///     let norm = try await world.allReduce(norm(), .sum)
///   }
/// }
/// ```
///
/// As `withMPI`, but all tasks of the program run on the calling thread, between which it completes what they wait for: no
/// task changes threads, the least thread level suffices, and an `await` costs no more than a poll when messages come soon.
///
/// - Parameters:
///   - threadLevel: The least thread level that the program needs.
///   - body: The program, which gets the communicator of all processes.
/// - Returns: What the closure returns.
/// - Throws: The closure's error, only where MPI was running before the call; elsewhere the job has ended.
public func withMPIThread<Result: Sendable>(
  threadLevel: ThreadLevel = .single,
  _ body: @escaping @Sendable (_ world: Communicator) async throws -> Result
) throws -> Result {
  try withMPI(threadLevel: threadLevel) { world in
    let executor = MPIExecutor()
    let box = OutcomeBox<Result>()
    Task(executorPreference: executor) {
      do { box.outcome = .success(try await body(world)) } catch { box.outcome = .failure(error) }
      executor.finish()
    }
    executor.run()
    return try box.outcome!.get()
  }
}

/// Written by the task, and read when it has ended.
private final class OutcomeBox<Result>: @unchecked Sendable {
  var outcome: Swift.Result<Result, any Error>?
}
