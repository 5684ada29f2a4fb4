import CMPIBench
import MPI

/// A value of the kind that is sent as an object.
struct Record<Element: BenchmarkElement>: Codable {
  var identifier = 1
  var name = "a record of the benchmark"
  var values: [Element]
}

extension Catalogue {
  /// Codable values, beside what a C program does to send the same record.
  static var objects: [Benchmark<Element>] {
    [
      Benchmark(
        "object-latency", "", .message, ranks: .two, figure: .oneWay, c: cbench_object_latency, mayAllocate: true,
        python: """
          if first:
            comm.send(record, peer); comm.recv(source=peer)
          elif peer >= 0:
            comm.recv(source=peer); comm.send(record, peer)
          """
      ) { at, values, result, calls in
        guard !at.isIdle else { return }
        for _ in 0..<calls {
          if at.isFirst { try at.world.send(object: Record(values: values), to: at.peer) }
          result[0] = try at.world.receive(object: Record<Element>.self, from: at.peer).values[0]
          if !at.isFirst { try at.world.send(object: Record(values: values), to: at.peer) }
        }
      },
      Benchmark(
        "object-broadcast", "", .message, c: cbench_object_broadcast, mayAllocate: true,
        python: "comm.bcast(record if comm.rank == 0 else None)"
      ) { at, values, result, calls in
        let isRoot = at.world.isRoot
        for _ in 0..<calls {
          let record = try at.world.broadcast(object: isRoot ? Record(values: values) : nil, from: 0)
          if !isRoot { result[0] = record.values[0] }
        }
      },
    ]
  }
}
