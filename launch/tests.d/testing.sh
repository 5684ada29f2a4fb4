#!/usr/bin/env bash
# MPITesting as a user has it: Tests/SamplePackage, which depends on this package by URL. Its good tests pass, under
# `swift test` and by hand under mpirun; each of its broken ones is reported as it should be, and leaves nothing behind.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

# A user's machine: nothing of what the scripts of this folder set.
for variable in $(compgen -v | grep -E '^(OMPI|PRTE)_|^SWIFT_MPI_(LAUNCHER|STRICT)$'); do unset "$variable"; done

make_repository "$PWD/swift-mpi"
cp -R "$SWIFT_MPI_ROOT/Tests/SamplePackage" "a package"
cd "a package"
export SWIFT_MPI_URL="file://${PWD%/*}/swift-mpi" MPI_PKG_CONFIG=$SWIFT_MPI_PKG_CONFIG

# A hundred small tests on four numbers of ranks.
{
  printf 'import MPI\nimport MPITesting\nimport Testing\n\n@Suite(.ranks(1, 2, 3, 4)) struct HundredTests {\n'
  for ((i = 0; i < 100; i++)); do
    printf '  @Test func small%d() throws { #expect(try Communicator.world.allReduce(%d, .maximum) == %d) }\n' $i $i $i
  done
  printf '}\n'
} >Tests/SampleTests/HundredTests.swift

if ! swift build --build-tests >output 2>&1 </dev/null; then
  fail "the sample package builds"
  finish_checks
  exit 1
fi
pass "the sample package builds"

bundle=$(swift build --show-bin-path)/samplePackageTests.xctest

# test_sample PATTERN: `swift test`, its output in the file `output`.
test_sample() {
  status=0
  within 600 swift test --skip-build --disable-xctest --filter "$1" >output 2>&1 </dev/null || status=$?
}

# What jobs leave: processes of this bundle, and folders and segments of shared memory that were not there before and
# that no job of somebody else's uses.
left_overs() {
  pgrep -f "$bundle" || true
  find /dev/shm "${TMPDIR:-/tmp}" -maxdepth 1 -user "$(id -un)" -newer start \( -name 'swift-mpi-tests.*' \
    -o -name 'vader_segment.*' -o -name 'mpich_shar_tmp*' -o -name 'ucx_shm_posix_*' \) 2>/dev/null |
    while read -r path; do grep -l -F -e "$path" /proc/[0-9]*/maps >/dev/null 2>&1 || say "$path"; done
  pgrep 'mpirun|mpiexec' >/dev/null ||
    find "${TMPDIR:-/tmp}" -maxdepth 2 -user "$(id -un)" -newer start \
      \( -path '*/ompi.*/*' -o -name 'prte*' \) 2>/dev/null
}
nothing_is_left() {
  local i
  for ((i = 0; i < 50; i++)); do
    [ -n "$(left_overs)" ] || return 0
    sleep 0.1
  done
  left_overs >output
  return 1
}

touch start
sleep 1.1 # for file systems that count seconds
test_sample 'SampleTests\.SampleTests|withoutRanks'
check "the sample's tests pass" [ "$status" = 0 ]
check "a known issue on some ranks is known here" printed "knownIssues() passed"
check "and named with its rank" printed "rank 1 of 2: Expectation failed"
check "nothing is left of them" nothing_is_left

before=$SECONDS
test_sample HundredTests
check "100 tests on 4 numbers of ranks pass" [ "$status" = 0 ]
say "        $((SECONDS - before)) s"

# By hand, with what a user would have to set.
(
  mpi_settings
  run 2 "$bundle" --testing-library swift-testing --no-parallel --filter 'SampleTests\.SampleTests'
  [ "$status" = 0 ]
) && by_hand=0 || by_hand=1
check "the same tests run in place under mpirun" [ "$by_hand" = 0 ]

# ---- Broken tests --------------------------------------------------------------------------------------------------

# The file and the number of the line in it that has a text.
line() { grep -n -F -e "$2" "Tests/BrokenTests/$1.swift" | sed "s/^\([0-9]*\):.*/$1.swift:\1/;q"; }

# reported TEST TEXT…: the issues of a test have each of the texts.
reported() {
  local test=$1 text
  shift
  awk -v test="$test(" '
    / recorded an? (issue|warning|known issue)/ { on = index($0, " Test " test) > 0 }
    / (started\.|(passed|failed) after .*)$/ { on = 0 }
    on' log >output
  for text in "$@"; do
    if ! printed "$text"; then
      fail "$test: the report lacks: $text"
      return
    fi
  done
  pass "$test is reported"
}

touch start
sleep 1.1
test_sample BrokenTests
mv output log
check "broken tests fail the run" [ "$status" != 0 ]

reported failsOnSome "$(line FailingTests 'func failsOnSome')" "ranks 1–3 of 4" "rank 3: Expectation failed: (world.rank → 3) == 0" \
  "only rank 0 should be here"
