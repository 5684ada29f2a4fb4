// expected: overlapping accesses to 'ghost'
import MPI

func f(_ world: Communicator, _ ghost: inout MutableSpan<Double>) throws {
  let receiving = try world.startReceive(into: &ghost, from: 0)
  ghost[0] = 1
  try receiving.wait()
}
