import MPI
import TestSupport
import Testing

/// Values of one type, sent in every way that a datatype can travel.
struct DatatypeCheck<Element: Datatype & RandomElement> {
  private let lengths = [0, 1, 2, 13, 100]

  func run(_ source: SourceLocation = #_sourceLocation) throws {
    for length in lengths {
      try collectives(length, source)
      try ring(length, source)
    }
    try values(source)
  }

  private func all(_ length: Int) -> [[Element]] {
    Element.drawnByAll(length, seed: UInt64(length) + 5, ranks: world.size)
  }

  private func collectives(_ length: Int, _ source: SourceLocation) throws {
    let all = all(length)
    let mine = all[world.rank.index]
    for root in world.ranks {
      let given = try world.broadcast(world.rank == root ? mine : nil, from: root)
      #expect(given == all[root.index], "broadcast of \(length) \(Element.self)", sourceLocation: source)
    }
    let everything = Array(all.joined())
    #expect(try world.allGather(mine) == everything, "\(length) \(Element.self)", sourceLocation: source)
    let gathered = try world.gather(mine, to: 0)
    #expect(gathered == (world.isRoot ? everything : nil), "\(length) \(Element.self)", sourceLocation: source)
    let part = Blocks.evenRange(of: everything.count, rank: world.rank.index, among: world.size)
    let scattered = try world.scatter(world.isRoot ? everything : nil, from: 0)
    #expect(scattered == Array(everything[part]), "scatter of \(Element.self)", sourceLocation: source)
    let exchanged = try world.allToAll([[Element]](repeating: mine, count: world.size))
    #expect(exchanged == all, "all to all of \(length) \(Element.self)", sourceLocation: source)
  }

  private func ring(_ length: Int, _ source: SourceLocation) throws {
    let all = all(length)
    let next = (world.rank + 1) % world.size
    let previous = (world.rank - 1) % world.size
    let known = try world.sendReceive(all[world.rank.index], to: next, from: previous)
    #expect(known == all[previous.index], "ring of \(length) \(Element.self)", sourceLocation: source)
    var replaced = all[world.rank.index]
    let status = try world.sendReceiveReplace(&replaced, to: next, from: previous)
    #expect(replaced == all[previous.index], "ring of \(length) \(Element.self)", sourceLocation: source)
    #expect(try status.count(of: Element.self) == length, "\(Element.self)", sourceLocation: source)
  }

  private func values(_ source: SourceLocation) throws {
    let all = all(1).map { $0[0] }
    let mine = all[world.rank.index]
    #expect(try world.allGather(mine) == all, "\(Element.self)", sourceLocation: source)
    let last = Rank(world.size - 1)
    let given = try world.broadcast(world.rank == last ? mine : nil, from: last)
    #expect(given == all[last.index], "\(Element.self)", sourceLocation: source)
    let received = try world.sendReceive(mine, to: (world.rank + 1) % world.size, from: (world.rank - 1) % world.size)
    #expect(received == all[((world.rank - 1) % world.size).index], "\(Element.self)", sourceLocation: source)
  }
}
