#!/usr/bin/env bash
# Heat over a plate, seen from outside: every bit against NumPy's, the picture, and how it ends when something is wrong.
#
# What is checked is in heat.py, which needs a Python with NumPy; without one, only that the job agrees with its own
# computation on one rank.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

heat=$(program debug heat)
export MPI_TIMEOUT=60

for python in "$SWIFT_MPI_PYTHON" python3; do
  if [ -n "$python" ] && "$python" -c 'import numpy' 2>/dev/null; then
    exec "$python" -B "$SWIFT_MPI_ROOT/launch/tests.d/heat.py" "$heat"
  fi
done

say "there is no Python with NumPy: less is checked"
for ranks in 1 2 3 4 7; do
  for boundary in fixed periodic; do
    run "$ranks" "$heat" --rows 5 --columns 33 --steps 20 --boundary "$boundary" --output end.npy --verify
    check "a $boundary plate on $ranks ranks" [ "$status" = 0 ]
    run "$ranks" "$heat" --initial end.npy --steps 20 --boundary "$boundary" --image end.png --verify --json
    check "a $boundary plate from a file on $ranks ranks" [ "$status" = 0 ]
  done
done
finish_checks
