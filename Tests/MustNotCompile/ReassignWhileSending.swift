// expected: overlapping accesses to 'edge'
import MPI

func f(_ world: Communicator) throws {
  var edge = [1.0, 2.0]
  let sending = try world.startSend(edge.span, to: 0)
  edge = []
  try sending.wait()
}
