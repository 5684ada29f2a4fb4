#!/usr/bin/env bash
# Swift on half of the ranks and Python with mpi4py on the other half of one job: messages both ways and the same
# collectives, with every datatype. Skipped where mpi4py cannot be imported.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

[ -n "$SWIFT_MPI_PYTHON" ] || skip "there is no Python with mpi4py; launch/setup --test makes one"
"$SWIFT_MPI_PYTHON" -c 'import numpy; from mpi4py import MPI' >output 2>&1 </dev/null ||
  skip "mpi4py cannot be imported on $SWIFT_MPI_FAMILY: $(tail -n 1 output)"

peer=$(program debug peer)
export MPI_TIMEOUT=120 SWIFT_BACKTRACE=enable=no
# With -m mpi4py an exception on one rank ends the job.
python=("$SWIFT_MPI_PYTHON" -m mpi4py "$SWIFT_MPI_ROOT/Tests/Programs/Peer/peer.py")

agree() {
  local what=$1 ranks=$2
  shift 2
  run "$@"
  if [ "$status" = 0 ] && printed "results agree on $ranks ranks"; then
    pass "$what: $(grep -o '[0-9]* results agree.*' output)"
  else
    fail "$what: exit status $status"
  fi
}

agree "1 rank of Swift, 1 of Python" 2 1 "$peer" : -n 1 "${python[@]}"
agree "2 ranks of Swift, 2 of Python" 4 2 "$peer" : -n 2 "${python[@]}"

finish_checks
