import MPI

/// Which numbers of a vector travel between the ranks for each product: found once, used every time.
struct ExchangePlan {
  private let world: Communicator

  /// Whose numbers come here, how many; in the order in which they lie behind each other.
  private let sources: [(rank: Rank, count: Int)]

  /// Who gets numbers of this rank, and which of them.
  private let destinations: [(rank: Rank, places: Range<Int>)]

  /// The local places of all numbers that are sent, those for one destination behind those for another.
  private let sentPlaces: [Int32]

  /// Numbers that come from others.
  var receivedCount: Int { sources.reduce(0) { $0 + $1.count } }

  /// Tells each rank which of its numbers this one needs.
  ///
  /// Collective: two exchanges among all ranks.
  ///
  /// - Parameter needed: Rows of others, in rising order, each once.
  init(needed: [Int], rows: RowBlocks, on world: Communicator) throws {
    self.world = world
    var wanted = [[Int]](repeating: [], count: world.size)
    for row in needed { wanted[rows.owner(of: row)].append(row) }
    let asked = try world.allToAll(wanted)
    sources = wanted.indices.filter { !wanted[$0].isEmpty }.map { (Rank($0), wanted[$0].count) }
    var destinations: [(Rank, Range<Int>)] = []
    var places: [Int32] = []
    for (rank, asked) in asked.enumerated() where !asked.isEmpty {
      destinations.append((Rank(rank), places.count..<(places.count + asked.count)))
      places += asked.map { Int32($0 - rows.local.lowerBound) }
    }
    self.destinations = destinations
    sentPlaces = places
  }

  /// Exchanges the numbers of a vector, and does some work while they are on their way.
  ///
  /// The requests are bound to the two buffers: the compiler keeps the work from using them.
  ///
  /// - Parameters:
  ///   - values: This rank's part of the vector.
  ///   - outgoing: Where what is sent is gathered; as long as the plan sends.
  ///   - incoming: Where what comes goes; as long as the plan receives.
  ///   - work: What needs no number of another rank.
  func exchange(
    _ values: [Double], through outgoing: inout [Double], into incoming: inout [Double], during work: () -> Void
  ) throws {
    for (index, place) in sentPlaces.enumerated() { outgoing[index] = values[Int(place)] }
    let sent = outgoing.span
    var rest = incoming.mutableSpan
    var requests = RequestGroup()
    requests.reserveCapacity(sources.count + destinations.count)
    for source in sources {
      requests.add(try world.startReceive(into: rest.takeFirst(source.count), from: source.rank))
    }
    for destination in destinations {
      requests.add(try world.startSend(sent.extracting(destination.places), to: destination.rank))
    }
    work()
    try requests.waitAll()
  }

  /// Numbers that go to others, each as often as it is sent.
  var sentCount: Int { sentPlaces.count }
}
