import MPI
import MPITesting
import TestSupport
import Testing

/// Sets of processes. All their operations are local.
@Suite(.ranked) struct GroupTests {
  private func members(_ group: Group) throws -> [Int] {
    let all = try world.group
    let ranks = (0..<(try group.size)).map { Rank($0) }
    return try group.translate(ranks, to: all).compactMap { $0?.index }
  }

  @Test func ofACommunicator() throws {
    let all = try world.group
    #expect(try all.size == world.size)
    #expect(try all.rank == world.rank)
    #expect(try Group.empty.size == 0)
    #expect(try Group.empty.rank == nil)
    #expect(try Communicator.selfOnly.group.size == 1)
  }

  @Test func includingAndExcluding() throws {
    let all = try world.group
    let reversed = try all.including(world.ranks.reversed())
    #expect(try members(reversed) == (0..<world.size).reversed())
    #expect(try reversed.rank == Rank(world.size - 1 - world.rank.index))
    let every = try all.including(stride(from: 0, to: world.size, by: 2))
    #expect(try members(every) == Array(stride(from: 0, to: world.size, by: 2)))
    let rest = try all.excluding(stride(from: 0, to: world.size, by: 2))
    #expect(try members(rest) == Array(stride(from: 1, to: world.size, by: 2)))
    #expect(try all.excluding(world.ranks).compare(to: .empty) == .identical)
    #expect(try all.including([Rank]()).size == 0)
    #expect(try members(try all.excluding([world.rank])) == (0..<world.size).filter { $0 != world.rank.index })
  }

  @Test func setOperations() throws {
    let all = try world.group
    let low = try all.including(0..<((world.size + 1) / 2))
    let even = try all.including(stride(from: 0, to: world.size, by: 2))
    let lowRanks = Array(0..<((world.size + 1) / 2))
    let evenRanks = Array(stride(from: 0, to: world.size, by: 2))
    #expect(try members(try low.union(even)) == lowRanks + evenRanks.filter { !lowRanks.contains($0) })
    #expect(try members(try low.intersection(even)) == lowRanks.filter(evenRanks.contains))
    #expect(try members(try low.difference(even)) == lowRanks.filter { !evenRanks.contains($0) })
    #expect(try low.union(low).compare(to: low) == .identical)
    #expect(try low.difference(low).size == 0)
  }

  @Test func comparing() throws {
    let all = try world.group
    #expect(try all.compare(to: try world.duplicate().group) == .identical)
    let reversed = try all.including(world.ranks.reversed())
    #expect(try all.compare(to: reversed) == (world.size == 1 ? .identical : .similar))
    #expect(try all.compare(to: .empty) == .unequal)
  }

  @Test func translating() throws {
    let all = try world.group
    let odd = try all.including(stride(from: 1, to: world.size, by: 2))
    let expected: [Rank?] = (0..<world.size).map { $0.isMultiple(of: 2) ? nil : Rank($0 / 2) }
    #expect(try all.translate(world.ranks, to: odd) == expected)
    #expect(try odd.translate([Rank](), to: all).isEmpty)
  }
}
