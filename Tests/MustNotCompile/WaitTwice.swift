// expected: 'sending' consumed more than once
import MPI

func f(_ world: Communicator, _ edge: [Double]) throws {
  let sending = try world.startSend(edge.span, to: 0)
  try sending.wait()
  try sending.wait()
}
