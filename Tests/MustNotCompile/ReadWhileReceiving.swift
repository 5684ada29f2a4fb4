// expected: overlapping accesses to 'ghost'
import MPI

func f(_ world: Communicator) throws {
  var ghost = [0.0, 0.0]
  let receiving = try world.startReceive(into: &ghost, from: 0)
  print(ghost[0])
  try receiving.wait()
}
