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
  # Once, for the first MPI: mpi-run is built for it, which takes its time.
  if [ "$SWIFT_MPI_BUILD" = "$SWIFT_MPI_ROOT/.build" ]; then
    MPI_PKG_CONFIG=$SWIFT_MPI_PKG_CONFIG within 400 swift run mpi-run -n 3 greeter >output 2>run.log </dev/null || true
    check "mpi-run of this package starts its product" printed "the sum over 3 ranks is 6"

    # Through `swift run`, too, input, exit status and Ctrl-C are the job's.
    through() { within 60 swift run --skip-build mpi-run -n 2 "$@" >output 2>&1; }
    echo "some input" | through cat || true
    check "standard input reaches rank 0" times_printed 1 "some input"
    through sh -c 'exit 7' </dev/null && status=0 || status=$?
    check "the exit status is the job's" [ "$status" = 7 ]
    set -m
    swift run --skip-build mpi-run -n 2 sh -c 'touch "started.$$"; exec sleep 66666' >output 2>&1 </dev/null &
    job=$!
    set +m
    both_have_started
    kill -INT -- "-$job"
    status=0
    wait "$job" || status=$?
    ended() { [ "$status" != 0 ] && ! pgrep -f '^sleep 66666' >/dev/null; }
    check "Ctrl-C ends the job, and all of it" ended
  fi
else
  fail "swift build"
fi

finish_checks
