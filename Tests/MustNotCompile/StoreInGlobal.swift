// expected: lifetime-dependent value escapes its scope
import MPI

nonisolated(unsafe) var pending: Request?

func f(_ world: Communicator, _ edge: [Double]) throws {
  pending = try world.startSend(edge.span, to: 0)
}
