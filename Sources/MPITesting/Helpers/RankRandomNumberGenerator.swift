public import MPI

/// Random numbers for a test: another sequence on each rank, or the same on all.
///
/// Each run has new numbers; a failure says the seed with which they come again (`SWIFT_MPI_TESTING_SEED=… swift test`).
/// A test's numbers do not depend on which tests ran before it. What another rank draws can be computed anywhere:
/// `RankRandomNumberGenerator(rank: 2)` is on every rank the generator that rank 2 gets.
///
/// The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
public struct RankRandomNumberGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The generator of one rank, in the test that runs. Local.
  ///
  /// - Parameters:
  ///   - rank: Whose numbers.
  ///   - stream: Distinguishes several generators in one test.
  public init(rank: Rank, stream: UInt64 = 0) {
    self.init(seed: RandomSeed.current?.use() ?? 0, stream: stream, rank: UInt64(rank.index) + 1)
  }

  /// The generator that gives the same numbers on all ranks, in the test that runs. Local.
  ///
  /// - Parameter stream: Distinguishes several generators in one test.
  public init(sharedStream stream: UInt64 = 0) {
    self.init(seed: RandomSeed.current?.use() ?? 0, stream: stream, rank: 0)
  }

  private init(seed: UInt64, stream: UInt64, rank: UInt64) {
    state = seed
    for number in [stream, rank] { state = next() &+ number &* 0x2545_F491_4F6C_DD1D }
  }

  /// The next number, any of 2⁶⁴ with the same probability.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
