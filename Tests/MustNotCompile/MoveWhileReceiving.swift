// expected: overlapping accesses to 'ghost'
import MPI

func take(_ values: consuming [Double]) {}

func f(_ world: Communicator) throws {
  var ghost = [0.0, 0.0]
  let receiving = try world.startReceive(into: &ghost, from: 0)
  take(consume ghost)
  try receiving.wait()
}
