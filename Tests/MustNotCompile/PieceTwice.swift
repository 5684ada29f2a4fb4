// expected: 'piece' consumed more than once
import MPI

func f(_ world: Communicator, _ values: inout [Double]) throws {
  var rest = values.mutableSpan
  let piece = rest.takeFirst(1)
  let first = try world.startReceive(into: piece, from: 0)
  let second = try world.startReceive(into: piece, from: 1)
  try first.wait()
  try second.wait()
}
