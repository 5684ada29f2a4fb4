internal import ArgumentParser

/// How the product is built.
struct BuildOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "debug or release. (default: as mpi-run itself was built, or release)", valueName: "configuration"))
  var configuration: Configuration?

  @Option(help: ArgumentHelp("The package of the product. (default: that of this folder)", valueName: "folder"))
  var packagePath: String?

  @Option(
    help: ArgumentHelp("Where it is built. (default: where mpi-run itself was built, or .build)", valueName: "folder"))
  var scratchPath: String?

  @Flag(help: "Link the Swift runtime into the product, for hosts that have none.")
  var staticSwiftStdlib = false

  @Flag(help: "Take the product as it was built last.")
  var noBuild = false

  enum Configuration: String, ExpressibleByArgument, CaseIterable {
    case debug, release
  }
}
