#!/usr/bin/env bash
# A package that depends on this one by URL and says `import MPI` builds with a plain `swift build` and runs.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

has_no_unsafe_flags() { ! grep -n unsafeFlags "$SWIFT_MPI_ROOT/Package.swift"; }
check "no unsafeFlags in Package.swift" has_no_unsafe_flags

repository="$PWD/a place/swift-mpi"
make_repository "$repository"
mkdir -p "user of it/Sources/greeter"
cd "user of it"
cat >Package.swift <<EOF_MANIFEST
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "greeter",
  dependencies: [.package(url: "file://$repository", from: "1.0.0")],
  targets: [.executableTarget(name: "greeter", dependencies: [.product(name: "MPI", package: "swift-mpi")])]
)
EOF_MANIFEST
cat >Sources/greeter/main.swift <<'EOF_MAIN'
import MPI

try withMPI { world in
  let sum = try world.allReduce(world.rank.index + 1, .sum)
  if world.isRoot { print("the sum over \(world.size) ranks is \(sum)") }
}
EOF_MAIN

if MPI_PKG_CONFIG=$SWIFT_MPI_PKG_CONFIG swift build >output 2>&1 </dev/null; then
  pass "swift build"
  run 2 .build/debug/greeter
  check "it runs on 2 ranks" printed "the sum over 2 ranks is 3"
else
  fail "swift build"
fi

finish_checks
