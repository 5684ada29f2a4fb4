# shellcheck shell=bash
# What the scripts of ../tests.d share, on top of launch/tests.d/checks.bash. Source it. `run N PROGRAM …` starts a job
# on the testbed's hosts, from node1.

# shellcheck source-path=SCRIPTDIR source=../../tests.d/checks.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/../../tests.d/checks.bash"

testbed() { "$SWIFT_MPI_ROOT/launch/testbed/testbed" "$@"; }

export TESTBED_LAUNCHER=$SWIFT_MPI_LAUNCHER
export SWIFT_MPI_LAUNCHER=$SWIFT_MPI_ROOT/launch/testbed/mpirun
export MPI_TIMEOUT=${MPI_TIMEOUT:-60} SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=no}
# shellcheck disable=SC2034 # for the scripts
quick=${TESTBED_QUICK:-no}

# portable_program NAME: builds an executable and prints the path of a copy of it, in the folder `bin` here, beside the
# libraries of Swift that it needs: hosts that have no Swift can run it. (--static-swift-stdlib does this without the
# libraries, but compiles everything anew, in a scratch folder of its own.)
portable_program() {
  local built
  built=$(program debug "$1")
  mkdir -p bin
  cp "$built" bin/
  ldd "$built" | awk -v folder="$(swift_libraries)/" 'index($3, folder) == 1 { print $3 }' | xargs -r cp -t bin
  printf '%s\n' "$PWD/bin/$1"
}

has_product() { [ -d "$SWIFT_MPI_ROOT/examples/$1" ]; }

# Where the toolchain has the libraries of Swift.
swift_libraries() { printf "%s\n" "$(dirname "$(dirname "$(command -v swift)")")/lib/swift/linux"; }

fails() { ! "$@"; }

# The bytes that HOST has sent so far.
sent_by() { testbed counters | sed -n "s/^$1 sent=\([0-9]*\) .*/\1/p"; }

# Whether nothing runs on any host.
hosts_are_idle() { [ -z "$(testbed processes)" ]; }

# become_idle SECONDS: waits until nothing runs on any host.
become_idle() {
  local end=$((SECONDS + $1))
  until hosts_are_idle; do
    if [ "$SECONDS" -ge "$end" ]; then
      testbed processes
      return 1
    fi
    sleep 0.2
  done
}
