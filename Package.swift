// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// The folders with the pkg-config files of a system, after those that `PKG_CONFIG_PATH` names.
let packageFolders =
  Context.environment["PKG_CONFIG_PATH", default: ""].split(separator: ":").map(String.init) + [
    "/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig", "/usr/lib/x86_64-linux-gnu/pkgconfig",
    "/usr/lib/aarch64-linux-gnu/pkgconfig", "/usr/lib64/pkgconfig", "/usr/lib/pkgconfig", "/usr/share/pkgconfig",
    "/opt/homebrew/lib/pkgconfig", "/usr/lib64/openmpi/lib/pkgconfig", "/usr/lib64/mpich/lib/pkgconfig",
    "/opt/homebrew/opt/openblas/lib/pkgconfig",
  ]

/// The name of a library's pkg-config file: what a variable of the environment says, else the first that there is.
func library(chosenBy variable: String, from candidates: [String]) -> String {
  if let chosen = Context.environment[variable], !chosen.isEmpty { return chosen }
  return candidates.first { name in
    packageFolders.contains { FileManager.default.fileExists(atPath: "\($0)/\(name).pc") }
  } ?? candidates[0]
}

/// The MPI to build against: the only place where an MPI is chosen.
///
/// `MPI_PKG_CONFIG=mpich swift build` names one. Without it: Debian's default (`mpi-c`), Open MPI, MPICH, whichever is
/// found first.
let mpiLibrary = library(chosenBy: "MPI_PKG_CONFIG", from: ["mpi-c", "ompi-c", "mpich"])

/// The BLAS for products of matrices; `BLAS_PKG_CONFIG=blas swift build` names another one, with its `cblas.h`.
let blasLibrary = library(
  chosenBy: "BLAS_PKG_CONFIG", from: ["openblas", "blas-openblas", "flexiblas", "cblas", "blas"])

/// Whether to leave out all that needs another Swift package, for machines that cannot fetch one:
/// `SWIFT_MPI_CORE_ONLY=1 swift build` makes the product `MPI` and the small examples of nothing but this repository.
let isCoreOnly = Context.environment["SWIFT_MPI_CORE_ONLY"] == "1"

/// Settings of every Swift target.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
  name: "swift-mpi",
  platforms: [.macOS("26.0")],
  products: [
    .library(name: "MPI", targets: ["MPI"]),
    .library(name: "MPITesting", targets: ["MPITesting"]),
    .executable(name: "hello", targets: ["hello"]),
    .executable(name: "ring", targets: ["ring"]),
  ],
  targets: [
    .systemLibrary(
      name: "CMPILibrary", pkgConfig: mpiLibrary,
      providers: [.apt(["libopenmpi-dev"]), .yum(["openmpi-devel"]), .brew(["open-mpi"])]),
    .target(name: "CMPI", dependencies: ["CMPILibrary"]),
    .target(name: "MPI", dependencies: ["CMPI"]),
    .target(name: "MPILaunching"),
    .target(name: "CMPITesting"),
    .target(name: "MPITesting", dependencies: ["MPI", "MPILaunching", "CMPITesting"]),
    .executableTarget(name: "hello", dependencies: ["MPI"], path: "examples/hello"),
    .executableTarget(name: "ring", dependencies: ["MPI"], path: "examples/ring"),
  ],
  swiftLanguageModes: [.v6]
)

