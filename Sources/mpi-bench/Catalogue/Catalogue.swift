/// All benchmarks there are.
enum Catalogue<Element: BenchmarkElement> {
  static var all: [Benchmark<Element>] {
    messages + windows + alone + broadcasts + scatters + gathers + allGathers + allToAlls + reductions + scans
      + operations
      + startedMoves + startedReductions + startedBlocks + layouts + overlaps + persistent + persistentCollectives
      + objects + awaited
  }
}
