import ArgumentParser

/// How benchmarks are measured.
struct MeasuringOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Bytes of the messages or blocks, as a list: 8,1024,1Mi. (default: 8 to 4Mi)", valueName: "list")
  )
  var sizes: SizeList?

  @Option(help: ArgumentHelp("Calls in a batch. (default: as many as take --batch-time in C)", valueName: "n"))
  var iterations: Int?

  @Option(help: ArgumentHelp("Batches of each language, in turn.", valueName: "n"))
  var batches = 60

  @Option(help: ArgumentHelp("Batches of each that are not counted, before.", valueName: "n"))
  var warmUp = 4

  @Option(help: ArgumentHelp("Milliseconds that a batch should take.", valueName: "ms"))
  var batchTime = 1.0

  @Option(help: ArgumentHelp("Count the allocations of so many calls, besides.", valueName: "calls"))
  var allocations: Int?

  func validate() throws {
    guard batches >= 1 else { throw ValidationError("--batches \(batches): at least one is needed.") }
    guard warmUp >= 0 else { throw ValidationError("--warm-up \(warmUp): a number of batches is needed.") }
    guard batchTime > 0, batchTime <= 10_000 else {
      throw ValidationError("--batch-time \(batchTime): from 0 to 10000 milliseconds.")
    }
    for (name, value) in [("iterations", iterations), ("allocations", allocations)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): at least one call is needed.") }
    }
  }

  /// The sizes in bytes: given, or all powers of eight.
  var bytes: [Int] { sizes?.bytes ?? [8, 64, 512, 4096, 32768, 262_144, 2_097_152] }
}

/// Numbers of bytes, separated by commas.
struct SizeList: ExpressibleByArgument {
  let bytes: [Int]

  init?(argument: String) {
    var bytes: [Int] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let units: [(Substring, Int)] = [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("", 1)]
      guard let (unit, factor) = units.first(where: { word.hasSuffix($0.0) }),
        let number = Int(word.dropLast(unit.count)), number >= 1, number <= (1 << 34) / factor
      else { return nil }
      bytes.append(number * factor)
    }
    self.bytes = bytes
  }
}
