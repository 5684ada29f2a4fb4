public import MPI
public import MPITesting
public import Testing

extension Trait where Self == RanksTrait {
  /// On one rank, on two, on an odd number, on a power of two, and on more than most data have parts.
  public static var ranked: Self { .ranks(1, 2, 3, 4, 7) }
}

/// The communicator of all ranks.
public var world: Communicator { .world }
