#!/usr/bin/env bash
# Products of matrices, seen from outside: against NumPy's, from files of every type and order, and with every mistake.
#
# What is checked is in matrix-product.py, which needs a Python with NumPy; without one, only that the job agrees with its
# own independent computation.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

matrix_product=$(program debug matrix-product)
matrix_vector=$(program debug matrix-vector)
export MPI_TIMEOUT=60

for python in "$SWIFT_MPI_PYTHON" python3; do
  if [ -n "$python" ] && "$python" -c 'import numpy' 2>/dev/null; then
    exec "$python" -B "$SWIFT_MPI_ROOT/launch/tests.d/matrix-product.py" "$matrix_product" "$matrix_vector"
  fi
done

say "there is no Python with NumPy: less is checked"
mkdir -p data
for ranks in 1 2 3 4; do
  run "$ranks" "$matrix_product" --rows 50 --inner 60 --columns 70 --write-inputs data --output data/C.npy --verify
  check "random matrices on $ranks ranks" [ "$status" = 0 ]
  run "$ranks" "$matrix_product" data/A.npy data/B.npy --output data/C.npy --verify --json
  check "matrices from files on $ranks ranks" [ "$status" = 0 ]
  run "$ranks" "$matrix_vector" --rows 50 --columns 60 --verify
  check "a vector on $ranks ranks" [ "$status" = 0 ]
done
finish_checks
