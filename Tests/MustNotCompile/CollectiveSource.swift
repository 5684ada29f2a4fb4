// expected: overlapping accesses to 'mine'
import MPI

func f(_ world: Communicator, _ all: inout MutableSpan<Double>) throws {
  var mine = [0.0, 0.0]
  let gathering = try world.startAllGather(mine.span, into: &all)
  mine[1] = 1
  try gathering.wait()
}
