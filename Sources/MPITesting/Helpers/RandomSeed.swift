internal import Testing

/// The start of the random numbers of one test.
struct RandomSeed: Sendable {
  /// The variable that repeats a run.
  static let variable = "SWIFT_MPI_TESTING_SEED"

  /// The seed of the test that this task runs, on a rank.
  @TaskLocal static var current: RandomSeed?

  /// What repeats a run with this seed.
  static func advice(_ seed: UInt64) -> String { "its random numbers come again with \(variable)=\(seed)" }

  /// The test's own number: it depends on the run's seed and the test's name, not on the tests before it.
  let value: UInt64
  private let noteUse: @Sendable () -> Void

  init(_ seed: UInt64, _ test: Test, noteUse: @escaping @Sendable () -> Void) {
    // FNV-1a (Fowler, Noll, Vo), which is the same in every process, as Swift's own hashing is not.
    let name = "\(test.id)".prefix { $0 != "/" } + "/" + test.name
    value = name.utf8.reduce(0xcbf2_9ce4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    self.noteUse = noteUse
  }

  func use() -> UInt64 {
    noteUse()
    return value
  }
}
