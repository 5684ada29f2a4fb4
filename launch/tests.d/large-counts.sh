#!/usr/bin/env bash
# Every operation with more than 2^31-1 values. Takes minutes and about 12 GB: only with SWIFT_MPI_TEST_LARGE=1.
# LARGE_PARTS="blocking started prepared awaited trees": only these parts of it.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

if [ "${SWIFT_MPI_TEST_LARGE:-0}" != 1 ]; then
  say "skipped: SWIFT_MPI_TEST_LARGE=1 runs the operations with more than 2^31-1 values"
  exit 0
fi
swift_build -c release --product large-counts
program=$(swift_build -c release --show-bin-path)/large-counts
status=0
parts=${LARGE_PARTS:-blocking started prepared awaited trees}
steps=0
on_two=''
for part in $parts; do
  case $part in
  blocking) steps=$((steps + 15)) ;;
  started) steps=$((steps + 10)) ;;
  prepared) steps=$((steps + 5)) ;;
  awaited) steps=$((steps + 5)) ;;
  trees) steps=$((steps + 4)) ;;
  *) die "large-counts.sh has no part '$part'" ;;
  esac
  [ "$part" = trees ] || on_two="$on_two $part"
done
export MPI_TIMEOUT=${LARGE_TIMEOUT:-1500}
: >output
# shellcheck disable=SC2086 # words
[ -z "$on_two" ] || mpi_run 2 "$program" $on_two | tee output || status=1
case " $parts " in *' trees '*) mpi_run 4 "$program" trees | tee -a output || status=1 ;; esac
passed=$(grep -c '^passed: ' output) || true
failed=$((steps - passed))
[ "$failed" != 0 ] || [ "$status" = 0 ] || failed=1
say "$passed passed, $failed failed"
[ "$failed" = 0 ]
