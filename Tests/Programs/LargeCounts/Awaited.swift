import MPI

extension Steps {
  /// The calls that are awaited.
  func awaited() async throws {
    let (me, other, world) = (me, other, world)
    try await step("await send and receive, of known and unknown length") {
      async let sent: Void = world.send(filled(count, me), to: other)
      var values = [UInt8](repeating: 0, count: count)
      try await world.receive(into: &values, from: other)
      try await sent
      try expect("receive") { values[$0] == value($0, 1 - me) }
      values = []
      async let again: Void = world.send(filled(count, me + 2), to: other)
      values = try await world.receive([UInt8].self, from: .any)
      try await again
      guard values.count == count else { throw Mismatch(description: "length of the message") }
      try expect("receive of unknown length") { values[$0] == value($0, 3 - me) }
    }
    try await step("await broadcast and sendReceive") {
      var values = me == 1 ? filled(count, 3) : [UInt8](repeating: 0, count: count)
      try await world.broadcast(&values, from: 1)
      try expect("broadcast") { values[$0] == value($0, 3) }
      values = try await world.sendReceive(filled(count, me), to: other, from: other)
      try expect("sendReceive") { values[$0] == value($0, 1 - me) }
    }
    try await step("await allGather with counts") {
      let all = try await world.allGather(filled(count - me, me))
      try expect("allGather") { all[$0] == value($0, 0) && ($0 == count - 1 || all[count + $0] == value($0, 1)) }
    }
    try await step("await allReduce and scan") {
      var values = filled(count, me)
      try await world.allReduce(&values, .bitwiseXor)
      try expect("allReduce") { values[$0] == value($0, 0) ^ value($0, 1) }
      values = filled(count, me)
      try await world.scan(&values, .bitwiseXor)
      try expect("scan") { values[$0] == (me == 1 ? value($0, 0) ^ value($0, 1) : value($0, 0)) }
    }
    try await step("await reduceScatter") {
      let mine = try await world.reduceScatter(filled(count + 1, me), .bitwiseXor)
      let start = me * mine.count
      for index in [0, 1 << 20, 1 << 30, mine.count - 1]
      where mine[index] != value(start + index, 0) ^ value(start + index, 1) {
        throw Mismatch(description: "reduceScatter at \(index)")
      }
    }
  }
}
