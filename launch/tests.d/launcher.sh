#!/usr/bin/env bash
# A program that another MPI's mpirun starts must stop and say why. Skipped where only one MPI is installed.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

faults=$(program debug faults)
export MPI_TIMEOUT=60 SWIFT_BACKTRACE=enable=no

run 2 "$faults" singleton
check "its own mpirun makes a world of 2" times_printed 2 "size 2"
"$faults" singleton >output 2>&1 || true
check "without mpirun it is a world of 1" times_printed 1 "size 1"

other=mpich
[ "$SWIFT_MPI_FAMILY" = openmpi ] || other=openmpi
foreign=$(launcher_for "$other") || skip "$other is not installed"

# The other launcher, with the libraries that this program was built with.
run_foreign() {
  status=0
  within "$MPI_TIMEOUT" "$foreign" -n 2 "$@" >output 2>&1 </dev/null || status=$?
}

run_foreign "$faults" singleton
if [ "$status" != 0 ] && [ "$status" != 124 ]; then pass "exit status $status"; else fail "exit status $status"; fi
check "nothing is computed" times_printed 0 "size"
check "the launcher is named" printed "started 2 processes"
check "the cure is named" printed "start it with"

SWIFT_MPI_ALLOW_SINGLETONS=1 run_foreign "$faults" singleton
if printed "ended this process"; then
  pass "the library itself does not run there (MPICH 5.0 under PMIx)"
else
  check "SWIFT_MPI_ALLOW_SINGLETONS=1 lets it pass" times_printed 2 "size 1"
fi

finish_checks
