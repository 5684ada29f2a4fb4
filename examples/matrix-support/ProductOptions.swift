public import ArgumentParser

/// What the programs with matrices take beside the matrices.
public struct ProductOptions: ParsableArguments {
  /// Which random numbers.
  @Option(help: ArgumentHelp("Which random numbers; the same for any number of ranks. (default: 0)", valueName: "s"))
  public var seed: UInt64?

  /// The type of random numbers.
  @Option(help: "The type of the random numbers. (default: double)")
  public var element: RandomElement?

  /// Where the product goes.
  @Option(
    help: ArgumentHelp("Write the product to this file.", valueName: "product.npy"),
    completion: .file(extensions: ["npy"]))
  public var output: String?

  /// Whether the product is checked.
  @Flag(help: "Check the product by an independent computation.")
  public var verify = false

  /// What is printed.
  @Flag(help: "Print one JSON object instead of text.")
  public var json = false

  /// How often the product is computed.
  @Option(
    name: .customLong("repeat"), help: ArgumentHelp("Compute so many times; the median counts.", valueName: "times"))
  public var repetitions = 1

  /// As the command line leaves them.
  public init() {}

  /// Whether there is one that only random matrices have.
  public var areOfRandomMatrices: Bool { seed != nil || element != nil }

  /// The type of random numbers that was asked for.
  public var elementType: any MatrixElement.Type { (element ?? .double).type }

  /// Throws for options that make no sense whatever the matrices are.
  public func validate() throws {
    guard repetitions >= 1 else { throw ValidationError("--repeat \(repetitions): at least once is needed.") }
  }
}
