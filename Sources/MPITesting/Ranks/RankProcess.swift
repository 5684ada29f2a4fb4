internal import Foundation
internal import MPI
internal import Synchronization

/// What the tests on this rank share: MPI, and a communicator on which the ranks meet after each test.
struct RankProcess: Sendable {
  /// For the ranks' own agreement, so that it never meets a message of a test.
  let control: Communicator
  /// The start of all random numbers of this run; see ``RankRandomNumberGenerator``.
  let seed: UInt64

  private static let shared = Mutex<RankProcess?>(nil)

  /// Starts MPI before the first test; it is finalised when the process exits.
  ///
  /// - Parameter atEnd: Called after MPI was finalised.
  static func start(atEnd: (@Sendable () -> Void)? = nil) throws -> RankProcess {
    try shared.withLock { shared in
      if let shared { return shared }
      // Tests move between threads.
      try MPIEnvironment.initialize(threadLevel: .multiple)
      whatToDoAtEnd.withLock { $0 = atEnd }
      atexit { RankProcess.finish() }
      let control = try Communicator.world.duplicate()
      let given = ProcessInfo.processInfo.environment[RandomSeed.variable].flatMap { UInt64($0) }
      let seed = try control.broadcast(given ?? .random(in: 0...UInt64(UInt32.max)), from: 0)
      let new = RankProcess(control: control, seed: seed)
      shared = new
      return new
    }
  }

  private static let whatToDoAtEnd = Mutex<(@Sendable () -> Void)?>(nil)

  /// Whether a test is running: who calls `exit` then leaves the others waiting, and must not wait for them.
  static let isInTest = Atomic(false)

  private static func finish() {
    guard !isInTest.load(ordering: .relaxed), (try? MPIEnvironment.finalize()) != nil else { return }
    whatToDoAtEnd.withLock { $0 }?()
  }

  /// Waits until all ranks have ended the test. Collective.
  func meet() { try? control.barrier() }

  /// Receives and describes the messages that were sent to this rank and not received.
  ///
  /// Collective: called when all ranks have ended the test, and waits for all before the next one sends.
  func strayMessages() -> [String] {
    let world = Communicator.world
    var found: [String] = []
    while found.count < 10, let message = try? world.probeMatchedIfAvailable(from: .any, tag: .any) {
      let status = message.status
      let bytes = (try? status.count(of: UInt8.self)).map { "\($0) bytes" } ?? "unknown length"
      found.append("a message of \(bytes) from rank \(status.source) with tag \(status.tag) was never received")
      var none: [UInt8] = Array(repeating: 0, count: (try? status.count(of: UInt8.self)) ?? 0)
      var span = none.mutableSpan
      _ = try? message.receive(into: &span)
    }
    meet()
    return found
  }
}
