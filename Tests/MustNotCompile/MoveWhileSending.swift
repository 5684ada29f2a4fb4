// expected: overlapping accesses to 'edge'
import MPI

func take(_ values: consuming [Double]) {}

func f(_ world: Communicator) throws {
  var edge = [1.0, 2.0]
  edge.append(3)
  let sending = try world.startSend(edge.span, to: 0)
  take(consume edge)
  try sending.wait()
}
