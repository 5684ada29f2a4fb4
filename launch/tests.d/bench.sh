#!/usr/bin/env bash
# mpi-bench: every benchmark runs and computes the same in Swift and in C, its reports can be read, nothing is allocated
# that C does not allocate too, and no call takes more instructions above C than its bound. No time is judged.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

bench=$(program release mpi-bench)
export MPI_TIMEOUT=60
python=${SWIFT_MPI_PYTHON:-$(command -v python3 || true)}

# What was printed is one JSON object, of which the expression holds.
holds() {
  grep '^{' output >json || return 1
  [ -n "$python" ] || return 0
  "$python" -c '
import json, sys
report = json.load(open("json"))
rows = report.get("rows", [])
names = {row["benchmark"] for row in rows}
sys.exit(not ('"$1"'))'
}

tiny=(--iterations 2 --batches 2 --warm-up 0)

for ranks in 1 2 3; do
  run "$ranks" "$bench" "${tiny[@]}" --sizes 8 --json
  if [ "$status" = 0 ] && holds 'report["ranks"] == '"$ranks"' and len(rows) > 60 and ("latency" in names) == ('"$ranks"' > 1)'; then
    pass "every benchmark on $ranks ranks"
  else
    fail "every benchmark on $ranks ranks: exit status $status"
  fi
done
# Messages that MPI sends in another way, and the engine for what is awaited.
run 2 "$bench" "${tiny[@]}" --sizes 65536 --element float --progress engine --json
check "every benchmark of float" holds 'report["element"] == "float" and len(rows) > 60'
for element in int64 byte; do
  run 2 "$bench" reduction "${tiny[@]}" --sizes 24 --element "$element" --json
  check "reductions of $element" holds 'report["element"] == "'"$element"'" and "reduction" in names'
done

run 2 "$bench" latency all-reduce "${tiny[@]}" --sizes 8,1Ki --csv --plot picture.svg
check "values separated by commas" [ "$status" = 0 ]
check "a line for each size and form" [ "$(grep -c -E '^(latency|all-reduce),' output)" = 16 ]
check "a picture" grep -q '</svg>' picture.svg

run 2 "$bench" overlap start-latency object-latency "${tiny[@]}" --sizes 4096 --self-check --tolerance 1e9
check "C against itself" [ "$status" = 0 ]
check "tables" printed "95 % interval"
check "what was hidden" printed "Swift hidden"

if [ -n "$SWIFT_MPI_PYTHON" ]; then
  run 2 "$bench" latency all-reduce "${tiny[@]}" --door span --sizes 8 --against mpi4py --json
  check "against mpi4py" holds 'all(row["mpi4py"]["seconds"] > 0 for row in rows)'
fi

# MPI itself allocates now and then, in both halves.
run 2 "$bench" latency bandwidth start-latency broadcast reduce all-reduce scan all-gather "${tiny[@]}" --sizes 8 \
  --allocations 2000 --json
if [ "$status" = 0 ] && printed '"allocations": null'; then
  say "allocations cannot be counted here"
else
  check "no allocation that C does not make" holds \
    'rows and all(row["allocations"]["swift"] - row["allocations"]["c"] < 0.01 for row in rows)'
fi

run 2 "$bench" object-latency --sizes 8 --door "" --batches 12 --iterations 20 --tolerance 0
check "a tolerance that is exceeded fails" [ "$status" = 1 ]

run 1 "$bench" --list
check "a list" printed "multi-latency"
run 1 "$bench" latency
check "too few ranks are told" printed "mpirun -n 2"
run 2 "$bench" nonsense
check "a wrong name is told once" times_printed 1 "There is no benchmark nonsense"

status=0
"$bench" startup --jobs 1 --json >output 2>&1 || status=$?
check "whole jobs are timed" holds 'len(report["stages"]) == 5 and all(s["swiftSeconds"] > 0 for s in report["stages"])'

if have valgrind; then
  status=0
  "$bench" instructions --calls 100 >output 2>&1 || status=$?
  while IFS= read -r line; do pass "within its bound: $line"; done < <(grep -E ' [0-9]+ +[0-9.-]+ +[0-9.-]+$' output)
  check "instructions within their bounds" [ "$status" = 0 ]
else
  say "valgrind is not installed, launch/setup --test installs it: no instruction is counted"
fi

finish_checks
