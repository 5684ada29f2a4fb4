#!/usr/bin/env bash
# Conjugate gradients, seen from outside: real systems against SciPy, and how the job ends when something is wrong.
#
# What is checked is in conjugate-gradient.py, which needs a Python with SciPy and PyAMG; launch/setup --test makes one.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

export MPI_TIMEOUT=60
for python in "$SWIFT_MPI_PYTHON" python3; do
  if [ -n "$python" ] && "$python" -W ignore -c 'import scipy, pyamg' 2>/dev/null; then
    solver=$(program debug conjugate-gradient)
    exec "$python" -B "$SWIFT_MPI_ROOT/launch/tests.d/conjugate-gradient.py" "$solver"
  fi
done
skip "there is no Python with SciPy and PyAMG"
