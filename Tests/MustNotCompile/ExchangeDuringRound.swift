// expected: overlapping accesses to 'summing'
import MPI

func f(_ world: Communicator, _ local: inout [Double], _ total: inout [Double]) throws {
  var summing = try world.makeAllReduce(local.mutableSpan, into: total.mutableSpan, .sum)
  let round = try summing.start()
  summing.withOutgoing { $0[0] = 1 }
  try round.wait()
}
