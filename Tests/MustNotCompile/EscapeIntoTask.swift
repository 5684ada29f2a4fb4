// expected: noncopyable 'sending' cannot be consumed when captured by an escaping closure
import MPI

func f(_ world: Communicator, _ edge: [Double]) throws {
  let sending = try world.startSend(edge.span, to: 0)
  Task { try sending.wait() }
}
