#!/usr/bin/env bash
# mpi-run on this machine, from outside: what it builds and starts, how it ends, and what it answers to mistakes.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

mpi_run=$(program debug mpi-run)
hello=$(program debug hello)
export MPI_PKG_CONFIG=$SWIFT_MPI_PKG_CONFIG SWIFT_BACKTRACE=enable=no
here=$PWD

# start ARGUMENTS…: mpi-run with these, its standard output in `output`, its standard error in `errors`.
start() {
  status=0
  within 60 "$mpi_run" "$@" >output 2>errors || status=$?
}
complained() { grep -F -e "$1" errors >/dev/null; }
is() { [ "$1" = "$2" ]; }

# seconds COMMAND…: runs it; how long it took, in `took`.
seconds() {
  local begun=$SECONDS
  "$@"
  took=$((SECONDS - begun))
}

# ---- What is started -------------------------------------------------------------------------------------------------

cd "$SWIFT_MPI_ROOT"
within 120 "$mpi_run" -n 3 hello >"$here/output" 2>"$here/errors" </dev/null && status=0 || status=$?
cd "$here"
check "a product of the package is built and run" is "$status" 0
check "on as many ranks" printed "the ranks add up to 3"
check "with nothing of the build in its output" times_printed 1 "rank 0 of 3"

start -n 2 "$hello"
check "a program is run by its path" printed "the ranks add up to 1"
start "$hello"
check "without -n, there is a rank for each core" printed "rank 0 of $(cores)"

start --show -n 2 "$hello" -n 7 --help
check "--show prints the command and runs nothing" not_printed "rank 0"
# The path stands in quotes where it has a space.
check "with the arguments that are the program's" grep -E "/hello'? -n 7 --help\$" output
command=$("$mpi_run" --show -n 2 "$hello")
check "and the command does the same" eval "$command >output 2>&1 && printed 'the ranks add up to 1'"

# MPICH's launcher often does not notice the end of its input, and goes on.
limit=60
[ "$SWIFT_MPI_FAMILY" = openmpi ] || limit=3
echo "some input" | within "$limit" "$mpi_run" -n 2 cat >output 2>errors || true
check "standard input reaches rank 0" times_printed 1 "some input"
start -n 2 sh -c 'exit 7'
check "the exit status is the job's" is "$status" 7
check "a program without MPI is told" complained "not linked to an MPI"
# shellcheck disable=SC2016 # expanded by each rank's shell
start -n 2 -x GREETING='hello there' sh -c 'echo "<$GREETING>"'
check "-x sets a variable for all ranks" times_printed 2 "<hello there>"

start -n 2 --logs "logs of it" sh -c 'echo out; echo err >&2'
check "--logs writes a file for each rank" is "$(cat "logs of it"/rank.[01] | sort | tr '\n' ' ')" "err err out out "
check "and nothing elsewhere" [ ! -s output ]
start -n 2 --tag sh -c 'echo said'
check "--tag tells who says what" is "$(grep -c '[01].*said' output)" 2

# ---- How it ends -----------------------------------------------------------------------------------------------------

seconds start -n 2 --time-limit 1 sh -c 'exec sleep 77777'
check "a time limit ends the job with status 124" is "$status" 124
check "in time ($took s)" [ "$took" -lt 12 ]
check "and tells where rank 1 was" complained "rank 1 on $(uname -n): sleep, process"
nothing_left() { ! pgrep -f '^sleep 77777' >/dev/null; }
check "nothing is left of it" nothing_left

# interrupt SIGNAL OPTIONS…: starts a job in a process group of its own, as a terminal does, and signals the group.
interrupt() {
  local signal=$1 job
  shift
  set -m
  "$mpi_run" "$@" -n 2 sh -c 'touch "started.$$"; exec sleep 77777' >output 2>errors </dev/null &
  job=$!
  set +m
  both_have_started
  rm -f started.*
  kill -"$signal" -- "-$job"
  status=0
  wait "$job" || status=$?
}
seconds interrupt INT
ended() { [ "$status" != 0 ]; }
# MPICH's launcher itself may say 0 then.
if [ "$SWIFT_MPI_FAMILY" = mpich ]; then ended_alone() { true; }; else ended_alone() { ended; }; fi
check "Ctrl-C ends the job ($took s)" ended_alone
check "and all of it" nothing_left
seconds interrupt INT --time-limit 1000
check "the same with a time limit ($took s)" ended
check "and all of it" nothing_left
seconds interrupt TERM --time-limit 1000
check "so does SIGTERM ($took s)" ended
check "and all of it" nothing_left

# ---- Another MPI -----------------------------------------------------------------------------------------------------

other=mpich
[ "$SWIFT_MPI_FAMILY" = openmpi ] || other=openmpi
if have "mpicc.$other" && launcher_for "$other" >/dev/null; then
  cat >size.c <<'E_C'
#include <mpi.h>
#include <stdio.h>
int main(void) {
  int size;
  MPI_Init(NULL, NULL);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  printf("size %d\n", size);
  return MPI_Finalize();
}
E_C
  "mpicc.$other" size.c -o size
  start -n 2 ./size
  check "a program of the other MPI is started by its own launcher" times_printed 2 "size 2"
else
  say "not checked: a program of the other MPI ($other is not installed)"
fi

# What follows is the same for every MPI.
if [ "$SWIFT_MPI_BUILD" != "$SWIFT_MPI_ROOT/.build" ]; then
  finish_checks
  exit
fi

# ---- Mistakes --------------------------------------------------------------------------------------------------------

mistake() { # STATUS MESSAGE ARGUMENTS…
  local wanted=$1 message=$2
  shift 2
  start "$@"
  if [ "$status" = "$wanted" ] && complained "$message"; then
    pass "$message"
  else
    fail "mpi-run $*: exit status $status"
    sed 's/^/  | /' errors
  fi
}
mistake 1 "./nothing is not there" -n 2 ./nothing
mistake 1 "is not an executable file" -n 2 ./output
mistake 1 "there is no program no-such-product" -n 2 no-such-product
mistake 64 "at least one rank is needed" -n 0 "$hello"
mistake 64 "Name the program to run" -n 2
mistake 64 "not both" --hosts a --hostfile b "$hello"
mistake 1 'a cannot have "0" slots' --hosts a:0 "$hello"
mistake 1 "The host file nowhere cannot be read" --hostfile nowhere "$hello"
printf 'localhost slots=1\n' >hosts
mistake 1 "2 ranks need as many slots" --hostfile hosts -n 2 "$hello"
mistake 1 "this variable is not set here" --hostfile hosts -x NO_SUCH_VARIABLE -n 1 "$hello"
start --hostfile hosts --oversubscribe -n 2 "$hello"
check "--oversubscribe allows it" printed "the ranks add up to 1"

cd "$SWIFT_MPI_ROOT"
"$mpi_run" -n 2 --package-path "$SWIFT_MPI_ROOT" helo >"$here/output" 2>"$here/errors" </dev/null || true
cd "$here"
check "a product that is not there: those that are are named" grep -q 'the package has .*hello' errors

# ---- The doctor ------------------------------------------------------------------------------------------------------

start doctor "$hello"
check "the doctor finds this host fit" is "$status" 0
check "and says so" printed "a job can run"
start doctor --json "$hello"
check "also as JSON" grep -q '^{.*"ok":true.*}$' output

finish_checks
