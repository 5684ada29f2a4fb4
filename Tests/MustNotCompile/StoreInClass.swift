// expected: cannot return a ~Escapable result
import MPI

final class Halo {
  var request: Request?
}
