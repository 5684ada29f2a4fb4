import Dispatch
import MPI
import Synchronization

/// Something that another thread takes away.
final class Box: Sendable {
  private let kept: Mutex<Communicator?>

  init(_ value: Communicator) { kept = Mutex(value) }

  var value: Communicator? {
    get { kept.withLock { $0 } }
    set { kept.withLock { $0 = newValue } }
  }
}

/// Runs work on a thread that is not MPI's main one, and waits for it.
func onAnotherThread(_ work: @escaping @Sendable () throws -> Void) throws {
  let outcome = Outcome()
  let done = DispatchSemaphore(value: 0)
  DispatchQueue.global().async {
    let result = Result { try work() }
    outcome.result.withLock { $0 = result }
    done.signal()
  }
  done.wait()
  try outcome.result.withLock { $0 }.get()
}

/// Lets time pass.
func wait(seconds: UInt32) { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + Double(seconds)) }

private final class Outcome: Sendable {
  let result = Mutex<Result<Void, any Error>>(.success(()))
}

/// Seconds since 1970, in thousandths.
func now() -> Double {
  Double(DispatchWallTime.now().rawValueInNanoseconds / 1_000_000) / 1000
}

extension DispatchWallTime {
  /// Nanoseconds since 1970: the raw value is their negative.
  fileprivate var rawValueInNanoseconds: UInt64 { UInt64(bitPattern: -Int64(bitPattern: rawValue)) }
}

/// Notes on standard output when the failure begins.
func markTime() { print("failing at \(now())") }
