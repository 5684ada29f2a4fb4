#!/usr/bin/env bash
# The hosts themselves, and programs on three of them: right answers, through the network.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/checks.bash
. "$(dirname -- "$0")/../lib/checks.bash"

# ---- The hosts -------------------------------------------------------------------------------------------------------

testbed up 3 >output
names() { for host in $(testbed hosts); do testbed exec "$1" ssh "$host" hostname; done | tr '\n' ' '; }
for host in node1 node3; do
  check "ssh goes from $host to every host" [ "$(names "$host")" = "node1 node2 node3 " ]
done
check "the hosts are idle" hosts_are_idle

# beside WHAT …: a command of another testbed.
beside() { TESTBED=$TESTBED-beside testbed "$@"; }
beside up 2 >output
check "a second testbed has hosts of the same names" [ "$(beside exec node1 ssh node2 hostname)" = node2 ]
check "which are others" fails beside exec node1 ssh node3 hostname 2>/dev/null
beside down
check "and leave the first alone" [ "$(names node1)" = "node1 node2 node3 " ]
TESTBED=$TESTBED-beside timeout 0.3 "$SWIFT_MPI_ROOT/launch/testbed/testbed" up 100 >output 2>&1 || true
for _ in $(seq 50); do # the kernel takes its time
  pgrep -f "swift-mpi-$TESTBED-beside" >/dev/null || break
  sleep 0.1
done
check "of an interrupted one, no process is left" fails pgrep -f "swift-mpi-$TESTBED-beside"
check "and no file" [ -z "$(compgen -G "${TMPDIR:-/tmp}/swift-mpi-$TESTBED-beside*")" ]

hello=$(portable_program hello)
dot_product=$(portable_program dot-product)
for host in $(testbed hosts); do testbed hide "$host" "$(swift_libraries)"; done
check "there is no Swift on the hosts" fails testbed exec node2 test -e "$(swift_libraries)"

run 6 "$hello"
check "hello ends well" [ "$status" = 0 ]
check "its ranks add up" printed "the ranks add up to 15"
for rank in 0 1 2 3 4 5; do
  check "rank $rank is where the host file says" printed "rank $rank of 6 on node$((rank / 2 + 1))"
done

# ---- Products --------------------------------------------------------------------------------------------------------

# moved LEAST WHAT: whether each host has sent so many bytes since `mark`.
mark() { for host in $(testbed hosts); do sent_by "$host"; done >before.sent; }
moved() {
  local least=$1 sent host
  for host in $(testbed hosts); do
    read -r sent
    [ $(($(sent_by "$host") - sent)) -ge "$least" ] || return 1
  done <before.sent
}

# Each rank reads its part of a shared file, and only partial sums travel.
mark
run 6 "$dot_product" --length 100003 --write-inputs . --output p.npy --verify
check "a dot product of generated numbers" [ "$status" = 0 ]
check "is verified on the hosts" printed "checked:"
run 6 "$dot_product" x.npy y.npy --output products.npy --verify --json
check "a dot product of files" [ "$status" = 0 ]
check "with all six ranks" printed '"ranks"'
check "writes the same products again" cmp p.npy products.npy
check "each host has sent its part of it" moved 2000

if has_product matrix-product; then
  matrix_product=$(portable_program matrix-product)
  mark
  run 6 "$matrix_product" --rows 240 --inner 250 --columns 260 --verify
  check "a matrix product" [ "$status" = 0 ]
  check "is verified" printed "checked"
  check "each host has sent its part of it" moved 50000
fi

# ---- Tests of the binding --------------------------------------------------------------------------------------------

# In place, one rank on each host; the test program is the dynamic one, which needs its Swift.
for host in $(testbed hosts); do testbed mend "$host"; done
tests=$SWIFT_MPI_BUILD/debug/swift-mpiPackageTests.xctest
if [ ! -x "$tests" ] && [ "$quick" = no ]; then swift_build --build-tests >build.log 2>&1 || fail "the tests are built"; fi
filter='AllGatherTests|AllToAllTests|BroadcastTests|GatherTests|ScatterTests|ReductionTests'
# Half of the time, and no other messages.
skipped=
[ "$quick" = no ] || skipped=integersOfEveryWidth
case $SWIFT_MPI_FAMILY in
openmpi) spread=(--map-by node) ;;
*) spread=(-ppn 1) ;;
esac
mark
run 3 "${spread[@]}" "$tests" --testing-library swift-testing --no-parallel --filter "$filter" \
  ${skipped:+--skip "$skipped"}
check "the tests of the collectives on three hosts" [ "$status" = 0 ]
[ "$status" = 0 ] || cp output collectives.output
passes() { [ "$(grep -Ec 'Test run with [0-9]+ tests.* passed' output)" = 3 ]; }
check "pass on every rank" passes
check "through the network" moved 100000

check "nothing is left on the hosts" become_idle 5
finish_checks
