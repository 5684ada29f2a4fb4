#!/usr/bin/env bash
# How a job ends when a rank fails, and what misuse is answered: programs of Tests/Programs/Faults, seen from outside.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

faults=$(program debug faults)
export MPI_TIMEOUT=60 SWIFT_BACKTRACE=enable=no

# Seconds that the job took from the moment of the failure to its end; 2 is the promise, 10 allows for a loaded machine.
ended_promptly() {
  local begun seconds
  begun=$(sed -n 's/.*failing at \([0-9.]*\).*/\1/p' output | sort -n | head -n 1)
  seconds=$("$faults" clock | awk -v begun="${begun:-0}" '{ printf "%.2f", $1 - begun }')
  say "        ended ${seconds} s after the failure"
  awk -v seconds="$seconds" 'BEGIN { exit !(seconds < 10) }'
}

# fails CASE RANKS RANK MESSAGE: the job must end soon, with this rank's error on the screen.
fails() {
  run "$2" "$faults" "$1"
  if ended_promptly && [ "$status" != 0 ] && [ "$status" != 124 ] && printed "error: rank $3 of $2: $4" &&
    ! printed "not reached"; then
    pass "$1 on $2 ranks: rank $3 is named, exit status $status"
  else
    fail "$1 on $2 ranks: exit status $status"
  fi
}

fails throw 2 1 "the input has no data"
fails throw 4 1 "the input has no data"
fails throw-root 3 0 "the input has no data"
fails throw-all 2 0 "the input has no data"
fails throw-receive 2 1 "the input has no data"
fails throw-async 2 1 "the input has no data"
fails mpi-error 2 1 "MPI_Send on rank 1 of 2"
SWIFT_MPI_CHECK_TIMEOUT=2 fails mpi-error-past-receive 2 1 "MPI_Send on rank 1 of 2"
SWIFT_MPI_CHECK_TIMEOUT=2 fails error-past-receive 2 1 "the input has no data"
fails agree 4 1 "the input has no data"
check "an error that all agreed on is printed once" times_printed 1 "error:"

# refused CASE: every rank must say that all calls were refused as they should be.
refused() {
  run 2 "$faults" "$1"
  if [ "$status" = 0 ] && times_printed 2 ok; then pass "$1"; else fail "$1: exit status $status"; fi
}

for case in before after again thread late-deinit late-request thread-deinit; do refused "$case"; done

SWIFT_MPI_CHECK_TIMEOUT=3 refused throw-past-receive
check "an error that a receive keeps in its scope is told" printed \
  "warning: rank 0 of 2: a request that is not complete keeps this error in its scope: the input has no data"
SWIFT_MPI_CHECK_TIMEOUT=1 refused forgotten-receive
check "who waits at the end of a forgotten receive says so" printed "warning: rank 0 waits for a request"

finish_checks
