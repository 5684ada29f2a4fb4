import MPI

extension Steps {
  /// Blocks that only together are more than 2³¹ bytes, on four ranks, to and from one in the middle; and numbers of values
  /// below 2³¹ that are more bytes.
  func trees() throws {
    let (block, root) = (count / 4 + 10, Rank(1))
    try step("gather and scatter, started too") {
      let all = world.rank == root ? filled(4 * block, 1) : []
      var mine = [UInt8](repeating: 0, count: block)
      var back = [UInt8](repeating: 0, count: all.count)
      for isStarted in [false, true] {
        for index in mine.indices { mine[index] = 0 }
        var span = mine.mutableSpan
        var backSpan = back.mutableSpan
        if isStarted {
          try world.startScatter(all.span, into: &span, from: root).wait()
        } else {
          try world.scatter(all.span, into: &span, from: root)
        }
        let given = span.span
        for index in stride(from: 0, to: block, by: 4099) where given[index] != value(me * block + index, 1) {
          throw Mismatch(description: "scatter at \(index)")
        }
        if isStarted {
          try world.startGather(given, into: &backSpan, to: root).wait()
        } else {
          try world.gather(given, into: &backSpan, to: root)
        }
        for index in stride(from: 0, to: backSpan.count, by: 4099) where backSpan[index] != all[index] {
          throw Mismatch(description: "gather at \(index)")
        }
      }
    }
    try step("broadcast of values of 8 bytes, started too") {
      var values = [Int](repeating: 0, count: count / 8 + 1)
      for isStarted in [false, true] {
        for index in values.indices { values[index] = world.rank == root ? index : 0 }
        if isStarted {
          try world.startBroadcast(&values, from: root).wait()
        } else {
          try world.broadcast(&values, from: root)
        }
        for index in values.indices where values[index] != index { throw Mismatch(description: "at \(index)") }
      }
    }
    try step("allGather of blocks that are 2³² values together, started too") {
      // Every rank receives into the same places again and again: the blocks overlap, and are equal.
      let blocks = Blocks(counts: [Int](repeating: 1 << 30, count: 4), offsets: [Int](repeating: 0, count: 4))
      let mine = filled(1 << 30, 3)
      var all = [UInt8](repeating: 0, count: 1 << 30)
      for isStarted in [false, true] {
        for index in all.indices { all[index] = 0 }
        var span = all.mutableSpan
        if isStarted {
          try world.startAllGather(mine.span, into: &span, blocks: blocks).wait()
        } else {
          try world.allGather(mine.span, into: &span, blocks: blocks)
        }
        for index in stride(from: 0, to: 1 << 30, by: 4099) where span[index] != value(index, 3) {
          throw Mismatch(description: "allGather at \(index)")
        }
      }
    }
    try step("startReduceScatter, or a clear error") {
      // Memory that nobody writes takes no room.
      let length = count / 3 + 1
      let given = UnsafeMutablePointer<UInt8>.allocate(capacity: 4 * length)
      defer { given.deallocate() }
      var mine = [UInt8](repeating: 1, count: length)
      try supported {
        var span = mine.mutableSpan
        let values = Span(_unsafeElements: UnsafeBufferPointer(start: given, count: 4 * length))
        let request = try world.startReduceScatter(values, into: &span, .sum)
        try request.wait()
        for index in stride(from: 0, to: length, by: 4099) where mine[index] != 0 {
          throw Mismatch(description: "startReduceScatter at \(index)")
        }
      }
    }
  }
}
