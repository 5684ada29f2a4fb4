# shellcheck shell=bash
# What the scripts of tests.d share: counting checks, and running a program to look at how it ends. Source it.

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck disable=SC2119
[ -n "${SWIFT_MPI_BUILD:-}" ] || mpi_use

checks_passed=0
checks_failed=0

# One check: `pass WHAT` or `fail WHAT`; fail shows the last output.
pass() {
  checks_passed=$((checks_passed + 1))
  say "passed: $*"
}
fail() {
  checks_failed=$((checks_failed + 1))
  say "FAILED: $*"
  [ ! -s output ] || tail -n 30 output | sed 's/^/  | /'
}

# check WHAT COMMAND…: passed if the command succeeds.
check() {
  local what=$1
  shift
  if "$@"; then pass "$what"; else fail "$what"; fi
}

# The last line of a script, as launch/test reads it.
finish_checks() {
  say "$checks_passed passed, $checks_failed failed"
  [ "$checks_failed" = 0 ]
}

skip() {
  say "skipped: $*"
  say "$checks_passed passed, $checks_failed failed"
  exit 0
}

# program CONFIGURATION NAME: builds an executable of this package, unless all of them have been built in that
# configuration for these tests (SWIFT_MPI_BUILT), and prints its path.
program() {
  if [ "${SWIFT_MPI_BUILT:-}" != "$1" ] || [ ! -x "$SWIFT_MPI_BUILD/$1/$2" ]; then
    swift_build -c "$1" --product "$2" >build.log 2>&1 || {
      tail -n 30 build.log >&2
      die "$2 was not built"
    }
  fi
  printf '%s/%s\n' "$(CDPATH='' cd -- "$SWIFT_MPI_BUILD/$1" && pwd -P)" "$2"
}

# both_have_started: waits until two ranks have made a file `started.…` in this folder, 20 seconds at most.
both_have_started() {
  for _ in $(seq 200); do
    [ "$(find . -name 'started.*' | wc -l)" -lt 2 ] || break
    sleep 0.1
  done
}

# make_repository FOLDER [NAME…]: the package in the working tree, with these other folders of it, as a repository with
# the branch `main` and the version 1.0.0.
make_repository() {
  local folder=$1
  shift
  mkdir -p "$folder"
  tar -cf - -C "$SWIFT_MPI_ROOT" Package.swift Sources Tests examples "$@" | tar -xf - -C "$folder"
  local git=(git -C "$folder" -c user.name=test -c user.email=test@localhost -c init.defaultBranch=main
    -c commit.gpgsign=false -c tag.gpgsign=false)
  {
    "${git[@]}" init
    "${git[@]}" add -A
    "${git[@]}" commit -m "A version"
    "${git[@]}" tag 1.0.0
  } >git.log 2>&1
}

# run N PROGRAM …: the job's output, standard error included, in the file `output`, its status in `status`.
status=0
run() {
  status=0
  mpi_run "$@" >output 2>&1 </dev/null || status=$?
}

printed() { grep -F -e "$1" output >/dev/null; }
not_printed() { ! printed "$1"; }
times_printed() { [ "$(grep -o -F -e "$2" output | wc -l)" -eq "$1" ]; } # MPICH runs lines together
