#!/usr/bin/env bash
# Checked mode: each program of Tests/Programs/Mistakes must be told by a report that names the ranks and the lines, end
# with a status other than 0, and leave nothing behind; the correct ones must pass as if nothing was checked.
#
# The lines are those with the marks `// @case` in the sources. Mistakes that every rank can catch are made one after the
# other in one job. Most is run on 3 ranks, some also on 2 and 4; CHECK_RANKS="2 3 4" runs all on each of these.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

mistakes=$(program debug mistakes)
sources=$SWIFT_MPI_ROOT/Tests/Programs/Mistakes
export MPI_TIMEOUT=60 SWIFT_BACKTRACE=enable=no SWIFT_MPI_CHECK=1
export SWIFT_MPI_CHECK_TIMEOUT=20 SWIFT_MPI_CHECK_STALL=1
# The launchers' own files, apart from those of other jobs; the path of a socket in it must stay short.
sessions=$(mktemp -d)
trap 'rm -rf "$sessions"' EXIT
export OMPI_MCA_orte_tmpdir_base=$sessions PRTE_MCA_prte_tmpdir_base=$sessions
limit=45 # seconds that a job may take; the symbolizer is slow on a loaded machine

# The place of a mark, as a report says it: Kinds.swift:12.
place() { (cd "$sources" && grep -n "// @$1\$" ./*.swift | sed 's|^\./\([^:]*:[0-9]*\):.*|\1|'); }

# What a job may leave: processes, shared memory that no process uses, session folders of launchers that are gone. Other
# jobs of this user may be running.
leftovers() {
  local file process
  for file in /dev/shm/*; do
    case $file in */swift-mpi.[0-9]* | */vader_segment.* | */sm_segment.*) [ "$SWIFT_MPI_FAMILY" = openmpi ] || continue ;;
    */mpich_shm_*) continue ;; # MPICH 5.0 leaves it behind each job that is aborted, in C as well
    */mpich*) [ "$SWIFT_MPI_FAMILY" = mpich ] || continue ;;
    *) continue ;; esac
    if [ -O "$file" ] && ! grep -qsF "$file" /proc/[0-9]*/maps; then printf '%s\n' "$file"; fi
  done
  for file in "$sessions"/*/pid.*; do
    process=${file##*.}
    [ ! -O "$file" ] || kill -0 "$process" 2>/dev/null || printf '%s\n' "$file"
  done
  pgrep -u "$(id -u)" -f "^$mistakes " || true
}

# clean WHAT BEFORE: nothing is left behind but what was there before.
clean() {
  local left attempt
  # A launcher may still be sweeping up, another job's as well.
  for ((attempt = 0; attempt < 10; attempt++)); do
    left=$(leftovers | grep -vxF "$2" | tr '\n' ' ') || true
    [ -n "$left" ] || return 0
    sleep 0.5
  done
  fail "$1: left behind: $left"
}

# found RANKS CASE TEXT MARK…: the job must fail in time, say the text, and name the line of each mark.
found() {
  local ranks=$1 case=$2 text=$3 start=$SECONDS problem='' mark before
  shift 3
  before=$(leftovers) # of other jobs
  run "$ranks" "$mistakes" "$case"
  [ "$status" != 0 ] || problem="exit status 0"
  [ "$status" != 124 ] && [ $((SECONDS - start)) -lt "$limit" ] || problem="not ended within $limit s"
  printed "$text" || problem="'$text' is not printed"
  for mark in "$@"; do
    printed "at $(place "$mark")" || problem="$(place "$mark") is not named"
  done
  if [ -z "$problem" ]; then
    pass "$case on $ranks ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK"
  else
    fail "$case on $ranks ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK: $problem (exit status $status)"
  fi
  clean "$case on $ranks ranks" "$before"
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

# expected CASE: the text of its report, then the marks of the lines that it names.
expected() {
  case $1 in
  gathervlength) printf '%s\n' "rank 1 gives 3 elements to rank 0, which expects 2" "$1" ;;
  scattervlength) printf '%s\n' "rank 0 gives 2 elements to rank 1, which expects 3" "$1" ;;
  alltoallvlength | startblocks) printf '%s\n' "rank 1 gives 1 element to rank 0, which expects 2" "$1" ;;
  allgathervlength) printf '%s\n' "those of rank 0 and rank 1 differ: 2 and 1" "$1" ;;
  reducescattercounts) printf '%s\n' "those of rank 0 and rank 1 differ: 1 and 3" "$1" ;;
  allreduceop) printf '%s\n' "by .minimum" "$1" ;;
  closure) printf '%s\n' "by a commutative closure" "$1" "$1-odd" ;;
  commutative) printf '%s\n' "by a closure" "$1" ;;
  reduceop) printf '%s\n' "all ranks must give the same reduction" "$1" "$1-odd" ;;
  startop | startseveral | startgroup | starttested) printf '%s\n' "all ranks must give the same reduction" "$1" ;;
  bcasttype | allreducetype | structtype) printf '%s\n' "all ranks must give the same type of element" "$1" "$1-odd" ;;
  bcastroot) printf '%s\n' "all ranks must name the same root" "$1" "$1-odd" ;;
  *root | startpersistent) printf '%s\n' "all ranks must name the same root" "$1" ;;
  gridsize) printf '%s\n' "rank 1: cartesian of 1 × " "$1" ;;
  gridperiods) printf '%s\n' ", periodic along 0 on " "$1" ;;
  gridslice) printf '%s\n' "rank 1: slice keeping 1 on " "$1" ;;
  graphweights) printf '%s\n' "rank 1: graph from sources to destinations, with weights" "$1" ;;
  neighborlength | neighborpersistent) printf '%s\n' "rank 0 gives 2 elements to rank 1, which expects 3" "$1" ;;
  neighbormixed | mixed) printf '%s\n' "blocking, nonblocking and persistent collectives do not match each other" "$1" "$1-odd" ;;
  *-*) printf '%s\n' "must call the same collectives in the same order" "$1" "$1-odd" ;;
  *) printf '%s\n' "$many" "$1" ;;
  esac
}

# MPICH's errors/coll, and what that has not; then nonblocking ones.
blocking=(bcastlength gatherlength scatterlength allgatherlength alltoalllength reducelength allreducelength reduceop
  scanlength exscanlength reducescatterlength layouts gathervlength scattervlength alltoallvlength allgathervlength
  reducescattercounts allreduceop closure commutative bcasttype allreducetype structtype bcastroot gatherroot reduceroot
  scatterroot barrier-bcast barrier-allreduce bcast-reduce dup-barrier)
started=(startbcast startgather startscatter startallgather startalltoall startreduce startallreduce startop startroot
  startblocks mixed startseveral startgroup starttested startpersistent)
topologies=(gridsize gridperiods gridslice graphweights graph-grid neighbor-order neighborlength neighbormixed
  neighborpersistent)

# all_found RANKS CASE…: one job makes all these mistakes, catches each, and goes on.
all_found() {
  local ranks=$1 case problem before expectation i
  shift
  before=$(leftovers)
  run "$ranks" "$mistakes" "$@"
  mv output all
  for case in "$@"; do
    # Its report, up to the next one's.
    awk -v start="case $case: " '/^case / { on = index($0, start) == 1 } on' all >output
    problem=''
    mapfile -t expectation < <(expected "$case")
    printed "${expectation[0]}" || problem="'${expectation[0]}' is not printed"
    for ((i = 1; i < ${#expectation[@]}; i++)); do
      printed "at $(place "${expectation[i]}")" || problem="$(place "${expectation[i]}") is not named"
    done
    if [ -z "$problem" ]; then
      pass "$case on $ranks ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK"
    else
      cp all output
      fail "$case on $ranks ranks, SWIFT_MPI_CHECK=$SWIFT_MPI_CHECK: $problem"
    fi
  done
  mv all output
  check "all ranks go on after $1 and others on $ranks ranks" times_printed "$ranks" "all found"
  clean "$1 and others on $ranks ranks" "$before"
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
  for case in other order never-sent receive-barrier wrong-tag wait-any wait-collective; do
    found "$ranks" "$case" "error: deadlock" "$case" "$case-odd"
  done
  for case in send-send receive-receive alone; do found "$ranks" "$case" "rank 1: in " "$case"; done
  for case in receives sends persistent; do found "$ranks" "wait-$case" "rank 1: in wait for " "wait-$case"; done
  found "$ranks" wait-all "rank 1: in waitAll for 2 requests" wait-all
}

everything() {
  local ranks=$1
  all_found "$ranks" "${blocking[@]}"
  all_found "$ranks" "${started[@]}"
  all_found "$ranks" "${topologies[@]}"
  # Without a program that catches it.
  found "$ranks" bcastlength "$many" bcastlength
  found "$ranks" startbcast "$many" startbcast
  found "$ranks" mixed "do not match each other" mixed mixed-odd
  found "$ranks" startmissing "rank 1: finalised MPI" startmissing
  found "$ranks" neighbormissing "rank 1: finalised MPI" neighbormissing
  found "$ranks" subset "on last two of 2 ranks" subset
  missing "$ranks"
  deadlocks "$ranks"
  correct "$ranks" correct
  correct "$ranks" caught
  correct "$ranks" slow
  correct "$ranks" wait-slow
}

for ranks in ${CHECK_RANKS:-3}; do everything "$ranks"; done
if [ -z "${CHECK_RANKS:-}" ]; then
  all_found 2 "${blocking[@]}"
  all_found 2 "${started[@]}"
  all_found 4 "${started[@]}"
  found 2 send-send "rank 1: in " send-send
  found 2 exit0 "rank 1 called exit with status 0 without MPI_Finalize" exit0-odd
  found 4 order "error: deadlock" order order-odd
  found 4 wait-receives "rank 1: in wait for " wait-receives
  for ranks in 2 4; do correct "$ranks" correct; done
fi

# Between machines the same goes by messages; the counts of nonblocking blocks are not told there.
SWIFT_MPI_CHECK=messages
all_found 3 bcastlength allreducelength gatherlength alltoallvlength bcastroot barrier-bcast
all_found 3 startbcast startop mixed startseveral startgroup startpersistent
SWIFT_MPI_CHECK_TIMEOUT=3 found 3 loops "in Missing.spin()" loops
found 3 order "error: deadlock" order order-odd
correct 3 correct
correct 3 caught

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
