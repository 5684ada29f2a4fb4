// The first program: every rank says where it is, then all find out together how many they are.
import MPI

@main
struct Hello {
  static func main() throws {
    try withMPI { world in
      // Rank 0 prints for all, in order: lines that several ranks print at once may come out mixed.
      let greeting = "rank \(world.rank) of \(world.size) on \(try processorName())"
      for line in try world.gather(object: greeting, to: 0) ?? [] { print(line) }

      let sum = try world.allReduce(world.rank.index, .sum)
      if world.isRoot {
        print("the ranks add up to \(sum)")
        let library = MPIEnvironment.libraryVersion.split(whereSeparator: \.isNewline).first ?? "?"
        print("built against \(MPIEnvironment.builtAgainst), running on \(library)")
      }
    }
  }
}
