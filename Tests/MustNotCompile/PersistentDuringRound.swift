// expected: overlapping accesses to 'halo'
import MPI

func f(_ world: Communicator, _ ghost: inout [Double]) throws {
  var halo = try world.makeReceive(into: ghost.mutableSpan, from: 0)
  let round = try halo.start()
  halo.withValues { $0[0] = 1 }
  try round.wait()
}
