import MPI

extension Steps {
  /// Two rounds of one that is prepared, from one memory into another.
  private func rounds(_ exchange: consuming PersistentExchange<UInt8>, _ check: (Span<UInt8>) throws -> Void) throws {
    for _ in 0..<2 {
      exchange.withIncoming { $0.update(repeating: 0) }
      let round = try exchange.start()
      try round.wait()
      try exchange.withIncoming { try check($0.span) }
    }
  }

  /// The calls that are prepared.
  func prepared() throws {
    try step("makeSend and makeReceive") {
      var (out, into) = (filled(count, me), [UInt8](repeating: 0, count: count))
      var sending = try world.makeSend(out.mutableSpan, to: other)
      var receiving = try world.makeReceive(into: into.mutableSpan, from: other)
      for _ in 0..<2 {
        receiving.withValues { $0.update(repeating: 0) }
        let arriving = try receiving.start()
        let leaving = try sending.start()
        try leaving.wait()
        let status = try arriving.wait()
        guard try status.count(of: UInt8.self) == count else { throw Mismatch(description: "count of the status") }
        try receiving.withValues { values in
          let span = values.span
          try expect("makeReceive") { span[$0] == value($0, 1 - me) }
        }
      }
    }
    try step("makeBroadcast") {
      var values = [UInt8](repeating: 0, count: count)
      var broadcast = try world.makeBroadcast(values.mutableSpan, from: 1)
      for round in 0..<2 {
        if me == 1 { broadcast.withValues { for index in $0.indices { $0[index] = value(index, round) } } }
        let running = try broadcast.start()
        try running.wait()
        try broadcast.withValues { values in
          let span = values.span
          try expect("makeBroadcast") { span[$0] == value($0, round) }
        }
      }
    }
    try step("makeGather") {
      var (out, into) = (filled(count, me), [UInt8](repeating: 0, count: me == 0 ? 2 * count : 0))
      try rounds(try world.makeGather(out.mutableSpan, into: into.mutableSpan, to: 0)) { all in
        if me == 0 { try expect("makeGather") { all[$0] == value($0, 0) && all[count + $0] == value($0, 1) } }
      }
    }
    try step("makeAllGather with counts") {
      let blocks = Blocks(counts: [count - 1, count], offsets: [count, 0])
      var (out, into) = (filled(blocks.counts[me], me), [UInt8](repeating: 0, count: 2 * count - 1))
      try rounds(try world.makeAllGather(out.mutableSpan, into: into.mutableSpan, blocks: blocks)) { all in
        try expect("makeAllGather") {
          all[$0] == value($0, 1) && ($0 == count - 1 || all[count + $0] == value($0, 0))
        }
      }
    }
    try step("makeAllReduce, or a clear error") {
      var (out, into) = (filled(count, me), [UInt8](repeating: 0, count: count))
      try supported {
        try rounds(try world.makeAllReduce(out.mutableSpan, into: into.mutableSpan, .bitwiseXor)) { values in
          try expect("makeAllReduce") { values[$0] == value($0, 0) ^ value($0, 1) }
        }
      }
    }
  }
}
