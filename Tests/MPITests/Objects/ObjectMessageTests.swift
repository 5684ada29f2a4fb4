import MPI
import MPITesting
import TestSupport
import Testing

/// `Codable` values through every operation that takes them.
@Suite(.ranked) struct ObjectMessageTests {
  /// A value that differs from rank to rank, in its size too.
  private func report(_ rank: Int, lines: Int = 3) -> Report {
    Report(
      name: "rank \(rank) ✓", shape: rank.isMultiple(of: 2) ? .circle(radius: Double(rank)) : .polygon([1, 2, 3]),
      lines: (0..<(rank * lines)).map { "line \($0)" }, table: ["a": [rank], "b": []],
      parent: rank == 0 ? nil : Report.Author(name: "p\(rank)", age: rank))
  }

  private var all: [Report] { (0..<world.size).map { report($0) } }

  @Test func messages() throws {
    for peer in world.ranks.dropFirst() {
      if world.isRoot {
        try world.send(object: report(peer.index), to: peer, tag: 3)
        try world.send(object: peer.index, to: peer, tag: 4, mode: .synchronous)
      } else if world.rank == peer {
        let message = try world.receiveMessage(object: Int.self, from: .any, tag: 4)
        #expect(message.value == peer.index)
        #expect(message.source == 0 && message.tag == 4)
        #expect(try world.receive(object: Report.self, from: 0, tag: 3) == report(peer.index))
      }
    }
  }

  @Test func toItself() throws {
    let bytes = try world.sendBufferSize(for: 10_000, of: UInt8.self)
    try world.withSendBuffer(bytes: bytes) {
      try world.send(object: report(world.rank.index), to: world.rank, mode: .buffered)
      #expect(try world.receive(object: Report.self, from: .any, tag: .any) == report(world.rank.index))
    }
  }

  @Test func collectives() throws {
    let mine = report(world.rank.index)
    #expect(try world.allGather(object: mine) == all)
    for root in world.ranks {
      let isRoot = world.rank == root
      #expect(try world.broadcast(object: isRoot ? mine : nil, from: root) == report(root.index))
      #expect(try world.gather(object: mine, to: root) == (isRoot ? all : nil))
      #expect(try world.scatter(objects: isRoot ? all : nil, from: root) == mine)
    }
  }

  @Test func allToAll() throws {
    let here = world.rank.index
    let outgoing = (0..<world.size).map { Report.Author(name: "\(here)→\($0)", age: here * 10 + $0) }
    let incoming = (0..<world.size).map { Report.Author(name: "\($0)→\(here)", age: $0 * 10 + here) }
    #expect(try world.allToAll(objects: outgoing) == incoming)
  }

  /// 1 MB of text in many pieces, and 1 MB of numbers in one.
  @Test func largeObjects() throws {
    let lines = Report(name: "large", shape: .point, lines: (0..<60_000).map { "the line \($0)" }, table: [:])
    let numbers = Double.drawn(130_000, rank: 0)
    #expect(try world.broadcast(object: world.isRoot ? lines : nil, from: 0) == lines)
    #expect(try world.broadcast(object: world.isRoot ? numbers : nil, from: 0) == numbers)
    let gathered = try world.gather(object: numbers, to: 0)
    #expect(gathered == (world.isRoot ? [[Double]](repeating: numbers, count: world.size) : nil))
  }

  @Test func valuesAndOptionals() throws {
    #expect(try world.allGather(object: "text \(world.rank)") == world.ranks.map { "text \($0)" })
    let optionals: [Int?] = try world.allGather(object: world.isRoot ? nil : world.rank.index)
    #expect(optionals == world.ranks.map { $0 == 0 ? nil : $0.index })
    let keyed = try world.broadcast(object: world.isRoot ? [1: "a", 2: "b"] : nil, from: 0)
    #expect(keyed == [1: "a", 2: "b"])
  }

  @Test func anotherCoder() throws {
    let coder = TextCoder()
    #expect(try world.allGather(object: world.rank.index, coder: coder) == Array(0..<world.size))
    #expect(try world.broadcast(object: world.isRoot ? 7 : nil, from: 0, coder: coder) == 7)
    #expect(
      try world.scatter(objects: world.isRoot ? Array(0..<world.size) : nil, from: 0, coder: coder)
        == world.rank.index)
    #expect(
      try world.gather(object: world.rank.index, to: 0, coder: coder)
        == (world.isRoot ? Array(0..<world.size) : nil))
    let received = try world.allToAll(objects: Array(0..<world.size), coder: coder)
    #expect(received == [Int](repeating: world.rank.index, count: world.size))
    try world.withSendBuffer(bytes: 10_000) {
      try world.send(object: 42, to: world.rank, mode: .buffered, coder: coder)
      #expect(try world.receive([UInt8].self, from: world.rank) == Array("42".utf8))
    }
  }
}