if !isCoreOnly {
  let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
  let complexModule = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")
  let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

  package.dependencies += [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ]
  package.products += [
    .library(name: "MPIComplex", targets: ["MPIComplex"]),
    .library(name: "DistributedArrays", targets: ["DistributedArrays"]),
    .executable(name: "dot-product", targets: ["dot-product"]),
    .executable(name: "matrix-product", targets: ["matrix-product"]),
    .executable(name: "matrix-vector", targets: ["matrix-vector"]),
    .executable(name: "mpi-bench", targets: ["mpi-bench"]),
    .executable(name: "mpi-run", targets: ["mpi-run"]),
    .executable(name: "heat", targets: ["heat"]),
    .executable(name: "conjugate-gradient", targets: ["conjugate-gradient"]),
  ]
  package.targets += [
    .target(name: "MPIComplex", dependencies: ["MPI", complexModule, realModule]),
    .systemLibrary(
      name: "CBLASLibrary", pkgConfig: blasLibrary,
      providers: [.apt(["libopenblas-dev"]), .yum(["openblas-devel"]), .brew(["openblas"])]),
    .target(name: "CBLAS", dependencies: ["CBLASLibrary"]),
    .target(name: "CBinnedSum"),
    .target(
      name: "DistributedArrays", dependencies: ["CBinnedSum", "CBLAS", "MPI", "MPIComplex", complexModule, realModule]),
    .target(name: "ExampleSupport", dependencies: ["MPI", argumentParser], path: "examples/support"),
    .executableTarget(
      name: "dot-product",
      dependencies: ["MPI", "MPIComplex", "DistributedArrays", "ExampleSupport", argumentParser, complexModule],
      path: "examples/dot-product"),
    .target(
      name: "MatrixExampleSupport",
      dependencies: [
        "MPI", "MPIComplex", "DistributedArrays", "ExampleSupport", argumentParser, complexModule, realModule,
      ],
      path: "examples/matrix-support"),
    .executableTarget(
      name: "matrix-vector",
      dependencies: [
        "MPI", "MPIComplex", "DistributedArrays", "ExampleSupport", "MatrixExampleSupport", argumentParser,
        complexModule,
      ],
      path: "examples/matrix-vector"),
    .executableTarget(
      name: "matrix-product",
      dependencies: [
        "MPI", "MPIComplex", "DistributedArrays", "ExampleSupport", "MatrixExampleSupport", argumentParser,
        complexModule,
      ],
      path: "examples/matrix-product"),
    .target(name: "CMPIBench", dependencies: ["CMPILibrary"]),
    .target(name: "MPIBenchmarking"),
    .executableTarget(
      name: "mpi-bench",
      dependencies: ["MPI", "MPILaunching", "MPIBenchmarking", "CMPIBench", "ExampleSupport", argumentParser]),
    .executableTarget(name: "mpi-run", dependencies: ["MPILaunching", argumentParser]),
    .executableTarget(
      name: "heat", dependencies: ["MPI", "DistributedArrays", "ExampleSupport", argumentParser],
      path: "examples/heat"),
    .executableTarget(
      name: "conjugate-gradient", dependencies: ["MPI", "DistributedArrays", "ExampleSupport", argumentParser],
      path: "examples/conjugate-gradient"),
    .executableTarget(name: "faults", dependencies: ["MPI"], path: "Tests/Programs/Faults"),
    .executableTarget(name: "mistakes", dependencies: ["MPI"], path: "Tests/Programs/Mistakes"),
    .executableTarget(name: "awaiting", dependencies: ["MPI"], path: "Tests/Programs/Awaiting"),
    .executableTarget(name: "large-counts", dependencies: ["MPI"], path: "Tests/Programs/LargeCounts"),
    .executableTarget(
      name: "peer", dependencies: ["MPI", "MPIComplex", complexModule, realModule], path: "Tests/Programs/Peer",
      exclude: ["peer.py"]),
    .target(name: "CArraySpeed", dependencies: ["CMPILibrary"], path: "Tests/Programs/CArraySpeed"),
    .executableTarget(
      name: "array-speed", dependencies: ["CArraySpeed", "DistributedArrays", "MPI"], path: "Tests/Programs/ArraySpeed"),
    .target(name: "TestSupport", dependencies: ["MPI", "MPITesting"], path: "Tests/TestSupport"),
    .testTarget(name: "MPILaunchingTests", dependencies: ["MPILaunching"]),
    .testTarget(name: "MPIBenchmarkingTests", dependencies: ["MPIBenchmarking"]),
    .testTarget(name: "MPITestingTests", dependencies: ["MPI", "MPITesting"]),
    .testTarget(name: "MPITests", dependencies: ["MPI", "MPIComplex", "MPITesting", "TestSupport", complexModule]),
    .testTarget(
      name: "DistributedArraysTests",
      dependencies: ["DistributedArrays", "MPI", "MPITesting", "TestSupport", complexModule]),
  ]
}

// Warnings are errors where this repository itself is tested, not where it is depended on.
let strictness: [SwiftSetting] =
  Context.environment["SWIFT_MPI_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : []

for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings + strictness
}
