public import CMPI

/// A group of processes that communicate among themselves, apart from all other messages.
///
/// ``world`` holds all processes; others are made from it. A communicator is freed when its last reference goes, on
/// whatever thread that happens, before or after MPI is finalised (`MPI_Comm_free`, which the standard expects to be
/// local, MPI 5.0, §7.4.3). Those with a shape of their own are a ``CartesianCommunicator``.
public class Communicator: @unchecked Sendable {
  @usableFromInline let handle: CMPI_Comm
  // Written once, when MPI has come up: the checks of exclusive access would cost more than the rest of a call.
  @exclusivity(unchecked) @usableFromInline final private(set) var place: Place
  // The same on their own: of a word that is taken apart, both would be in registers wherever one is compared.
  @exclusivity(unchecked) @usableFromInline final private(set) var storedRank: Int32
  @exclusivity(unchecked) @usableFromInline final private(set) var storedSize: Int32
  @exclusivity(unchecked) @usableFromInline final private(set) var division: Division

  /// Whether the handle is freed with the last reference.
  private let isOwned: Bool

  init(handle: CMPI_Comm, rank: Int32, size: Int32, isOwned: Bool) {
    self.handle = handle
    self.place = Place(rank: rank, size: size)
    (self.storedRank, self.storedSize) = (rank, size)
    self.division = Division(by: size)
    self.isOwned = isOwned
  }

  /// Takes over a handle that MPI has just made.
  convenience init(owning handle: CMPI_Comm, _ procedure: StaticString) throws(MPIError) {
    try check(cmpi_comm_return_errors(handle), procedure)
    let (rank, size) = try Communicator.place(in: handle, procedure)
    self.init(handle: handle, rank: rank, size: size, isOwned: true)
  }

  deinit {
    if isOwned { cmpi_comm_release(handle) }
  }

  /// Says which rank of how many this process is, once that is known.
  final func settle(rank: Int32, size: Int32) {
    division = Division(by: size)
    place = Place(rank: rank, size: size)
    (storedRank, storedSize) = (rank, size)
  }

  static func place(in handle: CMPI_Comm, _ procedure: StaticString) throws(MPIError) -> (Int32, Int32) {
    var rank: CInt = 0
    var size: CInt = 0
    try check(cmpi_comm_rank(handle, &rank), procedure)
    try check(cmpi_comm_size(handle, &size), procedure)
    return (rank, size)
  }

  /// All processes that were started together (`MPI_COMM_WORLD`).
  ///
  /// Before initialisation its size is 0, its rank ``Rank/null``, and every call on it throws.
  public static var world: Communicator {
    World.refresh()
    return World.world
  }

  /// This process alone (`MPI_COMM_SELF`).
  public static var selfOnly: Communicator {
    World.refresh()
    return World.selfOnly
  }

  /// This process in the communicator (`MPI_Comm_rank`, asked once).
  @inlinable
  public final var rank: Rank { Rank(value: storedRank) }

  /// How many processes the communicator has (`MPI_Comm_size`, asked once).
  @inlinable
  public final var size: Int { Int(storedSize) }

  /// All ranks, in order.
  @inlinable
  public final var ranks: some RandomAccessCollection<Rank> { (0..<size).lazy.map { Rank($0) } }

  /// Whether this process is rank 0.
  @inlinable
  public final var isRoot: Bool { storedRank == 0 }
}

/// Rank and size in one word, which a request takes along as it is.
@frozen @usableFromInline
struct Place: Equatable {
  @usableFromInline let word: UInt64

  init(word: UInt64) { self.word = word }

  @inlinable @inline(__always)
  init(rank: Int32, size: Int32) {
    word = UInt64(UInt32(bitPattern: rank)) | UInt64(UInt32(bitPattern: size)) &<< 32
  }

  @inlinable @inline(__always)
  var rank: Int32 { Int32(truncatingIfNeeded: word) }
  @inlinable @inline(__always)
  var size: Int32 { Int32(truncatingIfNeeded: word &>> 32) }
}

/// The two communicators that MPI makes, kept for the life of the process.
enum World {
  static let world = Communicator(handle: cmpi_comm_world(), rank: .min, size: 0, isOwned: false)
  static let selfOnly = Communicator(handle: cmpi_comm_self(), rank: .min, size: 0, isOwned: false)

  /// Asks for ranks and sizes when MPI has come up since the last time; the values never change afterwards.
  static func refresh() {
    guard world.storedSize == 0, MPIEnvironment.isInitialized, !MPIEnvironment.isFinalized,
      let place = try? Communicator.place(in: world.handle, "MPI_Comm_rank")
    else { return }
    selfOnly.settle(rank: 0, size: 1)
    world.settle(rank: place.0, size: place.1)
  }
}
