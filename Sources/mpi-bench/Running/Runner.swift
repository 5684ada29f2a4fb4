import CMPIBench
import ExampleSupport
import MPI
import MPIBenchmarking

/// Measures benchmarks: batches of calls in C and in Swift, in turn, over the same memory.
struct Runner<Element: BenchmarkElement> {
  let world: Communicator
  let options: MeasuringOptions
  /// Whether C takes the place of Swift as well: what the ratio is then is the noise.
  let isSelfCheck: Bool
  /// The third half, where it was asked for.
  let python: PythonTwin?

  /// What a batch runs.
  enum Side: Int, CaseIterable {
    case c, swift, python
  }

  /// Measures one benchmark at one size. Collective.
  nonisolated(nonsending) func row(_ benchmark: Benchmark<Element>, bytes: Int) async throws -> Row {
    var stage = Stage(benchmark, bytes: bytes, on: world)
    let agrees = try await stage.agrees()
    try world.agree {
      if !agrees {
        throw ExampleError("\(benchmark.name) \(benchmark.door): Swift and C do not compute the same on this rank.")
      }
    }
    let pythonCalls = benchmark.python.flatMap { statements in
      stage.withPlan { python?.calls(statements, plan: $0, type: Element.pythonName) }
    }
    let calls = try options.iterations ?? calibrated(&stage)
    var pure: PairedComparison?
    if case .overlap = benchmark.figure {
      let times = try await measure(&stage, calls, nil, batches: max(1, options.batches / 3))
      pure = times.0
      // As long as the collective alone.
      stage.setting.work = work(seconds: times.0.reference.median)
    }
    let (times, others) = try await measure(&stage, calls, pythonCalls, batches: options.batches)
    let overlap = pure.map { pure in
      let computing = computingSeconds(stage.setting.work)
      return (
        c: hidden(pure.reference.median, computing, times.reference.median),
        swift: hidden(pure.candidate.median, computing, times.candidate.median)
      )
    }
    return Row(
      benchmark: benchmark.name, door: benchmark.door, unit: benchmark.unit(window: stage.setting.window),
      bytes: stage.bytes, calls: calls, times: times, others: others,
      allocations: try await allocations(&stage), overlap: overlap)
  }

  /// Batches of all languages, in turn; the order changes from round to round, so that each comes first as often.
  private nonisolated(nonsending) func measure(
    _ stage: inout Stage<Element>, _ calls: Int, _ pythonCalls: PythonCalls?, batches: Int
  ) async throws -> (PairedComparison, [String: PairedComparison]) {
    let sides: [Side] = pythonCalls == nil ? [.c, .swift] : [.c, .swift, .python]
    var times: [[Double]] = Side.allCases.map { _ in [] }
    for round in 0..<(options.warmUp + batches) {
      for side in round.isMultiple(of: 2) ? sides : sides.reversed() {
        try meet()
        let start = cbench_seconds()
        switch side {
        case .c: try stage.runC(calls)
        case .swift where isSelfCheck: try stage.runC(calls)
        case .swift: try await stage.runSwift(calls)
        case .python: try pythonCalls?.run(calls)
        }
        let seconds = cbench_seconds() - start
        if round >= options.warmUp { times[side.rawValue].append(seconds / Double(calls)) }
      }
    }
    let most = try times.map { try slowest($0) }
    let comparison = PairedComparison(reference: most[0], candidate: most[1])
    guard pythonCalls != nil else { return (comparison, [:]) }
    return (comparison, ["mpi4py": PairedComparison(reference: most[0], candidate: most[2])])
  }

  /// How many calls of C take as long as a batch should.
  private func calibrated(_ stage: inout Stage<Element>) throws -> Int {
    let seconds = options.batchTime / 1000
    var calls = 1
    while true {
      try meet()
      let start = cbench_seconds()
      try stage.runC(calls)
      let taken = try slowest([cbench_seconds() - start])[0]
      if taken >= seconds / 4 || calls >= 1_000_000 { return max(1, Int(Double(calls) * seconds / max(taken, 1e-9))) }
      calls *= 4
    }
  }

  /// Allocations of one call in C and in Swift, on the rank with most of them; `nil` where they are not counted.
  private nonisolated(nonsending) func allocations(
    _ stage: inout Stage<Element>
  ) async throws -> (c: Double, swift: Double)? {
    guard let calls = options.allocations, cbench_counts_allocations() else { return nil }
    // Twice as many calls, and what both have once is subtracted.
    var counts: [Double] = []
    for side in [Side.c, .swift] {
      var counted: [Int] = []
      for calls in [calls, calls, 2 * calls] {
        try meet()
        cbench_start_counting()
        if side == .c { try stage.runC(calls) } else { try await stage.runSwift(calls) }
        counted.append(cbench_allocations())
      }
      counts.append(Double(counted[2] - counted[1]) / Double(calls))
    }
    let most = try slowest(counts)
    return (most[0], most[1])
  }

  // MARK: Not awaited

  private func meet() throws(MPIError) { try world.barrier() }

  /// The slowest rank's times.
  private func slowest(_ times: [Double]) throws(MPIError) -> [Double] { try world.allReduce(times, .maximum) }

  /// How much of the shorter one was hidden (as the OSU and Intel benchmarks count it).
  private func hidden(_ pure: Double, _ computing: Double, _ both: Double) -> Double {
    let shorter = min(pure, computing)
    return shorter > 0 ? min(max((pure + computing - both) / shorter, 0), 1) : 0
  }

  /// Steps of computation that take so long.
  private func work(seconds: Double) -> Int {
    let steps = 1_000_000
    let taken = min(computingSeconds(steps), computingSeconds(steps))
    return max(1, Int(seconds / taken * Double(steps)))
  }

  private func computingSeconds(_ steps: Int) -> Double {
    let repetitions = max(1, 100_000 / max(1, steps))
    let start = cbench_seconds()
    for _ in 0..<repetitions { _ = cbench_compute(steps) }
    return (cbench_seconds() - start) / Double(repetitions)
  }
}
