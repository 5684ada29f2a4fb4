// Must compile: what the other files of this folder do, done right.
import MPI

func halo(_ world: Communicator, _ edge: [Double], _ ghost: inout [Double]) throws {
  let receiving = try world.startReceive(into: &ghost, from: 0)
  let sending = try world.startSend(edge.span, to: 0)
  print(edge[0])
  try sending.wait()
  try receiving.wait()
  ghost[0] = 1
}

func neighbours(_ world: Communicator, _ ranks: [Rank], _ values: inout [Double]) throws {
  var group = RequestGroup()
  var pieces = values.mutableSpan.chunks(of: 10)
  for rank in ranks {
    guard let piece = pieces.next() else { break }
    group.add(try world.startReceive(into: piece, from: rank))
  }
  while let completion = try group.waitAny() { print(completion.index) }
}

func moved(_ world: Communicator) throws -> [Double] {
  var values = [1.0, 2.0]
  var receiving = try world.startReceive(into: &values, from: .any)
  while try receiving.test() == nil {}
  try receiving.wait()
  return values
}

func lent(_ world: Communicator, _ values: Span<Int>) throws {
  let sending = try world.startSend(values, to: 1)
  try finish(sending)
}

func finish(_ request: consuming Request) throws { try request.wait() }

func summed(_ world: Communicator, _ local: inout [Double], _ total: inout [Double]) async throws {
  do {
    var summing = try world.makeAllReduce(local.mutableSpan, into: total.mutableSpan, .sum)
    summing.withOutgoing { $0[0] = 1 }
    let round = try summing.start()
    try await round.wait()
    summing.withIncoming { print($0[0]) }
  }
  print(total[0])
}
