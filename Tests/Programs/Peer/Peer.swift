// peer: the Swift half of a job whose other ranks are `peer.py` (mpi4py); see launch/tests.d/mpi4py.sh.
//
// Both halves make the same calls with the same datatypes in the same order. Every rank knows what every other one gives
// (`made`), computes what must come out, and fails when something else does.
import ComplexModule
import MPI
import MPIComplex

@main
struct Peer {
  static func main() throws {
    // As mpi4py asks for: in MPICH 5.0 ranks with different thread levels take different ways through a collective.
    try withMPI(threadLevel: .multiple) { world in
      var conversation = Conversation(world)

      try conversation.integers(Int8.self)
      try conversation.integers(Int16.self)
      try conversation.integers(Int32.self)
      try conversation.integers(Int64.self)
      try conversation.integers(UInt8.self)
      try conversation.integers(UInt16.self)
      try conversation.integers(UInt32.self)
      try conversation.integers(UInt64.self)
      try conversation.integers(Int.self)
      try conversation.integers(UInt.self)

      try conversation.floats(Float.self)
      try conversation.floats(Double.self)
      #if arch(x86_64)
        try conversation.floats(Float80.self)
      #endif

      try conversation.booleans()
      try conversation.complexNumbers(Float.self)
      try conversation.complexNumbers(Double.self)

      try conversation.located(Int16.self)
      try conversation.located(Int32.self)
      try conversation.located(Int.self)
      try conversation.located(Float.self)
      try conversation.located(Double.self)
      #if arch(x86_64)
        try conversation.located(Float80.self)
      #endif

      let checks = try world.allReduce(conversation.checks, .sum)
      if world.isRoot { print("\(checks) results agree on \(world.size) ranks") }
    }
  }
}
