// expected: overlapping accesses to 'gradient'
import MPI

func f(_ world: Communicator) throws {
  var gradient = [0.0, 0.0]
  let reducing = try world.startAllReduce(&gradient, .sum)
  print(gradient)
  try reducing.wait()
}
