import MPI

extension Steps {
  /// The calls that wait.
  func blocking() throws {
    try step("send and receive, of known and unknown length") {
      if me == 0 {
        let values = filled(count, 1)
        try world.send(values, to: 1)
        try world.send(values, to: 1, mode: .synchronous)
      } else {
        var values = [UInt8](repeating: 0, count: count)
        let status = try world.receive(into: &values, from: 0)
        guard try status.count(of: UInt8.self) == count else { throw Mismatch(description: "count of the status") }
        try expect("receive") { values[$0] == value($0, 1) }
        values = []
        values = try world.receive([UInt8].self, from: .any)
        guard values.count == count else { throw Mismatch(description: "length of the message") }
        try expect("receive of unknown length") { values[$0] == value($0, 1) }
      }
    }
    try step("sendReceive") {
      let values = try world.sendReceive(filled(count, me), to: other, from: other)
      try expect("sendReceive") { values[$0] == value($0, 1 - me) }
    }
    try step("sendReceiveReplace") {
      var values = filled(count, me)
      try world.sendReceiveReplace(&values, to: other, from: other)
      try expect("sendReceiveReplace") { values[$0] == value($0, 1 - me) }
    }
    try step("broadcast") {
      var values = me == 1 ? filled(count, 3) : [UInt8](repeating: 0, count: count)
      try world.broadcast(&values, from: 1)
      try expect("broadcast") { values[$0] == value($0, 3) }
    }
    try step("gather and scatter") {
      let mine = filled(count, me)
      var all = [UInt8](repeating: 0, count: me == 0 ? 2 * count : 0)
      var span = all.mutableSpan
      try world.gather(mine.span, into: &span, to: 0)
      if me == 0 { try expect("gather") { all[$0] == value($0, 0) && all[count + $0] == value($0, 1) } }
      var back = [UInt8](repeating: 0, count: count)
      var destination = back.mutableSpan
      try world.scatter(all.span, into: &destination, from: 0)
      try expect("scatter") { back[$0] == value($0, me) }
    }
    try step("gather and scatter with counts") {
      let mine = filled(count - me, me)
      let all = try world.gather(mine, to: 0)
      if let all {
        try expect("gather") { all[$0] == value($0, 0) && ($0 == count - 1 || all[count + $0] == value($0, 1)) }
      }
      let back = try world.scatter(all.map { [Array($0[..<count]), Array($0[count...])] }, from: 0)
      try expect("scatter") { $0 >= count - me || back[$0] == value($0, me) }
    }
    try step("allGather in place") {
      var all = [UInt8](repeating: 0, count: 2 * count)
      for index in 0..<count { all[me * count + index] = value(index, me) }
      try world.allGather(inPlace: &all)
      try expect("allGather") { all[$0] == value($0, 0) && all[count + $0] == value($0, 1) }
    }
    try step("allGather with counts") {
      let all = try world.allGather(filled(count + me, me))
      try expect("allGather") { all[$0] == value($0, 0) && all[count + $0] == value($0, 1) }
    }
    try step("allToAll") {
      // Half of it for each rank, and above 2³¹ values to one of them.
      let half = count / 2 + 1
      let values = try world.allToAll(filled(2 * half, me))
      for rank in 0..<2 where values[rank * half + half - 1] != value(me * half + half - 1, rank) {
        throw Mismatch(description: "allToAll")
      }
    }
    try step("allToAll with counts") {
      let arrays = try world.allToAll(me == 0 ? [[1, 2], filled(count, 5)] : [filled(7, 6), [3]])
      guard arrays.map(\.count) == (me == 0 ? [2, 7] : [count, 1]) else {
        throw Mismatch(description: "lengths of allToAll")
      }
      if me == 1 { try expect("allToAll") { arrays[0][$0] == value($0, 5) } }
    }
    try step("allReduce and reduce, in place") {
      var values = filled(count, me)
      try world.allReduce(&values, .bitwiseXor)
      try expect("allReduce") { values[$0] == value($0, 0) ^ value($0, 1) }
      values = filled(count, me)
      try world.reduce(inPlace: &values, .bitwiseXor, to: 1)
      try expect("reduce") { values[$0] == (me == 1 ? value($0, 0) ^ value($0, 1) : value($0, 0)) }
    }
    try step("scan and exclusiveScan, in place") {
      var values = filled(count, me)
      try world.scan(&values, .bitwiseXor)
      try expect("scan") { values[$0] == (me == 1 ? value($0, 0) ^ value($0, 1) : value($0, 0)) }
      values = filled(count, me)
      try world.exclusiveScan(&values, .bitwiseXor)
      try expect("exclusiveScan") { values[$0] == value($0, 0) }
    }
    try step("reduceScatter") {
      let mine = try world.reduceScatter(filled(count + 1, me), .bitwiseXor)
      let start = me * mine.count
      for index in [0, 1 << 20, 1 << 30, mine.count - 1]
      where mine[index] != value(start + index, 0) ^ value(start + index, 1) {
        throw Mismatch(description: "reduceScatter at \(index)")
      }
    }
    try step("a layout that reaches over more than 2³¹ values") {
      let layout = try Layout<UInt8>.vector(count: 3, blockLength: 2, stride: 1 << 30)
      let values = me == 0 ? filled(count, 9) : [UInt8](repeating: 0, count: count)
      if me == 0 {
        try world.send(values, as: layout, to: 1)
      } else {
        let picked = try world.receive([UInt8].self, from: 0)
        let places = [0, 1, 1 << 30, (1 << 30) + 1, 1 << 31, (1 << 31) + 1]
        guard picked == places.map({ value($0, 9) }) else { throw Mismatch(description: "layout") }
      }
    }
    try step("a layout of more than 2³¹ blocks") {
      let layout = try Layout<UInt8>.vector(count: count - 1, blockLength: 1, stride: 1)
      var values = me == 0 ? filled(count, 11) : [UInt8](repeating: 0, count: count)
      if me == 0 {
        try world.send(values, as: layout, to: 1)
      } else {
        let status = try world.receive(into: &values, as: layout, from: 0)
        guard try status.count(of: UInt8.self) == count - 1 else { throw Mismatch(description: "length in a layout") }
        try expect("receive in a layout") { values[$0] == ($0 == count - 1 ? 0 : value($0, 11)) }
      }
    }
  }
}
