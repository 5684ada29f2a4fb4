// expected: a function cannot return a ~Escapable result
import MPI

func f(_ world: Communicator) throws -> Request {
  let edge = [1.0, 2.0]
  return try world.startSend(edge.span, to: 0)
}
