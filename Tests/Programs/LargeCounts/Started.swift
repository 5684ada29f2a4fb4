import MPI

extension Steps {
  /// The calls that start.
  func started() throws {
    try step("startSend and startReceive") {
      let out = filled(count, me)
      var into = [UInt8](repeating: 0, count: count)
      let receiving = try world.startReceive(into: &into, from: other)
      let sending = try world.startSend(out.span, to: other, mode: .synchronous)
      try sending.wait()
      let status = try receiving.wait()
      guard try status.count(of: UInt8.self) == count else { throw Mismatch(description: "count of the status") }
      try expect("startReceive") { into[$0] == value($0, 1 - me) }
    }
    try step("owned requests, of unknown length") {
      let sending = try world.startSend(owning: filled(count, me), to: other)
      let receiving = try world.startReceive([UInt8].self, from: other)
      let message = try receiving.wait()
      let out = try sending.wait()
      guard message.value.count == count, out.count == count else { throw Mismatch(description: "lengths") }
      try expect("owned") { message.value[$0] == value($0, 1 - me) && out[$0] == value($0, me) }
    }
    try step("startBroadcast") {
      var values = me == 1 ? filled(count, 3) : [UInt8](repeating: 0, count: count)
      let request = try world.startBroadcast(&values, from: 1)
      try request.wait()
      try expect("startBroadcast") { values[$0] == value($0, 3) }
    }
    try step("startGather and startScatter") {
      let mine = filled(count, me)
      var all = [UInt8](repeating: 0, count: me == 0 ? 2 * count : 0)
      var span = all.mutableSpan
      let gathering = try world.startGather(mine.span, into: &span, to: 0)
      try gathering.wait()
      if me == 0 { try expect("startGather") { all[$0] == value($0, 0) && all[count + $0] == value($0, 1) } }
      var back = [UInt8](repeating: 0, count: count)
      var destination = back.mutableSpan
      let scattering = try world.startScatter(all.span, into: &destination, from: 0)
      try scattering.wait()
      try expect("startScatter") { back[$0] == value($0, me) }
    }
    try step("startAllGather, in place and with counts") {
      var all = [UInt8](repeating: 0, count: 2 * count)
      for index in 0..<count { all[me * count + index] = value(index, me) }
      let gathering = try world.startAllGather(inPlace: &all)
      try gathering.wait()
      try expect("startAllGather") { all[$0] == value($0, 0) && all[count + $0] == value($0, 1) }
      // Rank 1's block first.
      let blocks = Blocks(counts: [count - 1, count], offsets: [count, 0])
      let mine = filled(blocks.counts[me], me)
      var span = all.mutableSpan
      let other = try world.startAllGather(mine.span, into: &span, blocks: blocks)
      try other.wait()
      try expect("startAllGather with counts") {
        all[$0] == value($0, 1) && ($0 == count - 1 || all[count + $0] == value($0, 0))
      }
    }
    try step("startAllToAll") {
      let half = count / 2 + 1
      let out = filled(2 * half, me)
      var into = [UInt8](repeating: 0, count: 2 * half)
      var span = into.mutableSpan
      let request = try world.startAllToAll(out.span, into: &span)
      try request.wait()
      for rank in 0..<2 where into[rank * half + half - 1] != value(me * half + half - 1, rank) {
        throw Mismatch(description: "startAllToAll")
      }
    }
    try step("startAllToAll in place, or a clear error") {
      // All values are 0: memory that nobody writes takes no room.
      let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * count)
      defer { memory.deallocate() }
      try supported {
        memory[me * count + 7] = 9
        memory[(1 - me) * count + 7] = 8
        var span = memory.mutableSpan
        try world.startAllToAll(inPlace: &span).wait()
        guard span[me * count + 7] == 9, span[(1 - me) * count + 7] == 8 else {
          throw Mismatch(description: "startAllToAll in place")
        }
      }
    }
    try step("startAllReduce, in place, or a clear error") {
      var values = filled(count, me)
      try supported {
        let request = try world.startAllReduce(&values, .bitwiseXor)
        try request.wait()
        try expect("startAllReduce") { values[$0] == value($0, 0) ^ value($0, 1) }
      }
    }
    try step("startExclusiveScan, in place, or a clear error") {
      var values = filled(count, me)
      try supported {
        let request = try world.startExclusiveScan(&values, Reduction(isCommutative: false) { $0 &+ $1 })
        try request.wait()
        try expect("startExclusiveScan") { values[$0] == value($0, 0) }
      }
    }
    try step("startReduceScatter, or a clear error") {
      let half = count / 2 + 1
      let out = filled(2 * half, me)
      var mine = [UInt8](repeating: 0, count: half)
      try supported {
        var span = mine.mutableSpan
        let request = try world.startReduceScatter(out.span, into: &span, .bitwiseXor)
        try request.wait()
        for index in [0, 1 << 20, half - 1]
        where mine[index] != value(me * half + index, 0) ^ value(me * half + index, 1) {
          throw Mismatch(description: "startReduceScatter at \(index)")
        }
      }
    }
  }

  /// What MPI before 4.0 cannot start is said, on all ranks, before anything is started.
  func supported(_ body: () throws -> Void) throws {
    do { try body() } catch let error as MPIError {
      guard error.errorClass == MPIError.unsupported else { throw error }
      if world.isRoot { print("not here: \(error.message)") }
    }
  }
}
