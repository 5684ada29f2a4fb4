// expected: overlapping accesses to 'ghost'
import MPI

func f(_ world: Communicator) throws {
  var ghost = [0.0, 0.0]
  let receiving = try world.startReceive(into: &ghost, from: 0)
  ghost[0] = 1
  try receiving.wait()
}
