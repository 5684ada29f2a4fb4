// swift-tools-version: 6.2
// A package as a user has it: it depends on swift-mpi by URL, and tests with MPITesting. launch/tests.d/testing.sh runs it.
import PackageDescription

let package = Package(
  name: "sample",
  dependencies: [
    .package(url: Context.environment["SWIFT_MPI_URL"] ?? "https://github.com/OWNER/swift-mpi", branch: "main")
  ],
  targets: [
    .testTarget(
      name: "SampleTests",
      dependencies: [.product(name: "MPI", package: "swift-mpi"), .product(name: "MPITesting", package: "swift-mpi")]),
    .testTarget(
      name: "BrokenTests",
      dependencies: [.product(name: "MPI", package: "swift-mpi"), .product(name: "MPITesting", package: "swift-mpi")]),
  ]
)
