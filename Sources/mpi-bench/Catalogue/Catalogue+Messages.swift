import CMPIBench
import MPI

extension Catalogue {
  /// Pairs of ranks, one message at a time.
  static var messages: [Benchmark<Element>] {
    [
      latency("latency", "span", .two) { at, values, result, calls in
        var span = result.mutableSpan
        for _ in 0..<calls {
          if at.isFirst { try at.world.send(values.span, to: at.peer) }
          try at.world.receive(into: &span, from: at.peer)
          if !at.isFirst { try at.world.send(values.span, to: at.peer) }
        }
      },
      latency("latency", "array", .two, swift: pingPong),
      latency("latency", "value", .two, .one) { at, values, result, calls in
        var value = values[0]
        for _ in 0..<calls {
          if at.isFirst { try at.world.send(values[0], to: at.peer) }
          value = try at.world.receive(Element.self, from: at.peer)
          if !at.isFirst { try at.world.send(values[0], to: at.peer) }
        }
        result[0] = value
      },
      latency("multi-latency", "array", .pairs, swift: pingPong),
      Benchmark(
        "start-latency", "span", .message, ranks: .two, figure: .oneWay, c: cbench_started_latency,
        python: """
          if first:
            r = comm.Irecv(result, peer); comm.Isend(values, peer).Wait(); r.Wait()
          elif peer >= 0:
            comm.Irecv(result, peer).Wait(); comm.Isend(values, peer).Wait()
          """
      ) { at, values, result, calls in
        guard !at.isIdle else { return }
        for _ in 0..<calls {
          if at.isFirst {
            let receiving = try at.world.startReceive(into: &result, from: at.peer)
            let sending = try at.world.startSend(values.span, to: at.peer)
            try sending.wait()
            try receiving.wait()
          } else {
            let receiving = try at.world.startReceive(into: &result, from: at.peer)
            try receiving.wait()
            let sending = try at.world.startSend(values.span, to: at.peer)
            try sending.wait()
          }
        }
      },
    ]
  }

  private static func pingPong(
    _ at: Setting, _ values: [Element], _ result: inout [Element], _ calls: Int
  ) throws {
    for _ in 0..<calls {
      if at.isFirst { try at.world.send(values, to: at.peer) }
      try at.world.receive(into: &result, from: at.peer)
      if !at.isFirst { try at.world.send(values, to: at.peer) }
    }
  }

  private static func latency(
    _ name: String, _ door: String, _ ranks: RanksNeeded, _ shape: Shape = .message,
    swift: @escaping Benchmark<Element>.Calls
  ) -> Benchmark<Element> {
    Benchmark(
      name, door, shape, ranks: ranks, figure: .oneWay, c: cbench_latency,
      python: """
        if first:
          comm.Send(values, peer); comm.Recv(result, peer)
        elif peer >= 0:
          comm.Recv(result, peer); comm.Send(values, peer)
        """
    ) { at, values, result, calls in
      if !at.isIdle { try swift(at, values, &result, calls) }
    }
  }
}
