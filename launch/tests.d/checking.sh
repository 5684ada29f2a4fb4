#!/usr/bin/env bash
# Checked mode: each program of Tests/Programs/Mistakes must be told by a report that names the ranks and the lines, end
# with a status other than 0, and leave nothing behind; the correct ones must pass as if nothing was checked.
#
# The lines are those with the marks `// @case` in the sources. On 2, 3 and 4 ranks; CHECK_RANKS="2 4" chooses others.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

mistakes=$(program debug mistakes)
sources=$SWIFT_MPI_ROOT/Tests/Programs/Mistakes
export MPI_TIMEOUT=60 SWIFT_BACKTRACE=enable=no SWIFT_MPI_CHECK=1
export SWIFT_MPI_CHECK_TIMEOUT=20 SWIFT_MPI_CHECK_STALL=2
limit=45 # seconds that a job may take; the symbolizer is slow on a loaded machine

# The place of a mark, as a report says it: Kinds.swift:12.
place() { (cd "$sources" && grep -n "// @$1\$" ./*.swift | sed 's|^\./\([^:]*:[0-9]*\):.*|\1|'); }

# What a job may leave: processes, shared memory that no process uses, session folders of launchers that are gone. Other
# jobs of this user may be running.
leftovers() {
  local file process
  for file in /dev/shm/*; do
    case $file in */swift-mpi.[0-9]* | */vader_segment.* | */sm_segment.*) [ "$SWIFT_MPI_FAMILY" = openmpi ] || continue ;;
    */mpich*) [ "$SWIFT_MPI_FAMILY" = mpich ] || continue ;;
    *) continue ;; esac
    if [ -O "$file" ] && ! grep -qsF "$file" /proc/[0-9]*/maps; then printf '%s\n' "$file"; fi
  done
  for file in "${TMPDIR:-/tmp}"/ompi.*/pid.*; do
    process=${file##*.}
    [ ! -O "$file" ] || kill -0 "$process" 2>/dev/null || printf '%s\n' "$file"
  done
  pgrep -u "$(id -u)" -f "^$mistakes " || true
}

# found RANKS CASE TEXT MARK…: the job must fail in time, say the text, and name the line of each mark.
found() {
  local ranks=$1 case=$2 text=$3 start=$SECONDS problem='' mark left before attempt
  shift 3
  before=$(leftovers) # of other jobs
  run "$ranks" "$mistakes" "$case"
  [ "$status" != 0 ] || problem="exit status 0"
  [ "$status" != 124 ] && [ $((SECONDS - start)) -lt "$limit" ] || problem="not ended within $limit s"
  printed "$text" || problem="'$text' is not printed"
  for mark in "$@"; do
    printed "at $(place "$mark")" || problem="$(place "$mark") is not named"
  done
  # A launcher may still be sweeping up, another job's as well.
  for ((attempt = 0; attempt < 10; attempt++)); do
    left=$(leftovers | grep -vxF "$before" | tr '\n' ' ') || true
    [ -n "$left" ] || break
    sleep 0.5
  done
  [ -z "$left" ] || problem="left behind: $left"
  if [ -z "$problem" ]; then
    pass "$case on $ranks ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK"
  else
    fail "$case on $ranks ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK: $problem (exit status $status)"
  fi
}

# correct RANKS CASE: the job must say ok on every rank, and nothing else.
correct() {
  run "$1" "$mistakes" "$2"
  if [ "$status" = 0 ] && times_printed "$1" ok && ! printed error; then
    pass "$2 on $1 ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK"
  else
    fail "$2 on $1 ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK: exit status $status"
  fi
}

