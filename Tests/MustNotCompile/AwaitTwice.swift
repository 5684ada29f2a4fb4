// expected: 'sending' consumed more than once
import MPI

func f(_ world: Communicator, _ edge: [Double]) async throws {
  let sending = try world.startSend(edge.span, to: 0)
  try await sending.wait()
  try await sending.wait()
}
