// expected: 'sending' used after consume
import MPI

func f(_ world: Communicator, _ edge: [Double]) throws {
  var sending = try world.startSend(edge.span, to: 0)
  try sending.wait()
  try sending.test()
}
