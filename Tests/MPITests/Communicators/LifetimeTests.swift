import Dispatch
import MPI
import MPITesting
import Synchronization
import TestSupport
import Testing

/// Communicators end with their last reference.
@Suite(.ranked) struct LifetimeTests {
  /// More than an MPI can have at the same time: MPICH stops at 2,046.
  @Test func thousandsOneAfterTheOther() throws {
    for index in 0..<3_000 {
      let copy = try world.duplicate()
      if index.isMultiple(of: 500) { #expect(try copy.allReduce(1, .sum) == world.size) }
    }
  }

  @Test func hundredsAtTheSameTime() throws {
    var copies: [Communicator] = []
    for index in 0..<200 { copies.append(try #require(try world.split(color: 0, key: index % 3 - 1))) }
    for copy in copies { #expect(try copy.allReduce(1, .sum) == world.size) }
    // Freed in another order than made.
    while !copies.isEmpty { copies.remove(at: copies.count / 2) }
    try world.barrier()
  }

  @Test func theLastReferenceCounts() throws {
    weak var observed: Communicator?
    do {
      let copy = try world.duplicate()
      observed = copy
      let closure = { [copy] in copy.size }
      #expect(closure() == world.size)
      #expect(observed != nil)
    }
    #expect(observed == nil)
  }

  @Test func droppedOnAnotherThread() throws {
    for _ in 0..<20 {
      let copy = Held(try world.duplicate())
      let done = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        copy.drop()
        done.signal()
      }
      done.wait()
    }
    // All ranks still make the same communicators.
    #expect(try world.duplicate().allReduce(1, .sum) == world.size)
  }

  private final class Held: Sendable {
    private let held: Mutex<Communicator?>
    init(_ communicator: Communicator) { held = Mutex(communicator) }
    func drop() { held.withLock { $0 = nil } }
  }

  @Test func callsFromAnotherThread() throws {
    let copy = try world.duplicate()
    let result = Shared()
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      result.set((try? copy.allReduce(copy.rank.index, .sum)) ?? -1)
      done.signal()
    }
    done.wait()
    #expect(result.value == world.size * (world.size - 1) / 2)
  }

  private final class Shared: Sendable {
    private let held = Mutex(0)
    func set(_ value: Int) { held.withLock { $0 = value } }
    var value: Int { held.withLock { $0 } }
  }

  @Test func groupsOneAfterTheOther() throws {
    for _ in 0..<3_000 {
      let group = try world.group.including([world.rank])
      #expect(try group.size == 1)
    }
  }
}