many="all ranks must give as many values"
mismatches() {
  local ranks=$1 case
  # MPICH's errors/coll, blocking.
  for case in bcastlength gatherlength scatterlength allgatherlength alltoalllength reducelength allreducelength; do
    found "$ranks" "$case" "$many" "$case"
  done
  found "$ranks" reduceop "all ranks must give the same reduction" reduceop reduceop-odd
  # Those that it has not.
  for case in scanlength exscanlength reducescatterlength layouts; do found "$ranks" "$case" "$many" "$case"; done
  found "$ranks" gathervlength "rank 1 gives 3 elements to rank 0, which expects 2" gathervlength
  found "$ranks" scattervlength "rank 0 gives 2 elements to rank 1, which expects 3" scattervlength
  found "$ranks" alltoallvlength "rank 1 gives 1 element to rank 0, which expects 2" alltoallvlength
  found "$ranks" allgathervlength "those of rank 0 and rank 1 differ: 2 and 1" allgathervlength
  found "$ranks" reducescattercounts "those of rank 0 and rank 1 differ: 1 and 3" reducescattercounts
  found "$ranks" allreduceop "by .minimum" allreduceop
  found "$ranks" closure "by a commutative closure" closure closure-odd
  found "$ranks" commutative "by a closure" commutative
  for case in bcasttype allreducetype structtype; do
    found "$ranks" "$case" "all ranks must give the same type of element" "$case" "$case-odd"
  done
  found "$ranks" bcastroot "all ranks must name the same root" bcastroot bcastroot-odd
  for case in gatherroot reduceroot scatterroot; do
    found "$ranks" "$case" "all ranks must name the same root" "$case"
  done
  for case in barrier-bcast barrier-allreduce bcast-reduce dup-barrier; do
    found "$ranks" "$case" "must call the same collectives in the same order" "$case" "$case-odd"
  done
  found "$ranks" subset "on last two of 2 ranks" subset
}

missing() {
  local ranks=$1
  found "$ranks" finalizes "rank 1: finalised MPI" finalizes
  # The compiler names no line for some instructions of a loop.
  SWIFT_MPI_CHECK_TIMEOUT=3 found "$ranks" loops "in Missing.spin()" loops
  SWIFT_MPI_CHECK_TIMEOUT=3 found "$ranks" sleeps "rank 1: outside MPI" sleeps sleeps-odd
  found "$ranks" throws "rank 1 of $ranks: the input has no data"
  found "$ranks" exit7 "rank 1 called exit with status 7 without MPI_Finalize" exit7-odd
  found "$ranks" exit0 "rank 1 called exit with status 0 without MPI_Finalize" exit0-odd
}

deadlocks() {
  local ranks=$1 case
  for case in other order never-sent receive-barrier wrong-tag; do
    found "$ranks" "$case" "error: deadlock" "$case" "$case-odd"
  done
  for case in send-send receive-receive alone; do found "$ranks" "$case" "rank 1: in " "$case"; done
}

for ranks in ${CHECK_RANKS:-2 3 4}; do
  mismatches "$ranks"
  missing "$ranks"
  deadlocks "$ranks"
  for SWIFT_MPI_CHECK in 1 messages; do
    correct "$ranks" correct
    correct "$ranks" caught
    correct "$ranks" slow
  done
  SWIFT_MPI_CHECK=1
done

# Between machines the same goes by messages.
SWIFT_MPI_CHECK=messages
for case in bcastlength allreducelength gatherlength; do found 3 "$case" "$many" "$case"; done
found 3 alltoallvlength "rank 1 gives 1 element to rank 0, which expects 2" alltoallvlength
found 3 bcastroot "all ranks must name the same root" bcastroot bcastroot-odd
found 3 barrier-bcast "must call the same collectives in the same order" barrier-bcast barrier-bcast-odd
SWIFT_MPI_CHECK_TIMEOUT=3 found 3 loops "in Missing.spin()" loops
found 3 order "error: deadlock" order order-odd

# Without the check, the board is written all the same, and read from outside.
unset SWIFT_MPI_CHECK
export SWIFT_MPI_BOARD=$PWD/board
rm -f "$SWIFT_MPI_BOARD"
(MPI_TIMEOUT=20 mpi_run 2 "$mistakes" loops >job.output 2>&1 </dev/null || true) &
for ((attempt = 0; attempt < 100; attempt++)); do
  "$mistakes" observe "$SWIFT_MPI_BOARD" 2 >output 2>&1 || true
  if printed "in barrier" && printed "in Missing.spin()"; then break; fi
  sleep 0.1
done
check "the board of a running job names the function of a rank that computes" printed "in Missing.spin()"
check "the board of a running job names the call of the other" printed "rank 0: in barrier on world for"
wait
"$mistakes" observe "$SWIFT_MPI_BOARD" 2 >output 2>&1 || true
check "the board of a job that was ended says so" printed "rank 0: ended without a word"
run 2 "$mistakes" correct
"$mistakes" observe "$SWIFT_MPI_BOARD" 2 >output 2>&1 || true
check "the board of a job that passed says so" times_printed 2 "called exit with status 0 after MPI_Finalize"
unset SWIFT_MPI_BOARD

finish_checks
