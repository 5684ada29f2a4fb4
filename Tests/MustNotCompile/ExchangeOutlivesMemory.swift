// expected: lifetime-dependent variable 'summing' escapes its scope
import MPI

func f(_ world: Communicator, _ local: inout [Double]) throws {
  var summing: PersistentExchange<Double>
  do {
    var total = local
    summing = try world.makeAllReduce(local.mutableSpan, into: total.mutableSpan, .sum)
  }
  let round = try summing.start()
  try round.wait()
}
