import Dispatch
import MPI
import MPITesting
import TestSupport
import Testing

/// Messages in parts, where MPI has them, and operations that are not MPI's.
@Suite(.ranked) struct PartitionedTests {
  private var me: Int { world.rank.index }
  private var next: Rank { (world.rank + 1) % world.size }
  private var previous: Rank { (world.rank - 1) % world.size }

  /// Whether the error is that this MPI has no such thing.
  private func unlessUnsupported(_ body: () throws(MPIError) -> Void) throws {
    do throws(MPIError) { try body() } catch { if error.errorClass != MPIError.unsupported { throw error } }
  }

  @Test func parts() throws {
    // Not to itself: MPICH 4.0 crashes.
    guard world.size > 1 else { return }
    var out = [Int](repeating: 0, count: 40)
    var into = [Int](repeating: 0, count: 40)
    try unlessUnsupported { () throws(MPIError) in
      var sending = try world.makePartitionedSend(out.mutableSpan, partitions: 4, to: next)
      var receiving = try world.makePartitionedReceive(into: into.mutableSpan, partitions: 4, from: previous)
      for round in 0..<3 {
        try receiving.start()
        try sending.start()
        for partition in [2, 0, 3, 1] {
          try sending.send(partition) { part in
            for index in part.indices { part[index] = 1_000 * me + 100 * round + 10 * partition + index }
          }
        }
        while try !receiving.hasArrived(1) {}
        let first = try receiving.withPartition(1) { $0[0] }
        #expect(first == 1_000 * previous.index + 100 * round + 10)
        try sending.wait()
        try receiving.wait()
        for partition in 0..<4 {
          let values = try receiving.withPartition(partition) { part in part.indices.map { part[$0] } }
          #expect(values == (0..<10).map { 1_000 * previous.index + 100 * round + 10 * partition + $0 })
        }
      }
    }
  }

  @Test func mistakesWithParts() throws {
    guard world.size > 1 else { return }
    var out = [Int](repeating: 0, count: 4)
    var into = [Int](repeating: 0, count: 4)
    try unlessUnsupported { () throws(MPIError) in
      var sending = try world.makePartitionedSend(out.mutableSpan, partitions: 2, to: next)
      var receiving = try world.makePartitionedReceive(into: into.mutableSpan, partitions: 2, from: previous)
      do throws(MPIError) {
        try sending.send(0)
        Issue.record("sent before the start")
      } catch { #expect(error.errorClass == MPIError.argument) }
      try receiving.start()
      try sending.start()
      try sending.send(0)
      do throws(MPIError) {
        try sending.send(0)
        Issue.record("sent twice")
      } catch { #expect(error.errorClass == MPIError.argument) }
      do throws(MPIError) {
        try sending.wait()
        Issue.record("waited without part 1")
      } catch { #expect(error.errorClass == MPIError.argument) }
      try sending.send(1)
      try sending.wait()
      try receiving.wait()
    }
    let error = #expect(throws: MPIError.self) {
      var odd = [1, 2, 3]
      _ = try world.makePartitionedSend(odd.mutableSpan, partitions: 2, to: 0)
    }
    #expect(error?.errorClass == MPIError.length)
  }

  @Test func generalized() throws {
    let operation = GeneralizedOperation()
    var group = RequestGroup()
    group.add(try operation.start(on: world))
    var values = [0]
    group.add(try world.startReceive(into: &values, from: previous))
    let sending = try world.startSend([me].span, to: next)
    try sending.wait()
    let isComplete = try group.testAll()
    #expect(!isComplete)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.01) { try? operation.complete() }
    try group.waitAll()
    try operation.complete()
    #expect(values == [previous.index])
    let error = #expect(throws: MPIError.self) { _ = try operation.start(on: world) }
    #expect(error?.errorClass == MPIError.argument)
  }

  /// One that nobody completes ends with its owner.
  @Test func generalizedAndForgotten() throws {
    var operation: GeneralizedOperation? = GeneralizedOperation()
    let request = try operation!.start(on: world)
    operation = nil
    try request.wait()
  }
}
