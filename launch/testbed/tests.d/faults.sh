#!/usr/bin/env bash
# What goes wrong across hosts: what `mpi-run doctor` says of it before the start, and how a job that mpi-run started
# ends when it happens during the run. Writes a row for each to faults.table: see the tables of launch/hosts/README.md.
#
#   FAULTS_LAUNCHER=MPIRUN    another launcher of the family, as that of Open MPI 5 for a program built with 4
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/checks.bash
. "$(dirname -- "$0")/../lib/checks.bash"

mpi_run=$(program debug mpi-run)
hello=$(portable_program hello)
work=$(portable_program dot-product)
mkdir alone
cp "$SWIFT_MPI_BUILD/debug/hello" alone/
dynamic=$PWD/alone/hello
unset SWIFT_MPI_LAUNCHER
if [ -n "${FAULTS_LAUNCHER:-}" ]; then export SWIFT_MPI_LAUNCHER=$FAULTS_LAUNCHER TESTBED_LAUNCHER=$FAULTS_LAUNCHER; fi

testbed up 3 >output
hosts=node1:2,node2:2,node3:2

# node1 ARGUMENTS…: mpi-run on node1; its status in `status`, what it said in `output`, the seconds in `took`.
now() { date +%s.%N; }
since() { awk -v now="$(now)" -v start="$1" 'BEGIN { printf "%.1f", now - start }'; }
node1() {
  local start
  start=$(now)
  status=0
  within 100 "$SWIFT_MPI_ROOT/launch/testbed/testbed" exec node1 "$mpi_run" "$@" >output 2>&1 </dev/null || status=$?
  took=$(since "$start")
}
less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }
row() { printf '| %s | %s | %s | %s s |\n' "$1" "$2" "$status" "$took" >>faults.table; }

# ---- Before the start ------------------------------------------------------------------------------------------------

# told FAULT HOST MESSAGE PROGRAM [OPTIONS…]: the doctor must name the host and the cause, in less than 10 s.
told() {
  local fault=$1 host=$2 message=$3 program=$4 line
  shift 4
  node1 doctor --hosts "$hosts" "$@" "$program"
  line=$(grep -a -F "FAILED  $host: " output | grep -F -e "$message" | head -n 1) || line=
  if [ "$status" = 1 ] && [ -n "$line" ] && less "$took" 10; then
    pass "$fault: $line ($took s)"
  else
    fail "$fault: status $status, $took s"
  fi
  row "$fault" "\`${line#FAILED  }\`"
}
mend() { for host in $(testbed hosts); do testbed mend "$host"; done; }

if [ "$quick" = yes ] && [ "$SWIFT_MPI_BUILD" != "$SWIFT_MPI_ROOT/.build" ]; then quick=least; fi
node1 doctor --hosts "$hosts" "$hello"
check "without faults, the doctor has nothing to say ($took s)" [ "$status" = 0 ]

# The doctor is the same for every MPI: of the quick part, once.
if [ "$quick" != least ]; then
  hosts=node1:2,nowhere:2 told "a name that leads nowhere" nowhere "the name leads nowhere" "$hello"
fi
if [ "$quick" = no ]; then
  testbed private node3 "$PWD/bin"
  testbed exec node3 sh -c "echo >>bin/hello"
  told "another build" node3 "is another build there" "$hello"
  mend
  testbed sshd node3 stop
  told "no sshd" node3 "nothing listens to ssh" "$hello"
  mend
  testbed sshd node3 hang
  told "an sshd that hangs" node3 "no answer within" "$hello"
  mend
  testbed link node3 down
  told "a cut link" node3 "no answer within" "$hello"
  mend
  told "no key of ours there" node3 "it asks for a password" "$hello" --ssh-args "-o PubkeyAuthentication=no"
  told "a key that is not known" node3 "its key is not known" "$hello" --ssh-args "-o GlobalKnownHostsFile=/dev/null"
  testbed hide node3 "$hello"
  told "no program" node3 "is not there; mpi-run deploy" "$hello"
  mend
  testbed hide node3 "$(swift_libraries)"
  told "no Swift runtime" node3 "the Swift runtime is not there" "$dynamic"
  mend
  launcher=$(readlink -f "$TESTBED_LAUNCHER")
  testbed private node3 "$(dirname "$launcher")"
  # shellcheck disable=SC2016 # expanded by the host's shell
  testbed exec node3 bash -c '
    rm "$0"
    printf "#!/bin/sh\necho \"mpirun (Open MPI) 4.1.8\"\n" >"$0"
    chmod +x "$0"' "$launcher"
  told "another MPI" node3 "it has Open MPI 4.1.8" "$hello"
  mend
  testbed firewall node3
  told "a firewall between hosts" node3 "cannot open TCP connections to it" "$hello"
  mend
  testbed full node3 /run/tmp
  told "a full disk" node3 "nothing can be written to /run/tmp" "$hello"
  mend
  told "too few slots" node1 "7 ranks need as many slots" "$hello" -n 7
