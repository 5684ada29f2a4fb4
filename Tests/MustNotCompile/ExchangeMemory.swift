// expected: overlapping accesses to 'total'
import MPI

func f(_ world: Communicator, _ local: inout [Double], _ total: inout [Double]) throws {
  var summing = try world.makeAllReduce(local.mutableSpan, into: total.mutableSpan, .sum)
  let first = try summing.start()
  try first.wait()
  print(total[0])
  let second = try summing.start()
  try second.wait()
}
