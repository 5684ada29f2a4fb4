// expected: type 'Request' does not conform to protocol 'Copyable'
import MPI

func f(_ world: Communicator, _ edge: [Double]) throws {
  var requests: [Request] = []
  requests.append(try world.startSend(edge.span, to: 0))
}
