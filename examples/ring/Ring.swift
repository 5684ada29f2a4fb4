// A token goes around the ring of ranks and grows on its way: point-to-point messages and their order.
import MPI

@main
struct Ring {
  static func main() throws {
    try withMPI { world in
      let left = (world.rank - 1) % world.size
      let right = (world.rank + 1) % world.size

      // Rank 0 starts the token and gets it back; the others wait for it and hand it on.
      var token = [world.rank.index]
      if world.isRoot {
        try world.send(token, to: right)
        token = try world.receive([Int].self, from: left)
        print("the token visited \(token.map(String.init).joined(separator: " → "))")
      } else {
        token = try world.receive([Int].self, from: left) + token
        try world.send(token, to: right)
      }

      // All at once: every rank sends to the right and receives from the left, which cannot deadlock.
      let neighbor = try world.sendReceive(world.rank.index, to: right, from: left)
      let isRight = try world.allReduce(neighbor == left.index, .logicalAnd)
      if world.isRoot { print("every rank heard from its left neighbour: \(isRight)") }
    }
  }
}