fi

# A job is not even started.
testbed sshd node3 stop
node1 --hosts "$hosts" "$hello"
check "mpi-run does not start a job that cannot run ($took s)" printed "mpi-run: node3: ssh: nothing listens"
check "and says so with its status" [ "$status" = 1 ]
check "with one line for the host" times_printed 1 "node3:"
mend
node1 --hosts "$hosts" -n 7 "$hello"
check "too few slots ($took s)" printed "7 ranks need as many slots, and node1:2,node2:2,node3:2 has 6"
row "too few slots (mpi-run)" "\`$(head -n 1 output)\`"

# ---- Networks that lead nowhere --------------------------------------------------------------------------------------

for host in $(testbed hosts); do testbed network "$host" docker0 172.17.0.1/16; done
node1 --hosts "$hosts" "$hello"
check "the same docker0 on every host: the job runs ($took s)" printed "the ranks add up to 15"
row "docker0 with one address on every host" "the job runs, over the common network"
mend
if [ "$quick" = no ]; then
  for k in 1 2 3; do testbed network "node$k" second "10.99.0.$k/24"; done
  node1 --hosts "$hosts" "$hello"
  check "a second network that is not connected: the job runs ($took s)" printed "the ranks add up to 15"
  row "a second network that is not connected" "the job runs, over the network that the names lead to"
  mend
fi

# ---- During the run --------------------------------------------------------------------------------------------------

# broken FAULT COMMAND…: a job that would run for long, and this command in its midst. It must end within 30 s, with a
# status that is not 0, and leave nothing on any host.
work_on() { testbed processes | grep -c 'dot-produc[t] --length 1000' || true; }
broken() {
  local fault=$1 job start line
  shift
  "$SWIFT_MPI_ROOT/launch/testbed/testbed" exec node1 "$mpi_run" ${limit:+--time-limit "$limit"} --hosts "$hosts" \
    "$work" --length 1000 --repeat 100000000 >output 2>&1 </dev/null &
  job=$!
  for _ in $(seq 300); do
    [ "$(work_on)" -lt 6 ] || break
    sleep 0.1
  done
  sleep "$settle"
  start=$(now)
  "$@"
  status=0
  wait "$job" 2>/dev/null || status=$?
  took=$(since "$start")
  line=$(grep -a -E 'mpi-run:|lost communication|exited on signal|RUNNING AT|ended by' output | head -n 1) ||
    line=$(grep -a -m 1 '[[:alnum:]]' output) || line=
  if [ "$status" != 0 ] && less "$took" 30; then
    pass "$fault: status $status, $took s: $line"
  else
    fail "$fault: status $status, $took s"
  fi
  [ -n "$limit" ] || row "$fault" "${line:+\`$line\`}"
  [ "$mended" = no ] || mend
  check "$fault: nothing is left on any host" become_idle "$patience"
}

# on HOST NAME: kills a process there, by the name of its program.
kill_on() { testbed exec "$1" pkill -KILL -o "$2" || say "     there is no $2 on $1"; }
case $SWIFT_MPI_FAMILY in
openmpi) daemon='^(orted|prted)$' launcher='^(mpirun|prterun|orterun)' ;;
mpich) daemon='^hydra_pmi_proxy' launcher='^mpi(run|exec)' ;;
esac

mended=yes patience=45 settle=1 limit=
broken "the link of a host is cut" testbed link node3 down
mended=no patience=10
if [ "$quick" = no ]; then
  limit=1 broken "the time limit is over" true
  broken "a rank is killed" kill_on node3 '^dot-product'
  broken "a daemon is killed" kill_on node3 "$daemon"
  # Before mpi-run has asked each host for its daemon, and after.
  settle=0 broken "a daemon is killed at once" kill_on node3 "$daemon"
  settle=3 broken "a daemon is killed later" kill_on node3 "$daemon"
  broken "the launcher is killed" kill_on node1 "$launcher"
  interrupt() { testbed exec node1 pkill -INT -o "$1"; }
  broken "the launcher is interrupted" interrupt "$launcher"
  # Where it is a parent.
  if [ "$SWIFT_MPI_FAMILY" = mpich ] || [ -n "${FAULTS_LAUNCHER:-}" ]; then
    broken "mpi-run is killed" kill_on node1 '^mpi-run$'
  fi
  broken "a host loses its power" testbed crash node3
fi

sed 's/^/     /' faults.table
finish_checks
