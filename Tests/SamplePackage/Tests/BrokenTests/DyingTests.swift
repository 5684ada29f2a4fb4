import MPI
import MPITesting
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Each of these ends its job, and the next still runs.
@Suite(.serialized) struct DyingTests {
  @Test(.ranks(3)) func throwsOnOne() throws {
    struct Refused: Error {}
    if world.rank == 1 { throw Refused() }
    try world.barrier()
  }

  @Test(.ranks(3)) func crashes() throws {
    if world.rank == 2 {
      let nothing: [Int] = []
      print(nothing[world.size])
    }
    try world.barrier()
  }

  @Test(.ranks(3)) func segmentationFault() throws {
    if world.rank == 1 { UnsafeMutablePointer<Int>(bitPattern: 8)!.pointee = 1 }
    try world.barrier()
  }

  @Test(.ranks(3)) func exits() throws {
    if world.rank == 1 {
      usleep(200_000)  // until the others wait
      exit(3)
    }
    try world.barrier()
  }

  @Test(.ranks(3)) func exitsInSilence() throws {
    if world.rank == 0 {
      usleep(200_000)  // until the others wait
      exit(0)
    }
    try world.barrier()
  }

  @Test(.ranks(3)) func isKilled() throws {
    if world.rank == 2 {
      usleep(200_000)  // until the others wait
      kill(getpid(), SIGKILL)
    }
    try world.barrier()
  }

  @Test(.ranks(2)) func aborts() throws {
    if world.rank == 1 { MPIEnvironment.abort(status: 5) }
    try world.barrier()
  }

  @Test(.ranks(2)) func killsTheLauncher() throws {
    if world.isRoot { kill(launcher(), SIGKILL) }
    sleep(1)
    try world.barrier()
  }

  @Test(.ranks(2)) func theNextRuns() { #expect(world.size == 3) }
}

/// The process whose parent runs the tests.
private func launcher() -> pid_t {
  let runner = getenv("SWIFT_MPI_TESTING_PARENT").map { String(cString: $0) }
  var process = getppid()
  while process > 1, let parent = parent(of: process), "\(parent)" != runner { process = parent }
  return process
}

private func parent(of process: pid_t) -> pid_t? {
  guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
  defer { fclose(file) }
  var text = [CChar](repeating: 0, count: 1024)
  guard fgets(&text, 1024, file) != nil else { return nil }
  let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
    separator: ")")
  return fields.last.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { pid_t($0) }
}
