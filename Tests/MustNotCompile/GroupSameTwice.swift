// expected: overlapping accesses to 'ghost'
import MPI

func f(_ world: Communicator) throws {
  var ghost = [0.0, 0.0]
  var group = RequestGroup()
  group.add(try world.startReceive(into: &ghost, from: 0))
  group.add(try world.startReceive(into: &ghost, from: 1))
  try group.waitAll()
}