reported failsOnAll "all 2 ranks: Expectation failed: (world.size → 2) == 17" "all 3 ranks: Expectation failed"
reported differs "ranks 2, 3 of 4" "rank 2: Expectation failed: (world.rank.index * world.rank.index → 4) < 2"
reported requires "rank 1 of 3: Expectation failed: (world.rank → 1) != 1"
reported requiresTogether "$(line FailingTests 'requireOnAllRanks(')" "does not hold on rank 1 of 3"
check "a requirement on all ranks ends the test on all" not_printed "no rank may come here"
reported sameEverywhere "the ranks differ" "ranks 0, 1 of 3: 0" "rank 2 of 3: 1"
reported cases "argument number → 2" "all 3 ranks: Expectation failed: (number → 2) == 1"
reported strayMessage "rank 1 of 2: a message of 16 bytes from rank 0 with tag 7 was never received"
reported drawsAndFails "come again with SWIFT_MPI_TESTING_SEED="
mv log output
check "what ranks print is shown with the rank" printed "[1 of 2] this is printed"
mv output log

reported throwsOnOne "rank 1 of 3: Caught error: Refused()" "ranks 0, 2 of 3 still wait" "ranks 0, 2: in barrier on world, at DyingTests.swift:16" \
  "rank 1: has left the test by an error"
reported crashes "rank 2 of 3 crashed with signal" "$(line DyingTests 'print(nothing')" "Fatal error: Index out of range" \
  "ranks 0, 1: in barrier on world"
reported segmentationFault "rank 1 of 3 crashed with signal 11 (SIGSEGV), at $(line DyingTests 'pointee = 1')" "ranks 0, 2: in barrier"
reported exits "rank 1 of 3 called exit(3)" "ranks 0, 2: in barrier on world"
reported exitsInSilence "rank 0 of 3 called exit(0)" "ranks 1, 2: in barrier on world"
reported isKilled "rank 2 of 3 vanished" "ranks 0, 1: in barrier on world"
reported aborts "rank 1 of 2 ended the job"
reported killsTheLauncher "was ended by signal 9 (SIGKILL)"
reported theNextRuns "all 2 ranks: Expectation failed: (world.size → 2) == 3"

reported receivesFromNobody "rank 0 of 2 still waits" "in receive of 1 Int from rank 1 with tag 0 on world, at $(line HangingTests 'receive(Int.self')"
reported sendsToEachOther "deadlock" "rank 0: in send of 1000000 Double to rank 1 with tag 0 on world, at $(line HangingTests 'send(values')"
reported doesNotTakePart "ranks 0, 2 of 3 still wait" "in barrier on world, at $(line HangingTests 'rank != 1')" "rank 1: has ended the test"
reported loops "not ended on all of 3 ranks after 3 s" "ranks 0, 2: in barrier" "rank 1: outside MPI, at $(line HangingTests 'usleep')"
reported isStopped "not ended on all of 3 ranks after 3 s" "rank 1: stopped"
reported mismatchedCollectives "all 3 ranks: Caught error" "ranks 0, 1: barrier on world" \
  "rank 2: allReduce of 1 Int by .sum on world, at $(line HangingTests 'allReduce(1')"
reported mismatchedRoots "ranks 0, 2: broadcast of 3 Int from rank 0 on world" "rank 1: broadcast of 3 Int from rank 1" "all ranks must name the same root"
reported waitsForNobody "deadlock" \
  "rank 0: in wait for startReceive of 1 Int from rank 1 with tag 3 on world, at $(line HangingTests 'tag: 3')"
reported groupWaitsForNobody "deadlock" "rank 1: in waitAll for 2 requests" "at $(line HangingTests 'group.waitAll')"
reported mismatchedStarts "ranks 0, 2: startBroadcast of 3 Int from rank 0 on world" \
  "rank 1: startBroadcast of 3 Int from rank 1" "all ranks must name the same root" "MPI cannot go on"
check "nothing is left of broken tests" nothing_is_left

# ---- Ends from outside ---------------------------------------------------------------------------------------------

# ended_by SIGNAL WHOM: a run that hangs is ended by a signal to its group, or to the runner alone.
ended_by() {
  local runner i
  touch start
  sleep 1.1
  set -m
  swift test --skip-build --disable-xctest --filter BrokenTests.HangingTests.receivesFromNobody >output 2>&1 </dev/null &
  set +m
  for ((i = 0; i < 300; i++)); do
    runner=$(pgrep -f "$bundle" | wc -l)
    [ "$runner" -lt 3 ] || break
    sleep 0.1
  done
  sleep 1
  case $2 in
  group) kill "-$1" -- "-$!" ;;
  runner) kill "-$1" "$(pgrep -o -f "$bundle")" ;;
  esac
  wait $! 2>/dev/null || true
  nothing_is_left
}

check "Ctrl-C on swift test leaves nothing" ended_by INT group
check "SIGTERM to the runner leaves nothing" ended_by TERM runner
check "SIGKILL to the runner leaves nothing" ended_by KILL runner

finish_checks
