// awaiting CASE: what `await` costs, and what it needs. Run by launch/tests.d/awaiting.sh, which reads the figures.
//
// The cases that print `ok` check themselves; the others print figures on rank 0.
import Dispatch
import MPI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#elseif canImport(Glibc)
  import Glibc
#endif

@main
struct Awaiting {
  static func main() throws {
    switch CommandLine.arguments.dropFirst().first {
    case "latency": try withMPI(threadLevel: .multiple) { world in try Latency.report(world, "engine") }
    case "latency-thread": try withMPIThread { world in try await Latency.measure(world, "thread") }
    case "idle": try Idle.report()
    case "blocked": try Blocked.check()
    case "thread": try OneThread.check()
    default: fatalError("usage: awaiting latency|latency-thread|idle|blocked|thread")
    }
  }
}

/// Runs asynchronous work, and blocks this thread until it is done.
func blocking<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) throws -> Result {
  let done = DispatchSemaphore(value: 0)
  let box = Box<Result>()
  Task.detached {
    do { box.result = .success(try await work()) } catch { box.result = .failure(error) }
    done.signal()
  }
  done.wait()
  return try box.result!.get()
}

final class Box<Value>: @unchecked Sendable {
  var result: Result<Value, any Error>?
}

/// A ping-pong of 8 bytes between ranks 0 and 1, blocking and awaited in turn; the best of many short runs counts, which
/// another program on the same cores has disturbed least.
enum Latency {
  static let rounds = 200

  static func report(_ world: Communicator, _ name: String) throws {
    try blocking { try await measure(world, name) }
  }

  static func measure(_ world: Communicator, _ name: String) async throws {
    let peer: Rank = world.rank == 0 ? 1 : 0
    var best = (blocking: Double.infinity, awaited: Double.infinity)
    for _ in 0..<300 {
      let start = now()
      try pingPong(world, peer)
      let middle = now()
      try await awaitedPingPong(world, peer)
      let end = now()
      best.blocking = min(best.blocking, (middle - start) / Double(2 * rounds) * 1e6)
      best.awaited = min(best.awaited, (end - middle) / Double(2 * rounds) * 1e6)
    }
    if world.isRoot { print("latency \(name) \(best.blocking) \(best.awaited)") }
  }

  private static func pingPong(_ world: Communicator, _ peer: Rank) throws {
    var values = [0]
    for _ in 0..<rounds {
      if world.isRoot { try world.send(values, to: peer) }
      try world.receive(into: &values, from: peer)
      if !world.isRoot { try world.send(values, to: peer) }
    }
  }

  private static func awaitedPingPong(_ world: Communicator, _ peer: Rank) async throws {
    var values = [0]
    for _ in 0..<rounds {
      if world.isRoot { try await world.send(values, to: peer) }
      try await world.receive(into: &values, from: peer)
      if !world.isRoot { try await world.send(values, to: peer) }
    }
  }

  static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}

/// The processor time of a rank that waits two seconds for a message.
enum Idle {
  static func report() throws {
    try withMPI(threadLevel: .multiple) { world in
      try blocking {
        // What starting costs is not counted.
        _ = try await world.allReduce(1, .sum)
        let start = clock()
        if world.isRoot {
          try await Task.sleep(for: .seconds(2))
          try await world.send([1], to: 1)
        } else if world.rank == 1 {
          _ = try await world.receive([Int].self, from: 0)
          let share = Double(clock() - start) / Double(CLOCKS_PER_SEC) / 2
          print("idle \(share * 100)")
        }
        // Nobody spins at the end, where the others wait.
        try await world.barrier()
      }
    }
  }
}

/// The main thread is blocked, and the tasks go on: receives, a collective and a search.
enum Blocked {
  static func check() throws {
    try withMPI(threadLevel: .multiple) { world in
      let sum = try blocking {
        let next = (world.rank + 1) % world.size
        let previous = (world.rank - 1) % world.size
        async let received = world.receive([Int].self, from: previous)
        async let value = world.receive(Int.self, from: previous, tag: 1)
        try await Task.sleep(for: .milliseconds(50))
        try await world.send([1, 2, 3], to: next)
        try await world.send(4, to: next, tag: 1)
        let total = try await received.reduce(0, +) + value
        return try await world.allReduce(total, .sum)
      }
      guard sum == 10 * world.size else { fatalError("the sum is \(sum)") }
    }
    print("ok")
  }
}

/// A whole program on the thread that initialised MPI, at the least thread level.
enum OneThread {
  static func check() throws {
    let sum = try withMPIThread { world in
      let next = (world.rank + 1) % world.size
      let previous = (world.rank - 1) % world.size
      let received = try await withThrowingTaskGroup(of: Int.self) { group in
        for tag in 0..<20 { group.addTask { try await world.receive(Int.self, from: previous, tag: tag) } }
        for tag in 0..<20 {
          group.addTask {
            try await Task.sleep(for: .milliseconds(tag % 3))
            try await world.send(tag, to: next, tag: tag)
            return 0
          }
        }
        return try await group.reduce(0, +)
      }
      let waiting = Task { try await world.receive(Int.self, from: .any, tag: 99) }
      try await Task.sleep(for: .milliseconds(5))
      waiting.cancel()
      guard case .failure = await waiting.result else { fatalError("a message came from nowhere") }
      // The blocking calls work on this thread as well.
      func blockingSum() throws -> Int { try world.allReduce(received, .sum) }
      return try blockingSum() / world.size
    }
    guard sum == 190 else { fatalError("the sum is \(sum)") }
    print("ok")
  }
}
