// expected: lifetime-dependent variable 'sending' escapes its scope
import MPI

func f(_ world: Communicator) throws {
  let sending: Request
  do {
    let edge = [1.0, 2.0]
    sending = try world.startSend(edge.span, to: 0)
  }
  try sending.wait()
}
