// array-speed [COUNT [ROUNDS]]: vectors of COUNT doubles, each operation in Swift and in C in turn, on the same memory.
//
// Prints the best time of each and, for long vectors, the bytes that it touches in a second.
import CArraySpeed
import DistributedArrays
import MPI

@main
struct ArraySpeed {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let count = arguments.first ?? 40_000_000
    let rounds = arguments.dropFirst().first ?? 7
    try withMPI { world in
      let x = DistributedVector(count: count, random: IndexedRandom(seed: 1), on: world) as DistributedVector<Double>
      let y = DistributedVector(count: count, random: IndexedRandom(seed: 2), on: world) as DistributedVector<Double>
      var z = DistributedVector(repeating: 0.0, count: count, on: world)
      var c = [Double](repeating: 0, count: x.localCount)
      let calls = max(200_000 / max(count, 1), 1)
      var timer = Timer(x: x, y: y, calls: calls, rounds: rounds)

      timer.compare("dot", bytes: 16 * count) {
        try x.dot(y)
      } c: { x, y, n in
        c_dot(x, y, n)
      }
      timer.compare("dot, reproducible", bytes: 16 * count) {
        try x.dot(y, .reproducible)
      } c: { x, y, n in
        c_dot(x, y, n)
      }
      timer.compare("sum", bytes: 8 * count) {
        try x.sum()
      } c: { x, _, n in
        c_sum(x, n)
      }
      timer.compare("sum, reproducible", bytes: 8 * count) {
        try x.sum(.reproducible)
      } c: { x, _, n in
        c_sum(x, n)
      }
      timer.compare("norm", bytes: 8 * count) {
        try x.norm()
      } c: { x, _, n in
        c_norm(x, n)
      }
      timer.compare("maximum", bytes: 8 * count) {
        try x.maximum() ?? 0
      } c: { x, _, n in
        c_maximum(x, n)
      }
      timer.compare("(x - y) norm", bytes: 16 * count) {
        try (x - y).norm()
      } c: { x, y, n in
        c_dot(x, y, n)
      }
      timer.compare("z = 1.5 * x + y", bytes: 24 * count) {
        try z.assign(1.5 * x + y)
        return 0
      } c: { x, y, n in
        c.withUnsafeMutableBufferPointer { c_scaled_sum(1.5, x, y, $0.baseAddress, n) }
        return 0
      }
      for index in c.indices where c[index] != z.localElements[index] { fatalError("the two differ at \(index)") }
      if let failure = timer.failure { throw failure }
    }
  }
}

/// Measures two ways to do the same, one after the other.
struct Timer {
  let x: DistributedVector<Double>
  let y: DistributedVector<Double>
  let calls: Int
  let rounds: Int
  var failure: (any Error)?

  private var world: Communicator { x.communicator }

  init(x: DistributedVector<Double>, y: DistributedVector<Double>, calls: Int, rounds: Int) {
    self.x = x
    self.y = y
    self.calls = calls
    self.rounds = rounds
    if world.isRoot { print("operation              Swift          C   ratio      Swift          C") }
  }

  /// Prints the best time of a call in microseconds and, for both, gigabytes in a second.
  mutating func compare(
    _ name: String, bytes: Int, swift: () throws -> Double,
    c: (UnsafePointer<Double>?, UnsafePointer<Double>?, Int) -> Double
  ) {
    var best = (Double.infinity, Double.infinity)
    do {
      let count = x.localCount
      try self.x.localElements.withUnsafeBufferPointer { x in
        try self.y.localElements.withUnsafeBufferPointer { y in
          for _ in 0..<rounds {
            best.0 = min(best.0, try time { _ = try swift() })
            best.1 = min(best.1, try time { _ = c(x.baseAddress, y.baseAddress, count) })
          }
        }
      }
    } catch {
      failure = error
    }
    guard world.isRoot else { return }
    func column(_ value: Double, _ width: Int, _ digits: Int) -> String {
      let scale = digits == 1 ? 10.0 : 100.0
      let text = "\((value * scale).rounded() / scale)"
      return String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    let padded = name + String(repeating: " ", count: max(18 - name.count, 0))
    print(
      padded + column(best.0 * 1e6, 8, 2) + " µs" + column(best.1 * 1e6, 8, 2) + " µs" + column(best.0 / best.1, 7, 2)
        + column(Double(bytes) / best.0 * 1e-9, 7, 1) + " GB/s" + column(Double(bytes) / best.1 * 1e-9, 7, 1) + " GB/s")
  }

  private func time(_ work: () throws -> Void) throws -> Double {
    try world.barrier()
    let start = try MPIEnvironment.wallTime
    for _ in 0..<calls { try work() }
    return try world.allReduce((try MPIEnvironment.wallTime - start) / Double(calls), .maximum)
  }
}
