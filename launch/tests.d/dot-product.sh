#!/usr/bin/env bash
# The main job, seen from outside: its answers and files against NumPy's, and how it ends when something is wrong.
#
# What is checked is in dot-product.py, which needs a Python with NumPy; without one, only that the job agrees with its
# own independent computation.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

dot_product=$(program debug dot-product)
export MPI_TIMEOUT=60

for python in "$SWIFT_MPI_PYTHON" python3; do
  if [ -n "$python" ] && "$python" -c 'import numpy' 2>/dev/null; then
    exec "$python" -B "$SWIFT_MPI_ROOT/launch/tests.d/dot-product.py" "$dot_product"
  fi
done

say "there is no Python with NumPy: less is checked"
mkdir -p data
for ranks in 1 2 3 4 7; do
  for length in 0 1 3 7 1000 100003; do
    run "$ranks" "$dot_product" --length "$length" --write-inputs data --output data/p.npy --verify
    check "$length numbers on $ranks ranks" [ "$status" = 0 ]
    run "$ranks" "$dot_product" data/x.npy data/y.npy --output data/p.npy --verify --json
    check "$length numbers from files on $ranks ranks" [ "$status" = 0 ]
  done
done
finish_checks
