import MPI
import MPITesting
import TestSupport
import Testing

/// What is known of the MPI below.
@Suite(.ranked) struct EnvironmentTests {
  @Test func state() throws {
    #expect(MPIEnvironment.isInitialized)
    #expect(!MPIEnvironment.isFinalized)
    #expect(try MPIEnvironment.threadLevel == .multiple)
    // A second initialisation does nothing.
    try MPIEnvironment.initialize()
    try MPIEnvironment.initialize(threadLevel: .multiple)
    #expect(try MPIEnvironment.threadLevel == .multiple)
    _ = try MPIEnvironment.isMainThread
  }

  @Test func versions() {
    let family = MPIEnvironment.Implementation.built
    #expect(family != .other)
    #expect(MPIEnvironment.libraryVersion.contains(family.rawValue))
    #expect(MPIEnvironment.builtAgainst.hasPrefix(family.rawValue))
    #expect(MPIEnvironment.standardVersion.major >= 3)
  }

  @Test func tagsAndNames() throws {
    // The least that the standard allows; one of them the library keeps for itself.
    #expect(try MPIEnvironment.tagUpperBound >= 32_766)
    let name = try processorName()
    #expect(!name.isEmpty)
    #expect(try world.allGather(object: name) == [String](repeating: name, count: world.size))
  }

  @Test func clock() throws {
    let resolution = try MPIEnvironment.wallTimeResolution
    #expect(resolution > 0 && resolution < 0.1)
    var last = try MPIEnvironment.wallTime
    let start = last
    while last < start + 5 * resolution {
      let now = try MPIEnvironment.wallTime
      #expect(now >= last)
      last = now
    }
  }

  @Test func threadLevelsAreOrdered() {
    #expect(ThreadLevel.allCases == ThreadLevel.allCases.sorted())
    #expect(ThreadLevel.allCases.map(\.description) == ["single", "funneled", "serialized", "multiple"])
  }

  /// Where MPI runs already, `withMPI` runs its closure and leaves MPI running.
  @Test func withMPIWithinMPI() throws {
    struct Failure: Error {}
    let size = try withMPI { world in world.size }
    #expect(size == world.size)
    #expect(throws: Failure.self) { try withMPI { _ in throw Failure() } }
    #expect(!MPIEnvironment.isFinalized)
    try world.barrier()
  }

  @Test func withMPIWithinMPIAsynchronously() async throws {
    let sum = try await withMPI { world in
      await Task.yield()
      return try await world.allReduce(world.rank.index, .sum)
    }
    #expect(sum == world.size * (world.size - 1) / 2)
    #expect(!MPIEnvironment.isFinalized)
  }
}
