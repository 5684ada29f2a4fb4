#!/usr/bin/env bash
# mpi-run across three hosts: the answer, the network, the doctor, and programs that are copied to hosts without them.
#
# shellcheck disable=SC2016 # expanded by each rank's shell
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/checks.bash
. "$(dirname -- "$0")/../lib/checks.bash"

mpi_run=$(program debug mpi-run)
hello=$(portable_program hello)
unset SWIFT_MPI_LAUNCHER
hostfile=$SWIFT_MPI_ROOT/launch/hosts/hostfile

testbed up 3 >output

# node1 ARGUMENTS…: mpi-run on node1; its status in `status`, what it printed in `output`.
node1() {
  status=0
  within 100 "$SWIFT_MPI_ROOT/launch/testbed/testbed" exec node1 "$mpi_run" "$@" >output 2>&1 </dev/null || status=$?
}

node1 doctor --hostfile "$hostfile" "$hello"
check "the doctor finds three hosts fit" [ "$status" = 0 ]
check "and their common network" printed "eth0 10.77.0.3/24"

before=$(sent_by node3)
node1 --hostfile "$hostfile" "$hello"
check "a job on the hosts of a file" [ "$status" = 0 ]
check "has a rank for each slot" printed "the ranks add up to 15"
for host in node1 node2 node3; do check "two ranks are on $host" times_printed 2 "on $host"; done
check "they talked over the network" [ "$(sent_by node3)" -gt "$((before + 2000))" ]

node1 --hosts node2:1,node3:1 -x GREETING=hello sh -c 'echo "$GREETING from $(uname -n)"'
check "a job on other hosts only, with a variable" printed "hello from node3"
OMP_NUM_THREADS=3 node1 --hosts node2:1,node3:1 sh -c 'echo "threads $OMP_NUM_THREADS"'
check "what steers the ranks' libraries goes with them" times_printed 2 "threads 3"
node1 --hosts node2:1,node3:1 --logs "$PWD/logs" "$hello"
check "a file of each rank's output" grep -q "rank 1 of 2 on node3" logs/rank.0
node1 --hosts node2:1,node3:1 sh -c 'exit 9'
check "the exit status crosses hosts" [ "$status" = 9 ]

# What follows is the same for every MPI: in the quick part, once.
if [ "$quick" = yes ] && [ "$SWIFT_MPI_BUILD" != "$SWIFT_MPI_ROOT/.build" ]; then
  check "nothing is left on the hosts" become_idle 5
  finish_checks
  exit
fi

# ---- Copies ----------------------------------------------------------------------------------------------------------

# A program that needs the libraries of Swift, on hosts that have neither.
mkdir alone
cp "$SWIFT_MPI_BUILD/debug/hello" alone/
for host in node2 node3; do
  testbed hide "$host" "$(swift_libraries)"
  testbed private "$host" "$PWD/alone"
  testbed exec "$host" rm alone/hello
done
node1 --hostfile "$hostfile" "$PWD/alone/hello"
check "a program that is not on the hosts is not started" [ "$status" != 0 ]
check "node2 is named" printed "node2: program:"
check "and the cure" printed "mpi-run deploy --hosts node2 $PWD/alone/hello"
node1 deploy --hostfile "$hostfile" "$PWD/alone/hello"
check "deploy copies it" [ "$status" = 0 ]
check "and compares the copies" times_printed 2 "checksums right"
check "with the Swift runtime" testbed exec node2 test -s alone/libswiftCore.so
node1 --hostfile "$hostfile" "$PWD/alone/hello"
check "then it runs" printed "the ranks add up to 15"
node1 deploy --hostfile "$hostfile" "$PWD/alone/hello"
check "nothing is copied twice" times_printed 2 "has it already"
testbed exec node3 sh -c 'echo >>alone/hello'
node1 deploy --hosts node2,node3,nowhere "$PWD/alone/hello"
check "a copy that has changed is copied again" printed "node3: copied"
check "a host that is not there fails" [ "$status" = 1 ]
check "and is named" printed "nowhere: FAILED: the name leads nowhere"

check "nothing is left on the hosts" become_idle 5
finish_checks
