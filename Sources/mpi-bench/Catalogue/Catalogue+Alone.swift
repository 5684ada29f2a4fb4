import CMPIBench
import MPI

extension Catalogue {
  /// A rank alone with itself: what the calls cost without the way.
  static var alone: [Benchmark<Element>] {
    [
      // No call at all: what the life of an array costs above that of memory, which each call that makes one has.
      Benchmark("new-array", "", .one, c: cbench_new_array, bound: 200, references: 1) { _, values, result, calls in
        let value = values[0]
        var last: [Element] = []
        for _ in 0..<calls { last = [value] }
        result.keep(last)
      },
      Benchmark("send", "span", .message, ranks: .one, c: cbench_send, bound: 15) { at, values, _, calls in
        let given = values.span
        var other = at.partner
        for _ in 0..<calls {
          try checkC(cbench_begin_receive(&other))
          try at.world.send(given, to: at.peer)
          try checkC(cbench_finish())
        }
      },
      Benchmark("send", "array", .message, ranks: .one, c: cbench_send, bound: 15) { at, values, _, calls in
        var other = at.partner
        for _ in 0..<calls {
          try checkC(cbench_begin_receive(&other))
          try at.world.send(values, to: at.peer)
          try checkC(cbench_finish())
        }
      },
      Benchmark("receive", "span", .message, ranks: .one, c: cbench_receive, bound: 15) { at, _, result, calls in
        var other = at.partner
        var span = result.mutableSpan
        for _ in 0..<calls {
          try checkC(cbench_begin_send(&other))
          try at.world.receive(into: &span, from: at.peer)
          try checkC(cbench_finish())
        }
      },
      Benchmark("receive", "array", .message, ranks: .one, c: cbench_receive, bound: 20) { at, _, result, calls in
        result = try ArrayLoops.receive(at, result.taken(), calls)
      },
      Benchmark(
        "send-receive", "array", .message, ranks: .one, c: cbench_send_receive, bound: 26
      ) { at, values, result, calls in
        result = try ArrayLoops.sendReceive(at, values, result.taken(), calls)
      },
      Benchmark(
        "send-receive", "span", .message, ranks: .one, c: cbench_send_receive, bound: 15
      ) { at, values, result, calls in
        let given = values.span
        var span = result.mutableSpan
        for _ in 0..<calls { try at.world.sendReceive(given, to: at.peer, into: &span, from: at.peer) }
      },
      Benchmark("start", "array", .message, ranks: .one, c: cbench_start, bound: 50) { at, values, result, calls in
        result = try ArrayLoops.start(at, values, result.taken(), calls)
      },
      Benchmark("start", "span", .message, ranks: .one, c: cbench_start, bound: 40) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls {
          let receiving = try at.world.startReceive(into: &span, from: at.peer)
          let sending = try at.world.startSend(values.span, to: at.peer)
          try sending.wait()
          try receiving.wait()
        }
      },
      // A window of messages each way: 128 requests in a call.
      Benchmark(
        "start", "group", .window, ranks: .one, c: cbench_start_many, bound: 3_000
      ) { at, values, result, calls in
        for _ in 0..<calls { try exchangeWindow(at, values, &result) }
      },
    ]
  }
}

extension Setting {
  /// What C needs to be the other side of a message of this rank to itself.
  var partner: CBenchPlan {
    var plan = CBenchPlan()
    plan.rank = CInt(world.rank.index)
    plan.count = count
    plan.element = CInt(element.rawValue)
    return plan
  }
}
