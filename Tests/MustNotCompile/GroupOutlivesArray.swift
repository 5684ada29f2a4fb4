// expected: lifetime-dependent variable 'group' escapes its scope
import MPI

func f(_ world: Communicator, _ ranks: [Rank]) throws {
  var group = RequestGroup()
  for rank in ranks {
    var ghost = [0.0, 0.0]
    group.add(try world.startReceive(into: &ghost, from: rank))
  }
  try group.waitAll()
}
