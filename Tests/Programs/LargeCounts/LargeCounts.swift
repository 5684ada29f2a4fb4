// large-counts [blocking] [started] [prepared] [awaited]: every operation with more than 2³¹-1 values, on two ranks: about
// 12 GB of memory in all. large-counts trees: what is beyond 2³¹ inside MPI only, on four ranks. Run by large-counts.sh.
import MPI

/// More than an `Int32` can count, and no multiple of the pieces in which large counts go.
let count = (1 << 31) + 5

/// The value at an index, different for each rank and operation.
func value(_ index: Int, _ seed: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &* 31 &+ seed &* 7 &+ index >> 20) }

/// Where an error of a count that wrapped, or of a piece that was forgotten, would show.
let probes: [Int] = {
  let edges = [0, 1 << 20, 1 << 30, 1 << 31, count - 1].flatMap { [$0 - 1, $0, $0 + 1] }
  let anywhere = (1...500).map { $0 &* 4_294_967_291 % count }
  return (edges + anywhere).filter { (0..<count).contains($0) }
}()

func filled(_ count: Int, _ seed: Int) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    for index in 0..<count { buffer[index] = value(index, seed) }
    initialized = count
  }
}

struct Mismatch: Error, CustomStringConvertible {
  let description: String
}

func expect(_ what: String, _ isRight: (Int) -> Bool) throws {
  for index in probes where !isRight(index) { throw Mismatch(description: "\(what): wrong value at \(index)") }
}

/// The two ranks, and steps that say how long they took.
struct Steps: Sendable {
  let world: Communicator
  var me: Int { world.rank.index }
  var other: Rank { Rank(1 - me) }

  func step(_ name: String, _ body: () throws -> Void) throws {
    let start = try MPIEnvironment.wallTime
    try body()
    try ended(name, start)
  }

  func step(_ name: String, _ body: () async throws -> Void) async throws {
    let start = try MPIEnvironment.wallTime
    try await body()
    try ended(name, start)
  }

  private func ended(_ name: String, _ start: Double) throws {
    try world.barrier()
    if world.isRoot { print("passed: \(name), \(Int(try MPIEnvironment.wallTime - start)) s") }
  }
}

@main
struct LargeCounts {
  static func main() throws {
    let chosen = Array(CommandLine.arguments.dropFirst())
    func isChosen(_ part: String) -> Bool { chosen.isEmpty || chosen.contains(part) }
    let wantsAwaited = isChosen("awaited")
    let wanted = ["blocking", "started", "prepared"].filter(isChosen)
    try withMPIThread { world in
      let ranks = chosen == ["trees"] ? 4 : 2
      guard world.size == ranks else { throw Mismatch(description: "start it on \(ranks) ranks") }
      let steps = Steps(world: world)
      if ranks == 4 { return try steps.trees() }
      try run(steps, wanted)
      if wantsAwaited { try await steps.awaited() }
    }
  }

  private static func run(_ steps: Steps, _ wanted: [String]) throws {
    if wanted.contains("blocking") { try steps.blocking() }
    if wanted.contains("started") { try steps.started() }
    if wanted.contains("prepared") { try steps.prepared() }
  }
}
