// expected: lifetime-dependent variable 'receiving' escapes its scope
import MPI

func f(_ world: Communicator) throws {
  let receiving: Request
  do {
    var ghost = [0.0, 0.0]
    receiving = try world.startReceive(into: &ghost, from: 0)
  }
  try receiving.wait()
}
